"""What every package may lean on: the clock, ids, errors, encryption, the port for jobs."""
