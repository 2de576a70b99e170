"""Who is meant: the language, saved audiences, SQL and counting."""
