"""The campaign file: YAML from a person, read into a draft or into everything that is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from campaigns.audience.language import AudienceError, parse
from campaigns.content.model import Media
from campaigns.model import CampaignClass, CampaignDraft
from campaigns.schedule.calendar import Calendar, NoCalendar
from campaigns.schedule.model import Now
from campaigns.warnings.reading import read_warning, refuse_misplaced
from campaigns.written.conditions import read_cohort, read_keyword, read_reason
from campaigns.written.document import DocumentError, FileError, Node, Table, read_document
from campaigns.written.enclosing import Files
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from campaigns.written.timing import read_schedule, read_stale_after
from campaigns.written.wording import read_contents
from contacts.model import Topic
from kit.channels import WRITTEN, Channel
from locales.text import _

KEYS = (
    "title",
    "topic",
    "class",
    "audience",
    "channels",
    "content",
    "schedule",
    "stale_after",
    "reason",
    "cohort",
    "keyword",
    "warning",
)
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Outside:
    """What of a file only others can tell: cron expressions, words that mean something else, and
    files: `open_file` gives the bytes of one beside the campaign's own by its path, if there is
    such a place, and `stored` finds one that the platform holds already by its fingerprint.
    `goes_first` tells words that mean something before they answer a poll."""

    calendar: Calendar = field(default_factory=NoCalendar)
    is_reserved: Callable[[str], bool] = lambda word: False
    open_file: Callable[[str], bytes | None] | None = None
    stored: Callable[[str], Media | None] = lambda sha256: None
    goes_first: Callable[[str], bool] = lambda answer: False


def read(
    data: bytes, now: datetime, outside: Outside | None = None
) -> CampaignDraft | list[FileError]:
    """Read a campaign file, or say all that is wrong with it, in the order of its lines.

    `title`, `topic`, `audience` and `content` must be there. Without `class` it is normal, without
    `channels` all are used, Telegram first because it costs nothing, and without `schedule` it
    waits for its start. `now` is what an `at` must lie after.
    """
    try:
        source, table = read_document(data)
    except DocumentError as error:
        return [error.error]
    reading = Reading(source)
    reading.known_keys(table, KEYS)
    draft = _draft(table, reading, now, outside or Outside())
    return reading.errors if draft is None or reading.errors else draft


def _draft(table: Table, reading: Reading, now: datetime, outside: Outside) -> CampaignDraft | None:
    title = _title(table, reading)
    topic = _choice(table, "topic", tuple(Topic), reading)
    kind = CampaignClass.NORMAL
    if reading.given(table, "class") is not None:
        kind = CampaignClass(_choice(table, "class", tuple(CampaignClass), reading) or kind)
    audience = _audience(table, reading)
    channels = _channels(reading.given(table, "channels"), reading)
    content = reading.needed(table, "content")
    contents = content and read_contents(
        table.entries["content"][0],
        content,
        reading,
        by_sms=Channel.SMS in channels,
        by_chat=Channel.TELEGRAM in channels,
        files=Files(outside.open_file, outside.stored),
        goes_first=outside.goes_first,
    )
    given = reading.given(table, "schedule")
    schedule = Now() if given is None else read_schedule(given, reading, now, outside.calendar)
    given = reading.given(table, "stale_after")
    stale_after = None if given is None else read_stale_after(given, reading)
    given = reading.given(table, "reason")
    reason = "" if given is None else read_reason(given, reading)
    given = reading.given(table, "cohort")
    cohort = None if given is None else read_cohort(given, reading)
    given = reading.given(table, "keyword")
    keyword = None if given is None else read_keyword(given, reading, outside.is_reserved)
    given = reading.given(table, "warning")
    warning = None if given is None else read_warning(given, reading)
    if warning is not None and topic:
        emergency = kind is CampaignClass.EMERGENCY
        key = table.entries["warning"][0]
        refuse_misplaced(key, Topic(topic), emergency=emergency, reading=reading)
    if not (title and topic and audience and contents and schedule):
        return None
    return CampaignDraft(
        title=title,
        topic=Topic(topic),
        kind=kind,
        audience=audience,
        channels=channels,
        contents=contents,
        schedule=schedule,
        stale_after=stale_after,
        reason=reason,
        cohort=cohort,
        keyword=keyword,
        warning=warning,
    )


def _title(table: Table, reading: Reading) -> str | None:
    node = reading.needed(table, "title")
    scalar = None if node is None else reading.text(node, "title")
    if scalar is None:
        return None
    title = " ".join(scalar.text.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        reading.refuse(scalar, _("campaigns.file.title"), most=LONGEST_TITLE)
        return None
    return title


def _choice(table: Table, name: str, known: tuple[str, ...], reading: Reading) -> str | None:
    node = reading.needed(table, name)
    return None if node is None else reading.choice(node, name, known)


def _audience(table: Table, reading: Reading) -> str | None:
    node = reading.needed(table, "audience")
    scalar = None if node is None else reading.text(node, "audience")
    if scalar is None:
        return None
    try:
        parse(scalar.text)
    except AudienceError as error:
        # The place in the file, not in the expression: that is where the author will look.
        place = reading.source.place_in(scalar, error.position - 1)
        reading.refuse_at(place, error.reason.key, error.reason.params)
        return None
    return scalar.text.strip()


def _channels(node: Node | None, reading: Reading) -> tuple[Channel, ...]:
    """The channels in order; all of them when none are named or what is named is wrong."""
    everything = WRITTEN
    listing = None if node is None else reading.listing(node, "channels")
    if listing is None:
        return everything
    found: list[Channel] = []
    for item in listing.items:
        name = reading.choice(item, "channels", everything)
        if name is None:
            return everything
        if name in found:
            reading.refuse(item, _("campaigns.file.channel_twice"), found=shown(name))
        found.append(Channel(name))
    if not found:
        reading.refuse(listing, _("campaigns.file.no_channel"), expected=", ".join(everything))
    return tuple(found) or everything
