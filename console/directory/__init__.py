"""Pages of the emergency contacts: which number is true, and who has called it."""
