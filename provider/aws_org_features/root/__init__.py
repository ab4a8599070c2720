"""The policy types of the root: looks, enables one, records, tells, and undoes what was done."""
