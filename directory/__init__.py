"""Emergency contacts and, later, programmes and the fraud registry, each with its source."""
