"""Pages of the team: who works here, with which role, and how each is woken."""
