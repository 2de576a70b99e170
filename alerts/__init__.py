"""Calls for help: cases, triage, escalation, the roster and the words around them."""
