"""What the institute says of itself on public pages, each version of it, and who wrote it."""
