"""What a campaign says: marks, placeholders, and what an SMS of it costs."""
