"""Composition root: settings, wiring, the command line and the process roles."""
