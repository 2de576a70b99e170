"""Pages of one person: found by exactly what is known, shown, and done right by."""
