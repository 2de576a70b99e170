"""Pages of the audit: who saw or did what, and the proof that nothing of it was changed."""
