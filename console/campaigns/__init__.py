"""Pages of campaigns: the list and the calendar, one campaign on its way, and what became of it."""
