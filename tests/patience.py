"""How long tests wait for what has to come."""

PATIENCE = 30.0
"""Seconds. Nothing is measured by it: on a busy machine everything takes its time, and only what
never comes takes as long."""
