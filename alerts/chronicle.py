"""The timeline in sentences: what each line tells, who did it, and the words that belong to it.

Pure. A sentence is a key of the catalogue with what fills it, so that whoever shows it chooses the
language. Words that somebody wrote are kept apart from it: not everybody may read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from alerts import texts
from alerts.model import Entry, EntryKind, Outcome
from alerts.referral import texts as referral_texts
from alerts.referral.model import Body, ReferralState
from kit.ids import read_folio
from locales.text import Phrase, _

Names = Mapping[int, str]
"""The pseudonyms of members by their id."""

PLAIN: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.CALLED: _("console.line.called"),
        EntryKind.SAID: _("console.line.said"),
        EntryKind.MEDIA: _("console.line.media"),
        EntryKind.LOCATION: _("console.line.location"),
        EntryKind.KIND: _("console.line.kind"),
        EntryKind.DANGER: _("console.line.danger"),
        EntryKind.FALSE_ALARM: _("console.line.false_alarm"),
        EntryKind.SILENCED: _("console.line.silenced"),
        EntryKind.MAY_WRITE: _("console.line.may_write"),
        EntryKind.PAGED: _("console.line.paged"),
        EntryKind.PAGE_LOST: _("console.line.page_lost"),
        EntryKind.NOBODY_TO_PAGE: _("console.line.nobody_to_page"),
        EntryKind.NUMBERS_SENT: _("console.line.numbers_sent"),
        EntryKind.NOT_REACHED: _("console.line.not_reached"),
        EntryKind.BUNDLED: _("console.line.bundled"),
        EntryKind.WAITS: _("console.line.waits"),
        EntryKind.CAN_WAIT: _("console.line.can_wait"),
        EntryKind.ACKNOWLEDGED: _("console.line.acknowledged"),
        EntryKind.TAKEN_OVER: _("console.line.taken_over"),
        EntryKind.HELPER: _("console.line.helper"),
        EntryKind.ACTED: _("console.line.acted"),
        EntryKind.SNOOZED: _("console.line.snoozed"),
        EntryKind.LEASE_SOON: _("console.line.lease_soon"),
        EntryKind.LEASE_LOST: _("console.line.lease_lost"),
        EntryKind.SHOWN: _("console.line.shown"),
        EntryKind.REVEALED: _("console.line.revealed"),
        EntryKind.SAFE_HOURS: _("console.line.safe_hours"),
        EntryKind.POLICY: _("console.line.policy"),
        EntryKind.PERSON: _("console.line.person"),
        EntryKind.REFERRAL: _("console.line.referral"),
        EntryKind.FOLLOW_UP: _("console.line.follow_up"),
        EntryKind.MERGED: _("console.line.merged"),
        EntryKind.PASSED_ON: _("console.line.passed_on"),
        EntryKind.REPLIED: _("console.line.replied"),
        EntryKind.CLOSED: _("console.line.closed"),
        EntryKind.REOPENED: _("console.line.reopened"),
    }
)
"""What each kind of line says when nothing more is known of it."""

BY_STAFF: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.FALSE_ALARM: _("console.line.well_by"),
        EntryKind.CAN_WAIT: _("console.line.can_wait_by"),
        EntryKind.REOPENED: _("console.line.reopened_by"),
    }
)
"""The same when it was one of ours who did it."""

FILE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "photo": _("console.file.photo"),
        "voice": _("console.file.voice"),
        "audio": _("console.file.voice"),
        "video": _("console.file.video"),
        "video_note": _("console.file.video"),
        "document": _("console.file.document"),
        "sticker": _("console.file.sticker"),
        "contact": _("console.file.contact"),
    }
)
OTHER_FILE = _("console.file.other")

NOBODY = Phrase(_("console.line.nobody"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline as a sentence. `words` are what somebody wrote, if anything."""

    at: datetime
    kind: EntryKind
    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    words: str = field(default="", repr=False)
    id: int = 0


def line_of(entry: Entry, names: Names) -> Line:
    """An entry in a sentence; `names` has the members that it may be about."""
    who: object = NOBODY
    if entry.member_id is not None:
        who = names.get(entry.member_id, NOBODY)
    key = PLAIN[entry.kind]
    if entry.member_id is not None:
        key = BY_STAFF.get(entry.kind, key)
    read = _READS.get(entry.kind)
    body = entry.body or ""
    if read is not None:
        more, params, words = read(body)
        return Line(entry.at, entry.kind, more or key, {"who": who, **params}, words)
    return Line(entry.at, entry.kind, key, {"who": who}, body)


def without_words(line: Line) -> Line:
    """The same for who may not read what was written."""
    return replace(line, words="")


