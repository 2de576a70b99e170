"""What somebody should look at again before a campaign leaves. Pure.

Cautions, not refusals: each may be meant as it stands.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.written.quoting import shown
from kit.fold import fold
from locales.text import Phrase, _


class Cautioned(StrEnum):
    """What a caution is about, for programs."""

    NO_REASON = "no_reason"
    NOBODY = "nobody"
    UNTRANSLATED = "untranslated"
    PAST_DATE = "past_date"
    NOT_HTTPS = "not_https"
    RECENT = "recent"
    NO_SENDER = "no_sender"
    LATE = "late"
    PAST = "past"
    PRICE_UNKNOWN = "price_unknown"
    PRICE_UNCONFIRMED = "price_unconfirmed"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to look at again, and how many people it is about where that can be said."""

    kind: Cautioned
    phrase: Phrase
    people: int | None = None


SENTENCES: dict[Cautioned, str] = {
    Cautioned.NO_REASON: _("campaigns.caution.no_reason"),
    Cautioned.NOBODY: _("campaigns.caution.nobody"),
    Cautioned.UNTRANSLATED: _("campaigns.caution.untranslated"),
    Cautioned.PAST_DATE: _("campaigns.caution.past_date"),
    Cautioned.NOT_HTTPS: _("campaigns.caution.not_https"),
    Cautioned.RECENT: _("campaigns.caution.recent"),
    Cautioned.NO_SENDER: _("campaigns.caution.no_sender"),
    Cautioned.LATE: _("campaigns.caution.late"),
    Cautioned.PAST: _("campaigns.caution.past"),
    Cautioned.PRICE_UNKNOWN: _("campaigns.caution.price_unknown"),
    Cautioned.PRICE_UNCONFIRMED: _("campaigns.caution.price_unconfirmed"),
}

WAITING = (
    CampaignState.DRAFT,
    CampaignState.REVIEW,
    CampaignState.APPROVED,
    CampaignState.SCHEDULED,
)
"""Where a campaign can still be changed before it leaves."""

RECENT_FROM = 10
"""Percent of the people who got another campaign in the last day, from which somebody is told."""


def caution(kind: Cautioned, people: int | None = None, **params: object) -> Caution:
    """A caution with its sentence."""
    about = {} if people is None else {"people": people}
    return Caution(kind, Phrase(SENTENCES[kind], {**params, **about}), people)


def of_draft(draft: CampaignDraft) -> Iterator[Caution]:
    """What is to be looked at again whoever gets it. An emergency says why it may wake people, but
    nobody who must warn at once is held up for a reason."""
    if draft.kind is CampaignClass.EMERGENCY and not draft.reason:
        yield caution(Cautioned.NO_REASON)


def while_waiting(campaign: Campaign) -> tuple[Caution, ...]:
    """What its document alone tells, said with each step of its life before it leaves."""
    return tuple(of_draft(campaign.draft)) if campaign.state in WAITING else ()


def of_text(text: str, language: str, day: date) -> Iterator[Caution]:
    """What a text that leaves on a day should not hold."""
    for written in past_dates(text, day):
        yield caution(Cautioned.PAST_DATE, found=written, language=language)
    for address in open_links(text):
        yield caution(Cautioned.NOT_HTTPS, found=shown(address), language=language)


_LINK = re.compile(r"(?<![\w@/.])(?:http://|www\.)[^\s<>()\[\]\"']+", re.IGNORECASE)


def open_links(text: str) -> tuple[str, ...]:
    """Links that are not https, or leave open what they are: `http://…`, `www.…`."""
    return tuple(dict.fromkeys(found.rstrip(".,;:!?") for found in _LINK.findall(text)))


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan",
            "febrero feb february",
            "marzo mar march",
            "abril abr april apr",
            "mayo may",
            "junio jun june",
            "julio jul july",
            "agosto ago august aug",
            "septiembre setiembre sep sept september",
            "octubre oct october",
            "noviembre nov november",
            "diciembre dic december dec",
        ),
        1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?<![\d/.,:-])(?P<day>[0-3]?\d)"
_YEAR = r"(?P<year>20\d\d)"
_WRITTEN = (
    # 15 de noviembre (de 2026), 15 nov 2026, 15th of November
    rf"{_DAY}(?:st|nd|rd|th|º|°)?(?:\s+de|\s+of)?\s+(?P<month>{_NAME})\b\.?(?:,?\s+(?:de[l]?\s+)?{_YEAR}\b(?![-/]))?",
    # November 15(th)(, 2026)
    rf"\b(?P<month>{_NAME})\b\.?\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:/])(?:,?\s+{_YEAR}\b(?![-/]))?",
    # 2026-11-15
    rf"(?<![\d/-]){_YEAR}[-/](?P<month>[01]?\d)[-/](?P<day>[0-3]?\d)(?![\d/-])",
    # 15/11/2026: either way round
    rf"{_DAY}[/.-](?P<month>[0-3]?\d)[/.-]{_YEAR}(?![\d/-])",
)
_DATES = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _WRITTEN)
_EITHER_WAY = _DATES[3]


def past_dates(text: str, day: date) -> tuple[str, ...]:
    """The days in a text that lie before `day`, as they are written; in Spanish and English.

    One without its year is the nearest of that name; one that can be read in two ways (03/04/2026)
    must have passed in both.
    """
    found: dict[int, str] = {}
    for pattern in _DATES:
        for match in pattern.finditer(text):
            said = {name: match[name] or "" for name in ("day", "month", "year")}
            days = list(_days(said, day, both_ways=pattern is _EITHER_WAY))
            if days and all(one < day for one in days):
                found.setdefault(match.start(), match[0].strip().rstrip("."))
    return tuple(dict.fromkeys(written for _start, written in sorted(found.items())))


def _days(said: dict[str, str], near: date, *, both_ways: bool) -> Iterable[date]:
    number = int(said["day"])
    month = _MONTHS.get(fold(said["month"])) or int(said["month"])
    pairs = {(month, number), (number, month)} if both_ways else {(month, number)}
    for one, other in pairs:
        years = [int(said["year"])] if said["year"] else range(near.year - 1, near.year + 2)
        days = [made for year in years if (made := _made(year, one, other)) is not None]
        nearest = min(days, key=lambda made: abs(made - near), default=None)
        if nearest is not None:
            # "15 de enero" in November is the coming January.
            yield nearest


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
