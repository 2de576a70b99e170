"""Wordings of staff, and which texts they may put in the place of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from locales.catalog import LAST_RESORT
from locales.text import Phrase

SPOKEN = ("sms.", "chat.", "button.", "when.", "word.data.", "word.day.", "word.month.")
MORE_SPOKEN = ("word.topic.", "word.year.", "word.list.comma", "word.list.and")
TO_STAFF = (
    *("sms.duty.", "chat.duty.", "sms.watch.", "chat.watch.", "sms.sender.", "chat.sender."),
    *("sms.campaign.", "chat.campaign."),
    *("button.shift_", "button.trial_", "button.take", "button.pass", "button.read_case"),
    "button.can_wait",
)
"""Beginnings of keys that only people who work here read: they stay as the code knows them."""

THANKS = tuple(
    f"{where}.campaign.{what}"
    for where in ("sms", "chat")
    for what in ("helped", "answered", "poll_numbers")
)
"""What people are told who press a button of a campaign, or answer its question."""


class Standing(StrEnum):
    """Where a wording stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    # Another took its place, as a proposal or as what is said.
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Override:
    """A wording of staff for one text in one language."""

    id: int
    key: str
    language: str
    text: str
    standing: Standing
    author_id: int
    proposed_at: datetime
    approver_id: int | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in one language: what the files say, and what staff say or would say.

    `original` is the text of the next language of the chain when the files have none in this one.
    `faults` are what keeps the approved wording from being said: rules that it broke when the
    platform's own text or a rule was changed after the approval.
    """

    key: str
    language: str
    original: str
    approved: Override | None = None
    proposed: Override | None = None
    faults: tuple[Phrase, ...] = ()

    @property
    def spoken(self) -> str:
        """What people are told."""
        return self.original if self.approved is None or self.faults else self.approved.text


def is_public(key: str) -> bool:
    """Whether the public hears a text, so that staff may word it.

    The last resort is nobody's to word: it is what remains when all else is broken.
    """
    if key.startswith(TO_STAFF) or key == LAST_RESORT:
        return key in THANKS
    return key.startswith((*SPOKEN, *MORE_SPOKEN))