def file_kind(body: str) -> str:
    """The key for the kind of a file that the reporter sent."""
    kind = body.partition(":")[0]
    if "/" in kind:
        kind = {"image": "photo", "audio": "audio", "video": "video"}.get(kind.split("/")[0], "")
    return FILE_WORDS.get(kind, OTHER_FILE)


Read = tuple[str | None, Mapping[str, object], str]
"""Another key than the plain one, what fills it, and the words."""


def _file(body: str) -> Read:
    return None, {"file": Phrase(file_kind(body))}, ""


def _kind(body: str) -> Read:
    return None, {"kind": texts.KIND_WORDS.get(body, texts.KIND_WORDS["unknown"])}, ""


def _may_write(body: str) -> Read:
    return None, {"answer": texts.SAFETY_WORDS.get(body, texts.SAFETY_WORDS["unknown"])}, ""


def _closed(body: str) -> Read:
    code, _blank, words = body.partition(" ")
    if code not in set(Outcome):
        return None, {"outcome": texts.OUTCOME_WORDS["other"]}, body
    return None, {"outcome": texts.OUTCOME_WORDS[code]}, words


def _hours(body: str) -> Read:
    if body == "-":
        return _("console.line.any_hour"), {}, ""
    hours, _blank, zone = body.partition(" ")
    return None, {"hours": hours, "zone": zone.rpartition("/")[2].replace("_", " ")}, ""


def _policy(body: str) -> Read:
    return (None, {"policy": body}, "") if body else (_("console.line.policy_usual"), {}, "")


def _person(body: str) -> Read:
    """Number of a person and what changed of them: names of fields, an answer, a check."""
    told = body.partition(": ")[2]
    if body.startswith("minor: "):
        return MINOR_LINES.get(told, MINOR_LINES["unknown"]), {}, ""
    if told.startswith("disclosure "):
        return ANSWER_LINES.get(told.split()[1], ANSWER_LINES["unknown"]), {}, ""
    if told.startswith("check "):
        return CHECK_LINES.get(told.split()[1], CHECK_LINES["failed"]), {}, ""
    return None, {}, ""


MINOR_LINES: Mapping[str, str] = MappingProxyType(
    {
        "yes": _("console.line.minor_yes"),
        "no": _("console.line.minor_no"),
        "unknown": _("console.line.minor_unknown"),
    }
)
ANSWER_LINES: Mapping[str, str] = MappingProxyType(
    {
        "yes": _("console.line.answer_yes"),
        "no": _("console.line.answer_no"),
        "unknown": _("console.line.answer_unknown"),
    }
)
CHECK_LINES: Mapping[str, str] = MappingProxyType(
    {
        "passed": _("console.line.check_passed"),
        "failed": _("console.line.check_failed"),
    }
)


def _referral(body: str) -> Read:
    """Number of a referral, and where it goes, how far it is, or a paper of it."""
    number, _colon, told = body.partition(": ")
    if told in set(Body):
        place = Phrase(referral_texts.BODY_WORDS[Body(told)])
        return _("console.line.referred"), {"body": place, "number": number}, ""
    if told in set(ReferralState):
        state = Phrase(referral_texts.STATE_WORDS[ReferralState(told)])
        return _("console.line.referral_state"), {"state": state, "number": number}, ""
    return None, {"number": number}, ""


def _acted(body: str) -> Read:
    """What was done; a talk about a referral begins with where that goes."""
    code, _colon, words = body.partition(": ")
    if code in set(Body):
        return (
            _("console.line.talked"),
            {"body": Phrase(referral_texts.BODY_WORDS[Body(code)])},
            words,
        )
    return None, {}, body


def _follow_up(body: str) -> Read:
    day, _colon, words = body.partition(": ")
    return None, {"day": day}, words


def _merged(body: str) -> Read:
    folio, _colon, words = body.partition(": ")
    if folio.startswith("-"):
        return _("console.line.separated"), {"folio": read_folio(folio[1:]) or ""}, words
    return None, {"folio": read_folio(folio) or ""}, words


def _nothing(body: str) -> Read:
    del body
    return None, {}, ""


_READS = {
    EntryKind.MEDIA: _file,
    EntryKind.KIND: _kind,
    EntryKind.MAY_WRITE: _may_write,
    EntryKind.CLOSED: _closed,
    EntryKind.SAFE_HOURS: _hours,
    EntryKind.POLICY: _policy,
    EntryKind.PERSON: _person,
    EntryKind.REFERRAL: _referral,
    EntryKind.ACTED: _acted,
    EntryKind.FOLLOW_UP: _follow_up,
    EntryKind.MERGED: _merged,
    EntryKind.LOCATION: _nothing,
}
"""Bodies that begin with a code, or are one: a provider's name of a file is a secret, and a place
has a link of its own."""
