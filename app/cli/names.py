"""What staff read in the place of codes: channels, what a timeline tells, why a letter waits."""

from collections.abc import Mapping
from types import MappingProxyType

from alerts import texts
from alerts.model import Entry, EntryKind, Outcome
from app.cli.frame import say
from bot.inbox.model import DO_NOT_WRITE
from kit.channels import Channel
from locales.text import _

CHANNELS: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.TELEGRAM: _("cli.channel.telegram"),
        Channel.SMS: _("cli.channel.sms"),
        Channel.VOICE: _("cli.channel.voice"),
    }
)
ENTRIES: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.CALLED: _("cli.entry.called"),
        EntryKind.SAID: _("cli.entry.said"),
        EntryKind.MEDIA: _("cli.entry.media"),
        EntryKind.LOCATION: _("cli.entry.location"),
        EntryKind.KIND: _("cli.entry.kind"),
        EntryKind.DANGER: _("cli.entry.danger"),
        EntryKind.FALSE_ALARM: _("cli.entry.false_alarm"),
        EntryKind.SILENCED: _("cli.entry.silenced"),
        EntryKind.MAY_WRITE: _("cli.entry.may_write"),
        EntryKind.PAGED: _("cli.entry.paged"),
        EntryKind.PAGE_LOST: _("cli.entry.page_lost"),
        EntryKind.NOBODY_TO_PAGE: _("cli.entry.nobody_to_page"),
        EntryKind.NUMBERS_SENT: _("cli.entry.numbers_sent"),
        EntryKind.NOT_REACHED: _("cli.entry.not_reached"),
        EntryKind.BUNDLED: _("cli.entry.bundled"),
        EntryKind.WAITS: _("cli.entry.waits"),
        EntryKind.CAN_WAIT: _("cli.entry.can_wait"),
        EntryKind.ACKNOWLEDGED: _("cli.entry.acknowledged"),
        EntryKind.TAKEN_OVER: _("cli.entry.taken_over"),
        EntryKind.HELPER: _("cli.entry.helper"),
        EntryKind.ACTED: _("cli.entry.acted"),
        EntryKind.SNOOZED: _("cli.entry.snoozed"),
        EntryKind.LEASE_SOON: _("cli.entry.lease_soon"),
        EntryKind.LEASE_LOST: _("cli.entry.lease_lost"),
        EntryKind.SHOWN: _("cli.entry.shown"),
        EntryKind.REVEALED: _("cli.entry.revealed"),
        EntryKind.SAFE_HOURS: _("cli.entry.safe_hours"),
        EntryKind.POLICY: _("cli.entry.policy"),
        EntryKind.PERSON: _("cli.entry.person"),
        EntryKind.REFERRAL: _("cli.entry.referral"),
        EntryKind.FOLLOW_UP: _("cli.entry.follow_up"),
        EntryKind.MERGED: _("cli.entry.merged"),
        EntryKind.PASSED_ON: _("cli.entry.passed_on"),
        EntryKind.REPLIED: _("cli.entry.replied"),
        EntryKind.CLOSED: _("cli.entry.closed"),
        EntryKind.REOPENED: _("cli.entry.reopened"),
    }
)
LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "danger": _("cli.letter.danger"),
        DO_NOT_WRITE: _("cli.letter.do_not_write"),
        "free": _("cli.letter.free"),
        "person": _("cli.letter.person"),
        "verify": _("cli.letter.verify"),
        "wish_to_leave": _("cli.letter.wish_to_leave"),
    }
)


def channel_name(channel: str) -> str:
    """A channel by its code."""
    return say(CHANNELS[Channel(channel)])


def country_name(country: str) -> str:
    """A country by its code, which staff type too; words where nobody knows it."""
    return country or say(_("cli.country.unknown"))


def letter_reason(reason: str) -> str:
    """Why a letter waits for a person; any other reason is the question that it answered."""
    return say(LETTERS.get(reason, _("cli.letter.answer")))


def entry_words(entry: Entry) -> str:
    """What a line of a timeline tells: its kind, and its words when it has any."""
    kind, words = say(ENTRIES[entry.kind]), _body(entry)
    return say(_("cli.entry.with_words"), kind=kind, words=words) if words else kind


def _body(entry: Entry) -> str:
    """The words of a line. Some begin with a code: what happened, an answer, an outcome."""
    body = entry.body or ""
    code, _blank, more = body.partition(" ")
    if entry.kind is EntryKind.KIND and body in texts.KIND_WORDS:
        return say(texts.KIND_WORDS[body].key)
    if entry.kind is EntryKind.MAY_WRITE and body in texts.SAFETY_WORDS:
        return say(texts.SAFETY_WORDS[body].key)
    if entry.kind is EntryKind.CLOSED and code in set(Outcome):
        outcome = say(texts.OUTCOME_WORDS[code].key)
        return say(_("cli.entry.with_words"), kind=outcome, words=more) if more else outcome
    if entry.kind is EntryKind.SAFE_HOURS and body == "-":
        return say(_("cli.entry.any_hour"))
    return body
