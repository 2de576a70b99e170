"""Who saw or did what: lines that are only ever added, each bound to the one before it."""
