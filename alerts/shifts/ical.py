"""Shifts as iCalendar (RFC 5545): written for the calendars of staff, read from those of offices.

A file that is read is not trusted: it may be huge, broken or made to deceive. What is not
understood is refused with one clear sentence; nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.shifts.rota import Rota, Shift
from kit.errors import Invalid
from locales.catalog import render
from locales.text import _

OCTETS = 75
"""A line is no longer, RFC 5545, 3.1."""

SUMMARY = _("ical.summary")
"""What an entry is called. It ends with the pseudonym, by which it is read again."""

MOST_OCTETS = 1_000_000
MOST_EVENTS = 2000
MOST_PARAMS = 20
MOST_INVITED = 20
MOST_TEXT = 1000
"""Signs of one value that are looked at."""

_BREAK = re.compile("\r\n|\r|\n")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_STAMP = re.compile(r"([0-9]{8}T[0-9]{6})(Z?)")
_REPEATS = frozenset({"RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID"})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar: who, from when to when. `line` is where it begins in the file.

    `people` are what may name somebody: addresses of those invited, then the title.
    """

    line: int
    uid: str
    starts: datetime
    ends: datetime
    people: tuple[str, ...] = field(repr=False)
    cancelled: bool = False


def write(
    shifts: Iterable[Shift], rotas: Iterable[Rota], names: Mapping[int, str], now: datetime
) -> str:
    """A calendar of shifts. `names` are pseudonyms by member: a calendar travels far."""
    titles = {rota.id: rota.name for rota in rotas}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tequio//Guardia//ES",
        "CALSCALE:GREGORIAN",
    ]
    for shift in shifts:
        title = {"rota": titles[shift.rota_id], "pseudonym": names.get(shift.member_id, "-")}
        starts = _stamp(shift.starts)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{shift.rota_id}-{shift.member_id}-{starts}@tequio",
            f"DTSTAMP:{_stamp(now)}",
            f"DTSTART:{starts}",
            f"DTEND:{_stamp(shift.ends)}",
            f"SUMMARY:{_escaped(render(SUMMARY, 'es', title))}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def read(data: bytes) -> tuple[Event, ...]:
    """The entries of a calendar file, in its order. Raises Invalid, which tells the line."""
    if len(data) > MOST_OCTETS:
        raise Invalid(_("ical.too_large"), most=MOST_OCTETS // 1000)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("ical.encoding")) from None
    lines = list(_unfolded(text))
    if not lines or lines[0][1].strip().upper() != "BEGIN:VCALENDAR":
        raise Invalid(_("ical.not_calendar"))
    found: list[Event] = []
    for block in _events(lines):
        found.append(_event(block))
        if len(found) > MOST_EVENTS:
            raise Invalid(_("ical.too_many"), most=MOST_EVENTS)
    if not found:
        raise Invalid(_("ical.empty"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Property:
    line: int
    name: str
    params: Mapping[str, str]
    value: str


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    properties: tuple[_Property, ...]

    def one(self, name: str) -> _Property | None:
        """The only property of a name. Raises Invalid for two."""
        found = [one for one in self.properties if one.name == name]
        if len(found) > 1:
            raise Invalid(_("ical.twice"), line=found[1].line, name=name)
        return found[0] if found else None


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The lines with the number of each; one that begins with a blank goes on with the last."""
    number, parts = 0, [""]
    for count, line in enumerate(_BREAK.split(text), 1):
        if line[:1] in (" ", "\t") and number:
            parts.append(line[1:])
            continue
        if number and any(parts):
            yield number, "".join(parts)
        number, parts = count, [line]
    if any(parts):
        yield number, "".join(parts)


def _events(lines: Iterable[tuple[int, str]]) -> Iterator[_Block]:
    """The events, without what is nested in them: alarms, and the definitions of time zones."""
    nesting: list[str] = []
    begins, properties = 0, list[_Property]()
    for line, text in lines:
        if not text.strip():
            continue
        found = _property(line, text)
        kind = found.value.strip().upper()
        if found.name == "BEGIN":
            nesting.append(kind)
            if nesting == ["VCALENDAR", "VEVENT"]:
                begins, properties = line, []
        elif found.name == "END":
            if not nesting or nesting.pop() != kind:
                raise Invalid(_("ical.broken"), line=line)
            if kind == "VEVENT" and nesting == ["VCALENDAR"]:
                yield _Block(begins, tuple(properties))
        elif nesting == ["VCALENDAR", "VEVENT"]:
            properties.append(found)
        elif not nesting:
            raise Invalid(_("ical.broken"), line=line)
    if nesting:
        raise Invalid(_("ical.cut"))


def _property(line: int, text: str) -> _Property:
    """NAME;PARAM=VALUE;PARAM="VALUE":value"""
    head, value = _parted(text, ":")
    if value is None:
        raise Invalid(_("ical.broken"), line=line)
    name, rest = _parted(head, ";")
    params: dict[str, str] = {}
    # Each turn of the loop copies what is left of the line: more would only cost time.
    while rest and len(params) < MOST_PARAMS:
        param, rest = _parted(rest[:MOST_TEXT], ";")
        key, _equals, meant = param.partition("=")
        params[key.strip().upper()] = meant.strip().strip('"')
    if not _NAME.fullmatch(name.strip()):
        raise Invalid(_("ical.broken"), line=line)
    return _Property(line, name.strip().upper(), params, value)


def _parted(text: str, sign: str) -> tuple[str, str | None]:
    """What stands before and after the first such sign that is not within quotes."""
    quoted = False
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == sign and not quoted:
            return text[:place], text[place + 1 :]
    return text, None


def _event(block: _Block) -> Event:
    repeats = next((one for one in block.properties if one.name in _REPEATS), None)
    if repeats is not None:
        raise Invalid(_("ical.repeats"), line=repeats.line)
    starts, ends = _instant(block, "DTSTART"), _instant(block, "DTEND")
    if ends <= starts:
        raise Invalid(_("ical.ends_before_starts"), line=block.line)
    uid, summary, status = block.one("UID"), block.one("SUMMARY"), block.one("STATUS")
    people = [
        one.value.strip()[len("mailto:") : MOST_TEXT]
        for one in block.properties
        if one.name == "ATTENDEE" and one.value.strip().lower().startswith("mailto:")
    ][:MOST_INVITED]
    if summary is not None:
        people.append(_unescaped(summary.value[:MOST_TEXT]).strip())
    return Event(
        line=block.line,
        uid=uid.value.strip() if uid else "",
        starts=starts,
        ends=ends,
        people=tuple(people),
        cancelled=status is not None and status.value.strip().upper() == "CANCELLED",
    )


def _instant(block: _Block, name: str) -> datetime:
    """When it begins or ends, in UTC. A time without a zone could mean anything: refused.

    An hour that the clocks jump over or show twice is read as RFC 5545, 3.3.5, says: by the offset
    before the jump, and as the first of the two.
    """
    found = block.one(name)
    if found is None:
        raise Invalid(_("ical.missing"), line=block.line, name=name)
    match = _STAMP.fullmatch(found.value.strip())
    if match is None:
        whole_day = found.params.get("VALUE", "").upper() == "DATE"
        key = _("ical.whole_day") if whole_day else _("ical.time")
        raise Invalid(key, line=found.line)
    zone = found.params.get("TZID", "")
    if not zone and not match[2]:
        raise Invalid(_("ical.no_zone"), line=found.line)
    try:
        place = UTC if match[2] else _zone(zone)
        # fold=0 is what the standard asks for.
        wall = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=place)
        at = wall.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(_("ical.time"), line=found.line) from None
    except ZoneInfoNotFoundError:
        raise Invalid(_("ical.zone"), line=found.line) from None
    if not 2000 <= at.year <= 2100:
        raise Invalid(_("ical.time"), line=found.line)
    return at


def _zone(name: str) -> ZoneInfo:
    """Raises ZoneInfoNotFoundError, also for what could never name one."""
    if not re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", name):
        raise ZoneInfoNotFoundError(name)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):
        raise ZoneInfoNotFoundError(name) from None


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = "".join(char for char in text if char.isprintable())
    return re.sub(r"([\\;,])", r"\\\1", plain)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], text)


def _folded(line: str) -> str:
    """A line in pieces of `OCTETS` at most, none of which ends within a sign."""
    pieces, piece, length = [], "", 0
    for char in line:
        size = len(char.encode())
        if length + size > OCTETS:
            pieces.append(piece)
            # The blank with which the next one begins counts too.
            piece, length = "", 1
        piece += char
        length += size
    return "\r\n ".join([*pieces, piece])
