"""The people of a case: who they are, what may be told to whom, and which cases are one."""
