"""Names of texts. The words themselves stand in the catalogues, never in code.

A key is a dotted English name. Its first part says where it may appear, and `locales.check` holds
it to that: `sms.` is one segment of GSM-7; `word.`, `when.` and `button.` are GSM-7, for they are
put into an SMS too; `chat.` is free, with all its accents. Buttons (`button.`, `chat.button.`) are
24 signs or fewer. Other parts (`error.`, `console.`, `cli.` …) are free.

To add a text: write the constant with `_("…")` around each key (always a literal, or the extractor
cannot see it), run `python -m locales.update`, fill the empty `msgstr` in each
`locales/*/LC_MESSAGES/messages.po`, run `python -m locales.check`. A placeholder is `{lower_case}`;
a new one in an SMS needs a sample value in `locales/samples.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, object] = MappingProxyType({})


def _(key: str) -> str:
    """Mark a key for the extractor; the value is the key itself."""
    return key


@dataclass(frozen=True, slots=True)
class Text:
    """Two keys for one thing to say: the SMS wording and the chat wording."""

    sms: str
    chat: str

    @classmethod
    def same(cls, key: str) -> "Text":
        """One wording for both; it must then keep to the rules of an SMS."""
        return cls(key, key)


class Phrase(NamedTuple):
    """A few words that stand inside a text: a day, a list, the name of a topic.

    Give it as the value of a placeholder; it is rendered in the language of the whole.
    """

    key: str
    params: Mapping[str, object] = NOTHING
