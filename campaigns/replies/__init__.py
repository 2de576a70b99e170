"""What comes back from people: pressed buttons, answers, words of posters."""
