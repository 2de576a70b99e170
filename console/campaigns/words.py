"""What the pages of campaigns call things."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from math import ceil

from babel import Locale
from babel.numbers import format_decimal

from campaigns.agenda import Mark
from campaigns.lifecycle import STATE_NAMES as STATES
from campaigns.listing import Waits
from campaigns.model import CampaignClass, CampaignState
from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule
from campaigns.sheet.cautions import SENTENCES, Cautioned
from campaigns.standing import ROW_STATES as ROWS
from campaigns.standing import why
from campaigns.warnings.model import Status
from console.frame import words
from contacts.atlas import Region
from contacts.model import Topic
from delivery.model import State as Row
from kit.channels import Channel
from locales.catalog import render
from locales.text import _

__all__ = ["ROWS", "STATES", "Row", "why"]

WAITS: Mapping[Waits, str] = {
    Waits.SUBMIT: _("console.campaigns.waits.submit"),
    Waits.YOUR_APPROVAL: _("console.campaigns.waits.your_approval"),
    Waits.APPROVAL: _("console.campaigns.waits.approval"),
    Waits.START: _("console.campaigns.waits.start"),
    Waits.RESUME: _("console.campaigns.waits.resume"),
    Waits.DECISION: _("console.campaigns.waits.decision"),
}
MARKS: Mapping[Mark, str] = {
    Mark.WISHED: _("console.campaigns.mark.wished"),
    Mark.PLANNED: _("console.campaigns.mark.planned"),
    Mark.PAUSED: _("console.campaigns.mark.paused"),
    Mark.UNDER_WAY: _("console.campaigns.mark.under_way"),
    Mark.LEFT: _("console.campaigns.mark.left"),
    Mark.MISSED: _("console.campaigns.mark.missed"),
    Mark.CANCELLED: _("console.campaigns.mark.cancelled"),
}
TOPICS: Mapping[Topic, str] = {
    Topic.PROGRAMS: _("console.campaigns.topic.programs"),
    Topic.FRAUD: _("console.campaigns.topic.fraud"),
    Topic.EMERGENCY: _("console.campaigns.topic.emergency"),
}
CLASSES: Mapping[CampaignClass, str] = {
    CampaignClass.NORMAL: _("console.campaigns.class.normal"),
    CampaignClass.EMERGENCY: _("console.campaigns.class.emergency"),
}
CHANNELS: Mapping[Channel, str] = {
    Channel.TELEGRAM: _("cli.channel.telegram"),
    Channel.SMS: _("cli.channel.sms"),
    Channel.VOICE: _("cli.channel.voice"),
}
WARNINGS: Mapping[Status, str] = {
    Status.ACTUAL: _("console.campaigns.warning.actual"),
    Status.TEST: _("console.campaigns.warning.test"),
    Status.EXERCISE: _("console.campaigns.warning.exercise"),
}
ONES = {
    "hours": _("console.campaigns.when.hour"),
    "days": _("console.campaigns.when.day"),
    "weeks": _("console.campaigns.when.week"),
}
UNITS = {
    "hours": _("console.campaigns.when.hours"),
    "days": _("console.campaigns.when.days"),
    "weeks": _("console.campaigns.when.weeks"),
}

TONES: Mapping[CampaignState, str] = {
    CampaignState.DRAFT: "plain",
    CampaignState.REVIEW: "wait",
    CampaignState.APPROVED: "ready",
    CampaignState.SCHEDULED: "ready",
    CampaignState.SENDING: "go",
    CampaignState.PAUSED: "wait",
    CampaignState.DONE: "done",
    CampaignState.CANCELLED: "plain",
}
"""How a state looks."""


_CAUTIONS: Mapping[Cautioned, str] = {
    Cautioned.NO_REASON: _("console.campaigns.caution.no_reason"),
    Cautioned.PAST: _("console.campaigns.caution.past"),
    Cautioned.LATE: _("console.campaigns.caution.late"),
}
"""Where the usual sentence speaks of a campaign file or of a command."""


def caution_key(kind: Cautioned) -> str:
    """What is said of something to look at again."""
    return _CAUTIONS.get(kind, SENTENCES[kind])


def region_name(code: str, language: str) -> str:
    """A region by its code, as the state writes it."""
    if code in set(Region):
        return Region(code).official_name
    return code or render(_("console.campaigns.unknown"), language)


def channel_key(code: str) -> str:
    """What a channel is called."""
    return CHANNELS[Channel(code)]


def country_name(code: str, language: str) -> str:
    """A country by its code, as people of a language call it."""
    if not code:
        return render(_("console.campaigns.unknown"), language)
    return words.country_name(code, language)


def when(schedule: Schedule, language: str) -> str:
    """When a campaign leaves, in a sentence."""

    def said(key: str, **params: object) -> str:
        return render(key, language, params)

    match schedule:
        case Now():
            return said(_("console.campaigns.when.now"))
        case At(due_at, zone):
            shown = words.moment(due_at, language, zone)
            return said(_("console.campaigns.when.at"), when=shown, zone=zone)
        case AtLocal(at):
            shown = at.strftime("%Y-%m-%d %H:%M")
            return said(_("console.campaigns.when.local"), when=shown)
        case Every(count, unit, first, zone):
            step = said(ONES[unit] if count == 1 else UNITS[unit], count=count)
            shown = first.strftime("%Y-%m-%d %H:%M")
            return said(
                _("console.campaigns.when.every"), step=step, when=shown, zone=_zone(zone, language)
            )
        case Cron(expression, zone):
            return said(
                _("console.campaigns.when.cron"), cron=expression, zone=_zone(zone, language)
            )
        case After(days, at):
            if not days:
                return said(_("console.campaigns.when.joined"))
            shown = "10:00" if at is None else at.strftime("%H:%M")
            return said(_("console.campaigns.when.after"), days=days, when=shown)


def _zone(zone: str | None, language: str) -> str:
    return zone or render(_("console.campaigns.when.own_clock"), language)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(words.REGIONS.get(language, words.REGIONS["es"]))


def weekdays(language: str) -> list[str]:
    """The days of a week, Monday first, in short."""
    names = _locale(language).days["format"]["abbreviated"]
    return [str(names[place]) for place in range(7)]


Named = list[tuple[str, int]]
"""Words and how many, as a table shows them."""

MOST_ROWS = 12
"""Rows of a table; what is left over is added up in one more."""


def channels_of(counts: Mapping[str, int], language: str) -> Named:
    """Channels in words."""
    return [(render(channel_key(one), language), number) for one, number in counts.items()]


def languages_of(counts: Mapping[str, int], language: str) -> Named:
    """Languages in words."""
    return [(words.language_name(one, language), number) for one, number in counts.items()]


def regions_of(counts: Mapping[str, int], language: str) -> Named:
    """Regions in words."""
    return [(region_name(one, language), number) for one, number in counts.items()]


def reasons_of(counts: Mapping[str, int], language: str) -> Named:
    """Reasons in words, those that the same is said of together; the rarest in one row."""
    found: Counter[str] = Counter()
    for reason, number in counts.items():
        said = why(reason)
        found[render(said.key, language, said.params)] += number
    rows = found.most_common()
    others = rows[MOST_ROWS:]
    if others:
        label = render(_("console.campaigns.others"), language, {"count": len(others)})
        rows = [*rows[:MOST_ROWS], (label, sum(number for _label, number in others))]
    return rows


def states_of(counts: Mapping[Row, int], language: str) -> Named:
    """States of rows in words."""
    return [(render(ROWS[one], language), number) for one, number in counts.items()]


def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount of money: "1,204.50 USD"."""
    shown = format_decimal(amount, format="#,##0.00", locale=words.REGIONS.get(language, "es_MX"))
    return f"{shown} {currency}"


def in_zone(at: datetime | None, zone: str, language: str) -> str:
    """An instant by the clock of a zone, "–" for none."""
    return "–" if at is None else words.moment(at, language, zone)


def seconds(length: float) -> timedelta:
    """So many seconds, whole ones."""
    return timedelta(seconds=ceil(length))
