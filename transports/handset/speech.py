"""What a call of the platform says, in Twilio's language, as words to read."""

from collections.abc import Awaitable, Callable, Mapping
from xml.etree import ElementTree

Voice = Callable[[Mapping[str, str]], Awaitable[str]]
"""Asks the platform, with the form that Twilio would post, what a call says now; gives TwiML."""


def words_of(twiml: str) -> str:
    """The words of an answer; what is said twice to be understood stands there once."""
    # The platform's own answer, from this very process.
    root = ElementTree.fromstring(twiml)  # noqa: S314
    said = ("".join(say.itertext()).strip() for say in root.iter("Say"))
    return "\n".join(dict.fromkeys(said))
