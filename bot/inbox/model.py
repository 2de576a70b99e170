"""Why something waits for a person, and what is tried once more."""

from datetime import timedelta

DO_NOT_WRITE = "do_not_write"
"""The words say that writing back may expose the person: to be read, and not answered here."""

TRIED_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60))
"""After these an arrival is tried once more that was left to people since its process was killed: a
machine in trouble is a likelier cause than the arrival, and it may be a call for help."""
