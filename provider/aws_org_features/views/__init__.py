"""What people read: status, plan, report, approval kit, IAM policies. Built here, drawn elsewhere."""
