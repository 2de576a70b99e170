"""When a campaign leaves, as the form asks for it. Pure."""

from datetime import datetime

from campaigns.written.dates import RECIPIENT
from console.editor.fields import Fields
from console.editor.lines import Leaf, Node
from kit import wall

NOW, AT, EVERY, CRON, AFTER = "now", "at", "every", "cron", "after"
WAYS = (NOW, AT, EVERY, AFTER, CRON)


def schedule_of(fields: Fields) -> Node:
    """The `schedule` of the campaign file."""
    match fields.one("when"):
        case "at":
            return {"at": _at(fields), "timezone": Leaf(fields.one("zone"), "zone")}
        case "every":
            often = f"{fields.said('every_count') or '1'} {fields.one('every_unit')}"
            found: dict[str, Node] = {
                "every": Leaf(often, "every_count"),
                "at": Leaf(_day_and_time(fields), "at_day"),
                "timezone": Leaf(fields.one("zone"), "zone"),
            }
            return found | _limits(fields)
        case "cron":
            found = {
                "cron": Leaf(fields.one("cron"), "cron"),
                "timezone": Leaf(fields.one("zone"), "zone"),
            }
            if fields.has("start_day"):
                found["start"] = Leaf(fields.said("start_day"), "start_day")
            return found | _limits(fields)
        case "after":
            found = {
                "after": Leaf("joined", "after_days"),
                "days": Leaf(fields.said("after_days"), "after_days"),
            }
            if fields.has("after_time"):
                found["at"] = Leaf(fields.said("after_time"), "after_time")
            return found
        case _:
            return Leaf(NOW, "when")


def twice(fields: Fields) -> tuple[str, ...]:
    """The two offsets of an hour that clocks show twice on its day, to choose from; else none."""
    zone, written = fields.one("zone"), _naive(fields)
    if fields.one("when") != AT or zone in ("", RECIPIENT) or written is None:
        return ()
    try:
        instants = wall.instants_of(written, zone)
    except OverflowError:
        return ()
    if len(instants) < 2:
        return ()
    return tuple(_offset(at, zone) for at in instants)


def _offset(at: datetime, zone: str) -> str:
    # `shown` knows only the naive time; the offset is what it differs by.
    seconds = int((wall.shown(at, zone) - at.replace(tzinfo=None)).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


def _at(fields: Fields) -> Leaf:
    written = _day_and_time(fields)
    offset = fields.one("at_offset")
    # One that was chosen for another day or zone says nothing any more.
    return Leaf(written + offset if offset in twice(fields) else written, "at_day")


def _day_and_time(fields: Fields) -> str:
    day, time = fields.said("at_day"), fields.said("at_time")
    return f"{day}T{time}" if day and time else f"{day}{time}"


def _naive(fields: Fields) -> datetime | None:
    try:
        written = datetime.fromisoformat(_day_and_time(fields))
    except ValueError:
        return None
    return written if written.tzinfo is None else None


def _limits(fields: Fields) -> dict[str, Node]:
    found: dict[str, Node] = {}
    if fields.has("end_day"):
        found["end"] = Leaf(fields.said("end_day"), "end_day")
    days = fields.one("skip").replace(",", " ").replace(";", " ").split()
    if days:
        found["skip"] = [Leaf(day, "skip") for day in days]
    return found
