"""People we can write to: their addresses, consent, places, languages and their import."""
