"""The watch over the platform itself: canaries, what stands still, and who is told of it."""
