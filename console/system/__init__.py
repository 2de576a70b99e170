"""The page of the system: whether everything goes, and what stands still."""
