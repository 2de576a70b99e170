"""What all pages of the roster know: hours, days and zones in the visitor's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.shifts.rota import Rota, Shift
from console.frame import words as frame
from console.frame.visit import Visit
from console.roster import words
from console.roster.clocks import exact
from locales.text import Phrase
from staff.model import Member, Right

HERE = "/guardias"


@dataclass(frozen=True, slots=True)
class Bits:
    """Asked by templates."""

    visit: Visit

    @property
    def plans(self) -> bool:
        """Whether the visitor plans."""
        return self.visit.may(Right.PLAN_DUTY)

    @property
    def zone(self) -> str:
        """The visitor's zone as people call it."""
        return self.zone_of(self.visit.member.zone)

    def zone_of(self, zone: str) -> str:
        """A zone as people call it."""
        return self.say(words.zone_words(zone, self.visit.language))

    def say(self, phrase: Phrase) -> str:
        """A phrase in the visitor's language."""
        return self.visit.text(phrase.key, **phrase.params)

    def long(self, length: timedelta) -> str:
        """A wait in words."""
        return self.say(words.long(length))

    def hours(self, length: timedelta) -> str:
        """Hours, with half ones."""
        return words.hours(length)

    def short_day(self, on: date) -> str:
        """ "mar 24 nov"."""
        return words.short_day(on, self.visit.language)

    def exact(self, at: datetime) -> str:
        """An instant for an address."""
        return exact(at)

    def stretch(self, starts: datetime, ends: datetime) -> str:
        """ "mar 24 nov, 08:00 – 20:00", with the second day when it is another."""
        zone = self.visit.member.zone
        first, last = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
        closes = frame.clock(ends, zone)
        if first.date() != last.date():
            closes = f"{self.short_day(last.date())}, {closes}"
        begins = f"{self.short_day(first.date())}, {frame.clock(starts, zone)}"
        return f"{begins} – {closes}"

    def at(self, at: datetime, since: datetime) -> str:
        """A time, with its day when that is not the day of another instant."""
        zone = self.visit.member.zone
        local = at.astimezone(ZoneInfo(zone)).date()
        clock = frame.clock(at, zone)
        if local == since.astimezone(ZoneInfo(zone)).date():
            return clock
        return f"{self.short_day(local)}, {clock}"

    def which(self, shift: Shift) -> str:
        """What a button says of a shift."""
        return f"{shift.rota_id}:{int(shift.starts.timestamp())}"

    def pairs(self, rotas: Sequence[Rota]) -> list[tuple[int, str]]:
        """Rotas to choose from."""
        return [(one.id, one.name) for one in rotas]

    def people(self, people: Sequence[Member]) -> list[tuple[int, str]]:
        """People to choose from; who plans knows their names."""
        return [(one.id, f"{one.pseudonym} ({one.name})") for one in people]

    def zones(self, known: Mapping[str, str], chosen: str) -> list[tuple[str, str]]:
        """Zones to choose from, and the one that was chosen whatever it is."""
        found = [(zone, self.visit.text(key)) for zone, key in known.items()]
        return found if chosen in known or not chosen else [*found, (chosen, chosen)]

    def keyed(self, options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Choices whose words are keys, in words."""
        return [(value, self.visit.text(key).capitalize()) for value, key in options]
