"""The `content` of a campaign file: what it says in each language."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from campaigns.audience.fields import known_languages
from campaigns.content import rendering
from campaigns.content.model import Poll, Wording
from campaigns.content.rendering import FAULTS, Said
from campaigns.written.buttons import GoesFirst, no_word, read_buttons, read_poll
from campaigns.written.document import Node, Scalar, Table
from campaigns.written.enclosing import Files, read_media
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from delivery.filling import MOST_CAPTION, MOST_CHAT, MOST_SMS
from delivery.segments import measure
from locales.languages import FALLBACK, language_codes, language_of
from locales.text import _

KEYS = ("text", "sms", "media", "buttons", "poll")
MOST_SEGMENTS = 10
MOST_WRITTEN = 4 * MOST_CHAT
"""Signs of a text with its marks and addresses; more are not even read."""
_NOTHING = Table(0, 0, {})


def read_contents(
    key: Scalar,
    node: Node,
    reading: Reading,
    *,
    by_sms: bool,
    by_chat: bool = True,
    files: Files | None = None,
    goes_first: GoesFirst = no_word,
) -> Mapping[str, Wording] | None:
    """Language to wording, Spanish among them; `by_sms` and `by_chat` say by which ways it goes
    out, `files` where its media are, `goes_first` which words
    cannot be answers to a poll."""
    table = reading.table(node, "content")
    if table is None:
        return None
    known = language_codes()
    contents: dict[str, Wording] = {}
    spoken: dict[str, tuple[Scalar, Table]] = {}
    for name, (place, value) in table.entries.items():
        if name not in known:
            reading.refuse(
                place,
                _("campaigns.file.unknown_language"),
                found=shown(name),
                expected=known_languages(),
            )
        elif isinstance(value, Table) and _is_spoken_alone(name, value):
            spoken[name] = (place, value)
        else:
            wording = _wording(place, value, reading, goes_first, by_sms=by_sms)
            if wording is not None:
                contents[name] = wording
    if FALLBACK not in table.entries:
        reading.refuse(key, _("campaigns.file.no_spanish"))
        return None
    # A family before its variants, which may say what it says.
    for name in sorted(spoken, key=lambda code: (_family_of(code) is not None, code)):
        wording = _spoken(name, spoken[name][1], contents, reading, goes_first)
        if wording is not None:
            contents[name] = wording
    for name, (_place, value) in table.entries.items():
        if name in contents and isinstance(value, Table):
            contents[name] = _with_media(
                contents[name], value, reading, files or Files(), by_chat=by_chat
            )
    _check_polls(table, contents, reading)
    return contents


def _is_spoken_alone(language: str, table: Table) -> bool:
    """Whether a language has a recording, or another file, and no text of its own. Spanish is what
    others fall back on and must have one."""
    return (
        language != FALLBACK
        and "media" in table.entries
        and not {"text", "sms"} & set(table.entries)
    )


def _family_of(code: str) -> str | None:
    language = language_of(code)
    return None if language is None else language.family


def _spoken(
    code: str,
    table: Table,
    contents: Mapping[str, Wording],
    reading: Reading,
    goes_first: GoesFirst,
) -> Wording | None:
    """A language that is only spoken says in writing what its family does, else what Spanish does.

    None when that could not be read, which is told where it stands.
    """
    reading.known_keys(table, KEYS)
    base = contents.get(_family_of(code) or FALLBACK) or contents.get(FALLBACK)
    given = reading.given(table, "buttons")
    buttons = None if given is None else read_buttons(given, reading)
    given = reading.given(table, "poll")
    poll = None if given is None else read_poll(given, reading, goes_first)
    if base is None:
        return None
    own = base if buttons is None else replace(base, buttons=buttons)
    return own if poll is None else replace(own, poll=poll)


def _with_media(
    wording: Wording, table: Table, reading: Reading, files: Files, *, by_chat: bool
) -> Wording:
    """A wording with its file, if it has one; its text must fit below a picture."""
    given = reading.given(table, "media")
    if given is None:
        return wording
    key = table.entries["media"][0]
    if not by_chat:
        reading.refuse(key, _("campaigns.file.media_no_chat"))
        return wording
    signs = len(wording.content(0).chat)
    if signs > MOST_CAPTION:
        reading.refuse(key, _("campaigns.file.caption_long"), signs=signs, most=MOST_CAPTION)
    return replace(wording, media=read_media(given, reading, files))


def _check_polls(table: Table, contents: Mapping[str, Wording], reading: Reading) -> None:
    """An answer means the same in every language: each has the poll, with as many answers."""
    numbers = {language: _answers(wording.poll) for language, wording in contents.items()}
    most = max(numbers.values(), default=0)
    for language, number in numbers.items():
        if number != most:
            reading.refuse(
                table.entries[language][0], _("campaigns.file.poll_differs"), language=language
            )


def _answers(poll: Poll | None) -> int:
    return 0 if poll is None else len(poll.answers)


def _wording(
    key: Scalar, node: Node, reading: Reading, goes_first: GoesFirst, *, by_sms: bool
) -> Wording | None:
    table = _NOTHING if _is_nothing(node) else reading.table(node, "content")
    if table is None:
        return None
    reading.known_keys(table, KEYS)
    if not {"text", "sms"} & table.entries.keys():
        reading.refuse(key, _("campaigns.file.empty_content"), language=key.text)
        return None
    text = _text(table, "text", reading)
    sms = _text(table, "sms", reading)
    given = reading.given(table, "buttons")
    buttons = () if given is None else read_buttons(given, reading)
    given = reading.given(table, "poll")
    poll = None if given is None else read_poll(given, reading, goes_first)
    said = text or sms
    is_whole = given is None or poll is not None
    if said is None or not _can_be_said(text, sms, reading) or not is_whole:
        return None
    written = rendering.escaped(_written(said)) if text is None else _written(said)
    wording = Wording(written, None if sms is None else _written(sms), buttons, poll)
    signs = len(wording.content(0).chat)
    if signs > MOST_CHAT:
        reading.refuse(said, _("campaigns.file.text_long"), signs=signs, most=MOST_CHAT)
    if by_sms or sms is not None:
        _check_sms(sms or said, wording.in_sms, reading)
    return wording


def _can_be_said(text: Scalar | None, sms: Scalar | None, reading: Reading) -> bool:
    """Whether marks and placeholders can be read; what is wrong is told where it stands."""
    fine = [
        _is_readable(scalar, read, reading)
        for scalar, read in ((text, rendering.in_chat), (sms, rendering.as_written))
        if scalar is not None
    ]
    return all(fine)


def _is_readable(scalar: Scalar, read: Callable[[str], Said], reading: Reading) -> bool:
    text = _written(scalar)
    if len(text) > MOST_WRITTEN:
        reading.refuse(scalar, _("campaigns.file.text_long"), signs=len(text), most=MOST_CHAT)
        return False
    try:
        read(text)
    except FAULTS as error:
        blanks = len(scalar.text) - len(scalar.text.lstrip())
        place = reading.source.place_in(scalar, blanks + error.position)
        reading.refuse_at(place, error.reason.key, error.reason.params)
        return False
    return True


def _text(table: Table, name: str, reading: Reading) -> Scalar | None:
    """A text that says something; one that is there and says nothing is told."""
    found = table.entries.get(name)
    if found is None:
        return None
    scalar = reading.text(found[1], name)
    if scalar is None:
        return None
    if scalar.is_empty or not _written(scalar):
        reading.refuse(found[0], _("campaigns.file.empty_text"), name=name)
        return None
    return scalar


def _check_sms(scalar: Scalar, text: str, reading: Reading) -> None:
    cost = measure(text)
    if len(text) > MOST_SMS or cost.segments > MOST_SEGMENTS:
        reading.refuse(
            scalar,
            _("campaigns.file.sms_long"),
            signs=len(text),
            most=MOST_SMS,
            segments=cost.segments,
            most_segments=MOST_SEGMENTS,
        )


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text.strip()


def _written(scalar: Scalar) -> str:
    """A text without the blanks around it, which a block of YAML always ends with."""
    return scalar.text.strip()
