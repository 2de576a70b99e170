"""Drills: calls for help that are played, marked as such everywhere, and measured step by step."""
