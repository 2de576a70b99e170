"""When a person reads what the machine could not use, said from the real opening hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kit.zones import OAXACA
from locales.phrases import day_phrase
from locales.text import Phrase, _

MONDAY_TO_FRIDAY = frozenset(range(5))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """When the office reads messages, by its own clock. `weekdays` count from Monday, 0.

    `clock_of` tells people whose clock it is; keep it to signs of GSM-7, it goes into an SMS.
    Raises ValueError when it never opens.
    """

    zone: str = OAXACA
    clock_of: str = "Oaxaca"
    opens: time = time(9)
    closes: time = time(18)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.opens >= self.closes or not self.weekdays & set(range(7)):
            raise ValueError("the office must open before it closes, on at least one weekday")

    def opens_on(self, day: date) -> bool:
        """Whether messages are read at all on a day."""
        return day.weekday() in self.weekdays and day not in self.closed

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there."""
        local = now.astimezone(ZoneInfo(self.zone))
        return self.opens_on(local.date()) and self.opens <= local.time() < self.closes

    def opens_at(self, now: datetime) -> datetime:
        """The next instant at which it opens, in UTC; `now` itself while it is open."""
        if self.is_open(now):
            return now
        zone = ZoneInfo(self.zone)
        local = now.astimezone(zone)
        day = local.date() if local.time() < self.opens else local.date() + DAY
        # Ends: some weekday is open and the closed days are finite.
        while not self.opens_on(day):
            day += DAY
        return datetime.combine(day, self.opens, zone).astimezone(UTC)


OFFICE = Opening()
"""Monday to Friday, 9 to 18 in Oaxaca: assumed, configuration."""


def local_day(opening: Opening, at: datetime) -> date:
    """The day of an instant by the office's clock."""
    return at.astimezone(ZoneInfo(opening.zone)).date()


def clock_time(opening: Opening, at: datetime) -> str:
    """The hour of an instant by the office's clock: "9:00"."""
    local = at.astimezone(ZoneInfo(opening.zone))
    return f"{local.hour}:{local.minute:02}"


def reading_time(now: datetime, opening: Opening = OFFICE) -> Phrase:
    """The next time at which a person reads, as a pair of key and params.

    `now` is aware. The phrase fills `{when}` of `A_PERSON_WILL_READ`: "mañana, de 9 a 18 h de
    Oaxaca". The hours are the office's, whose clock is not that of the person who writes.
    """
    local = now.astimezone(ZoneInfo(opening.zone))
    today = local.date()
    hours: Mapping[str, object] = {
        "opens": _hour(opening.opens),
        "closes": _hour(opening.closes),
        "clock": opening.clock_of,
    }
    if opening.opens_on(today) and local.time() < opening.closes:
        begun = local.time() >= opening.opens
        return Phrase(_("when.now") if begun else _("when.today_from"), hours)
    day = today + DAY
    # Ends: some weekday is open and the closed days are finite.
    while not opening.opens_on(day):
        day += DAY
    if day == today + DAY:
        return Phrase(_("when.tomorrow_from"), hours)
    return Phrase(_("when.on_day_from"), {**hours, "day": day_phrase(day)})


def _hour(at: time) -> str:
    return f"{at.hour}:{at.minute:02}" if at.minute else str(at.hour)
