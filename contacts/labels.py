"""How a tag is written; a saved audience is named in the same form."""

import re

LONGEST = 40
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)


def read_label(written: str) -> str | None:
    """A label in the form in which it is kept, or None when it is none.

    Lower-case letters without accents, digits and hyphens, at most 40 signs; capital letters are
    made small, and nothing else is guessed at.
    """
    label = written.strip().lower()
    return label if len(label) <= LONGEST and _LABEL.fullmatch(label) else None
