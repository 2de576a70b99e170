"""When a campaign leaves, and when each of its rows is due."""
