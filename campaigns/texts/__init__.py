"""What staff say in the place of the bot's own words, once a second person has approved it."""
