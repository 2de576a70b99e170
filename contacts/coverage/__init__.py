"""How many people of the target population are subscribed and attended: targets, counts, cells."""
