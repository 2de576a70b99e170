"""Showing somebody what they wrote, inside an error."""

SHOWN_SIGNS = 40


def shown(text: str) -> str:
    """What was written, at most 40 signs of it, without signs that a terminal would obey."""
    head = "".join(sign if sign.isprintable() else " " for sign in text[:SHOWN_SIGNS]).strip()
    return head if len(text) <= SHOWN_SIGNS else f"{head}…"
