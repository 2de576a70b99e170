"""Which language a stranger begins in, from the first word alone."""

from kit.fold import fold

# Words of the system that nobody types who writes Spanish. Not "stop" or "ok": those are both.
_ENGLISH = frozenset(
    {
        *("join", "subscribe", "help", "topics", "language", "place", "verify", "check"),
        *("contacts", "programs", "privacy", "data", "delete", "unsubscribe", "yes"),
        *("emergency", "kidnapped"),
    }
)


def speaks_english(text: str) -> bool:
    """Whether the first word is an English word of the system."""
    words = fold(text).split(maxsplit=1)
    return bool(words) and words[0] in _ENGLISH
