"""What arrives: stored first, then processed; what a machine cannot use waits for a person."""
