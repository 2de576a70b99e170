"""What makes things happen on time: the job queue and the clock with its ticks."""
