"""What makes a campaign stop by itself: a bad first group, a sender out of order."""
