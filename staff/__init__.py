"""People who work here: roles and what each may do, how to reach them, and the audit."""
