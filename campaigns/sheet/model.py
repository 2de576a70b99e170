"""The sheet before sending: whom a campaign reaches, what it costs and when it leaves. Pure.

It is made from what `campaigns.sheet.reckoning` has counted in the background, so that it is
there at once however many people there are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from campaigns.brakes.cohort import PLACES
from campaigns.model import CampaignDraft
from campaigns.schedule.calendar import Calendar
from campaigns.schedule.model import After
from campaigns.schedule.occurrences import Occurrence, instants
from campaigns.sheet.cautions import (
    RECENT_FROM,
    Caution,
    Cautioned,
    caution,
    of_draft,
    of_text,
)
from campaigns.sheet.counted import Counted
from campaigns.sheet.leaving import (
    Leaving,
    Load,
    due_by_zone,
    leaving,
    occurrence_of,
    opened,
    seconds,
)
from campaigns.sheet.prices import Cost, Prices, cost_of
from campaigns.sheet.repeating import Week, week_of
from delivery.content import Content
from delivery.quiet import Hours
from delivery.segments import Segments, measure
from kit import wall
from kit.channels import Channel
from kit.zones import OAXACA

UNKNOWN_COUNTRY = "?"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What has been counted, and how far. `share` of all contacts, from 0 to 1, have been looked at
    by `counted_at`; less than 1 means that the counts still grow."""

    counted: Counted
    share: float
    counted_at: datetime | None

    @property
    def done(self) -> bool:
        """Whether everybody has been counted."""
        return self.share >= 1


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The SMS in one language: what one costs in segments, to how many people it goes."""

    language: str
    cost: Segments
    people: int

    @property
    def segments(self) -> int:
        """Of all of them."""
        return self.cost.segments * self.people


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody reads before they say yes.

    `sms` by language and `segments` by country (NOWHERE for phones of which nobody knows it);
    `seconds` are what each channel takes at the share of its senders' rate that campaigns may use,
    day and night, None without a sender. `occurrence` is when it leaves next, `leaving` what that
    means in each zone; a campaign that waits for its start is reckoned as if it were started now.
    A `series` goes to those who join: it counts those of the last week, and leaves bit by bit.
    One that repeats has a `week`. `expires_at` is when its public warning ends if it leaves then.
    """

    reckoned: Reckoned
    sms: tuple[InLanguage, ...]
    segments: Mapping[str, int]
    cost: Cost
    seconds: Mapping[Channel, float | None]
    occurrence: Occurrence | None
    leaving: tuple[Leaving, ...]
    cautions: tuple[Caution, ...]
    series: bool = False
    week: Week | None = None
    expires_at: datetime | None = None

    @property
    def first(self) -> datetime | None:
        """When the first message leaves."""
        return min((one.first for one in self.leaving if one.first is not None), default=None)

    @property
    def last(self) -> datetime | None:
        """When the last one leaves; None when nobody can say."""
        lasts = [one.last for one in self.leaving]
        known = [last for last in lasts if last is not None]
        return max(known, default=None) if len(known) == len(lasts) else None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a sheet depends on besides the campaign: prices, the rate of each channel's senders in
    units a second, the hours in which it may leave (None: at any time), cron, and the time."""

    prices: Prices
    rates: Mapping[Channel, float]
    hours: Hours | None
    calendar: Calendar
    now: datetime


def sheet(draft: CampaignDraft, reckoned: Reckoned, given: Circumstances) -> Sheet:
    """The sheet of a campaign, as far as its people have been counted."""
    counted = reckoned.counted
    costs = {language: measure(wording.in_sms) for language, wording in draft.contents.items()}
    by_language: Counter[str] = Counter()
    segments: Counter[str] = Counter()
    for (language, country), people in counted.phones.items():
        by_language[language] += people
        segments[country] += people * costs[language].segments
    sms = tuple(
        InLanguage(language, cost, by_language[language])
        for language, cost in costs.items()
        if Channel.SMS in draft.channels
    )
    units = {
        channel: _units(counted, channel, costs)
        for channel in draft.channels
        if counted.by_channel().get(channel)
    }
    zones = sorted({zone for zone, _channel, _language in counted.reached}) or [OAXACA]
    occurrence = occurrence_of(draft.schedule, given.now, zones, given.calendar)
    leaves = () if occurrence is None else _leaving(draft, counted, costs, occurrence, given)
    made = Sheet(
        reckoned,
        sms,
        dict(segments.most_common()),
        cost_of(segments, given.prices),
        {channel: seconds(sent, given.rates.get(channel, 0)) for channel, sent in units.items()},
        occurrence,
        leaves,
        (),
        isinstance(draft.schedule, After),
        week_of(draft.schedule, occurrence, zones, given.calendar, segments, given.prices),
        None if occurrence is None else _expires_at(draft, occurrence),
    )
    return replace(made, cautions=tuple(_cautions(draft, made, given)))


def sms_segments(content: Content) -> int:
    """How many segments an SMS of a content takes for one of whom nothing is known: what is filled
    in for each recipient may be longer or shorter than what stands in its place."""
    return measure(content.sms).segments


def _units(counted: Counted, channel: Channel, costs: Mapping[str, Segments]) -> int:
    """Messages, or the segments of SMS, that a channel has to send."""
    return sum(
        people * (costs[language].segments if channel is Channel.SMS else 1)
        for (_zone, by, language), people in counted.reached.items()
        if by == channel
    )


def _expires_at(draft: CampaignDraft, occurrence: Occurrence) -> datetime | None:
    """Of its public warning, which is published when it begins to leave."""
    if draft.warning is None:
        return None
    return occurrence.due_at.replace(microsecond=0) + draft.warning.expires


def _leaving(
    draft: CampaignDraft,
    counted: Counted,
    costs: Mapping[str, Segments],
    occurrence: Occurrence,
    given: Circumstances,
) -> tuple[Leaving, ...]:
    zones = {zone for zone, _channel, _language in counted.reached}
    if not zones or isinstance(draft.schedule, After):
        return ()
    due = due_by_zone(occurrence, zones, given.now, given.hours)
    stale = draft.stale_after
    over = {} if stale is None else {z: at + stale for z, at in instants(occurrence, zones).items()}
    loads = list(_loads(counted, costs, due))
    if draft.cohort is not None:
        until = max(given.now, occurrence.due_at) + draft.cohort.wait
        share = draft.cohort.share / PLACES
        loads = [part for load in loads for part in _in_two(load, share, until, given.hours)]
    return leaving(loads, given.rates, given.hours, over)


def _in_two(load: Load, share: float, until: datetime, hours: Hours | None) -> Iterator[Load]:
    """The first few of a load, and the others, who wait until it is seen how those fared."""
    few = min(load.messages, ceil(load.messages * share))
    later = load.messages - few
    each = load.units / load.messages
    yield replace(load, messages=few, units=few * each)
    if later:
        at = opened(max(load.due_at, until), load.zone, hours)
        yield replace(load, messages=later, units=later * each, due_at=at)


def _loads(
    counted: Counted, costs: Mapping[str, Segments], due: Mapping[str, datetime]
) -> Iterator[Load]:
    messages: Counter[tuple[str, Channel]] = Counter()
    units: Counter[tuple[str, Channel]] = Counter()
    for (zone, channel, language), people in counted.reached.items():
        where = (zone, Channel(channel))
        messages[where] += people
        units[where] += people * (costs[language].segments if channel == Channel.SMS else 1)
    for (zone, by), number in messages.items():
        yield Load(zone, by, number, units[zone, by], due[zone])


def _cautions(draft: CampaignDraft, made: Sheet, given: Circumstances) -> Iterator[Caution]:
    counted = made.reckoned.counted
    yield from of_draft(draft)
    if made.reckoned.done and not counted.people:
        yield caution(Cautioned.NOBODY)
    if made.occurrence is None:
        yield caution(Cautioned.PAST)
    untranslated = sum(counted.untranslated.values())
    if untranslated:
        spoken = ", ".join(language for (language,) in _most(counted.untranslated))
        yield caution(Cautioned.UNTRANSLATED, untranslated, languages=spoken)
    if counted.people and 100 * counted.recent >= RECENT_FROM * counted.people:
        share = 100 * counted.recent // counted.people
        yield caution(Cautioned.RECENT, counted.recent, share=share)
    for channel, wait in made.seconds.items():
        if wait is None:
            yield caution(Cautioned.NO_SENDER, counted.by_channel()[channel], channel=channel)
    late = sum(one.late for one in made.leaving)
    if late:
        yield caution(Cautioned.LATE, late)
    if made.cost.unknown:
        countries = ", ".join(country or UNKNOWN_COUNTRY for country in made.cost.unknown)
        people = sum(
            people
            for (_language, country), people in counted.phones.items()
            if country in made.cost.unknown
        )
        yield caution(Cautioned.PRICE_UNKNOWN, people, countries=countries)
    if made.cost.unconfirmed:
        yield caution(Cautioned.PRICE_UNCONFIRMED, countries=", ".join(made.cost.unconfirmed))
    yield from _of_texts(draft, made, given)


def _of_texts(draft: CampaignDraft, made: Sheet, given: Circumstances) -> Iterator[Caution]:
    leaves_at = made.first or (made.occurrence.due_at if made.occurrence else given.now)
    day = wall.shown(leaves_at, OAXACA).date()
    for language, wording in draft.contents.items():
        told: set[str] = set()
        for text in (wording.plain, wording.in_sms):
            for found in of_text(text, language, day):
                said = str(found.phrase.params["found"])
                if said not in told:
                    told.add(said)
                    yield found


SHOWN_LANGUAGES = 5


def _most(counts: Mapping[tuple[str, ...], int]) -> list[tuple[str, ...]]:
    return sorted(counts, key=lambda key: (-counts[key], key))[:SHOWN_LANGUAGES]
