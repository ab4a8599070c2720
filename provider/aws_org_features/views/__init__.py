"""Views for people: status, plan, report, approval kit, IAM policies. Built here, drawn elsewhere."""
