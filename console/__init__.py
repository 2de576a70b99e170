"""Pages for the public and for staff, and the health of the platform."""
