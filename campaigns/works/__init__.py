"""Long work that somebody asked for and that goes on without them: files of contacts."""
