"""Why something waits for a person."""

DO_NOT_WRITE = "do_not_write"
"""The words say that writing back may expose the person: to be read, and not answered here."""
