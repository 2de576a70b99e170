"""What the Bot API accepts: recipients, texts, markup. Source: core.telegram.org/bots/api."""

import html
import json
import re
from dataclasses import dataclass, field

from tests.standins.telegram_errors import bad_request

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 64
MAX_CALLBACK_ANSWER = 200
DELETABLE_FOR = 48 * 3600  # seconds; core.telegram.org/bots/api#deletemessage

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")
_TAGS = frozenset(
    {"a", "b", "blockquote", "code", "del", "em", "i", "ins", "pre", "s", "span", "strike"}
    | {"strong", "tg-emoji", "tg-spoiler", "u"}
)
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True)
class Markup:
    """The buttons of a message. `inline` is the keyboard that the answer repeats."""

    buttons: tuple[str, ...] = ()
    callback_data: dict[str, str] = field(default_factory=dict)
    inline: dict[str, object] | None = None


def check_chat_id(value: str) -> int:
    """The chat's number; the stand-in knows no @names."""
    if not value:
        raise bad_request("chat_id is empty")
    try:
        chat_id = int(value)
    except ValueError:
        chat_id = 0
    if chat_id == 0:
        raise bad_request("chat not found")
    return chat_id


def check_text(text: str, parse_mode: str) -> str:
    """The text that a person will read."""
    visible = visible_text(text, parse_mode)
    if not visible.strip():
        raise bad_request("message text is empty")
    if len(visible) > MAX_TEXT:
        raise bad_request("message is too long")
    return visible


def check_caption(text: str, parse_mode: str) -> str:
    """The caption that a person will read; may be empty."""
    visible = visible_text(text, parse_mode)
    if len(visible) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return visible


def visible_text(text: str, parse_mode: str) -> str:
    """The text without markup. Only HTML is read; Markdown is refused rather than let through."""
    if not parse_mode:
        return text
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode (the stand-in reads HTML only)")
    parts: list[str] = []
    opened: list[str] = []
    position = 0
    while (start := text.find("<", position)) >= 0:
        parts.append(html.unescape(text[position:start]))
        offset = len(text[:start].encode())
        tag = _TAG.match(text, start)
        if tag is None or tag[2].lower() not in _TAGS:
            name = tag[2] if tag else ""
            raise _entities(f'Unsupported start tag "{name}" at byte offset {offset}')
        if not tag[1]:
            opened.append(tag[2].lower())
        elif not opened or opened.pop() != tag[2].lower():
            raise _entities(f"Unmatched end tag at byte offset {offset}")
        position = tag.end()
    if opened:
        raise _entities(f'Can\'t find end tag corresponding to start tag "{opened[-1]}"')
    parts.append(html.unescape(text[position:]))
    return "".join(parts)


def check_markup(text: str) -> Markup:
    """The buttons of `reply_markup`, which is JSON or nothing."""
    if not text:
        return Markup()
    try:
        markup: object = json.loads(text)
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        labels = [_label(key) for row in _rows(markup, "keyboard") for key in row]
        return Markup(buttons=tuple(labels))
    if not {"remove_keyboard", "force_reply"} & set(markup) and markup:
        raise bad_request("can't parse reply keyboard markup JSON object")
    return Markup()


def check_commands(text: str) -> list[dict[str, str]]:
    """The list that setMyCommands sets."""
    try:
        commands: object = json.loads(text or "[]")
    except ValueError:
        commands = None
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON")
    for one in commands:
        name = one.get("command") if isinstance(one, dict) else None
        about = one.get("description") if isinstance(one, dict) else None
        if not isinstance(name, str) or not _COMMAND.fullmatch(name.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not isinstance(about, str) or not 1 <= len(about) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def _inline(markup: dict[str, object]) -> Markup:
    labels: list[str] = []
    data: dict[str, str] = {}
    for row in _rows(markup, "inline_keyboard"):
        for key in row:
            label = _label(key)
            labels.append(label)
            if not isinstance(key, dict) or len(key) < 2:
                raise _button("Text buttons are unallowed in the inline keyboard")
            if "callback_data" in key:
                value = key["callback_data"]
                if not isinstance(value, str) or not 1 <= len(value.encode()) <= MAX_CALLBACK_DATA:
                    raise bad_request("BUTTON_DATA_INVALID")
                data.setdefault(label, value)
    return Markup(tuple(labels), data, markup)


def _rows(markup: dict[str, object], name: str) -> list[list[object]]:
    rows = markup[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    return rows


def _label(key: object) -> str:
    label = key.get("text") if isinstance(key, dict) else key
    if not isinstance(label, str) or not label.strip():
        raise _button('field "text" must be a non-empty String')
    return label


def _button(what: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {what}")


def _entities(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")
