"""When a person reads what the machine could not use, said from the real opening hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contacts.model import DEFAULT_ZONE
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

    zone: str = DEFAULT_ZONE
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


OFFICE = Opening()
"""Monday to Friday, 9 to 18 in Oaxaca: assumed, configuration."""


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
