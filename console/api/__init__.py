"""The JSON API under `/api/v1`: campaigns, audiences, contacts and imports for other programs."""
