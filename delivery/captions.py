"""What of a message fits into one message of a chat. A row is one message of its provider's, so
whoever has more to show queues more rows."""

from dataclasses import replace

from delivery import utf16
from delivery.content import Content
from delivery.filling import MOST_CAPTION, MOST_CHAT
from delivery.splitting import split_chat

MAX_CAPTION = MOST_CAPTION

WITHOUT_CAPTION = frozenset({"video_note", "sticker"})
"""Kinds of attachment that can have no text: a round video, a sticker."""


def parts_of(content: Content) -> tuple[Content, ...]:
    """The rows that show all of a content in a chat: itself, or its words and then its attachment.

    Words too long for one message are cut where a reader would pause. What comes after the first
    row has no words in any other wording: it is for a chat alone. Buttons stay with the last of the
    words.
    """
    file = content.attachment
    if file is None or not content.chat:
        return _pages(content)
    if file.kind not in WITHOUT_CAPTION and len(content.chat) <= MAX_CAPTION:
        return (content,)
    alone = Content(chat="", sms="", attachment=file, protected=content.protected)
    return *_pages(replace(content, attachment=None)), alone


def _pages(content: Content) -> tuple[Content, ...]:
    """The words of a content in as many messages as they take. Only the first takes the place of an
    earlier message, and only the last asks for something."""
    if utf16.length(content.chat) <= MOST_CHAT:
        return (content,)
    parts = split_chat(content.chat, content.entities, MOST_CHAT)
    pages = [
        Content(part.text, "", entities=part.entities, protected=content.protected)
        for part in parts
    ]
    if len(pages) < 2:
        return (content,)
    pages[0] = replace(pages[0], sms=content.sms, spoken=content.spoken, replaces=content.replaces)
    pages[-1] = replace(pages[-1], buttons=content.buttons, ask_location=content.ask_location)
    return tuple(pages)
