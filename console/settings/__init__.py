"""What an administrator may set, and what the environment has set."""
