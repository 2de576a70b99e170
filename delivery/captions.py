"""What of a message with an attachment fits into one message of a chat. A row is one message of its
provider's, so whoever has more to show queues more rows."""

from dataclasses import replace

from delivery.content import Content

MAX_CAPTION = 1024  # characters; core.telegram.org/bots/api#sendphoto

WITHOUT_CAPTION = frozenset({"video_note", "sticker"})
"""Kinds of attachment that can have no text: a round video, a sticker."""


def parts_of(content: Content) -> tuple[Content, ...]:
    """The rows that show all of a content in a chat: itself, or its words and then its attachment.

    The second has no words in any wording: it is for a chat alone. Buttons stay with the words.
    """
    file = content.attachment
    if file is None or not content.chat:
        return (content,)
    if file.kind not in WITHOUT_CAPTION and len(content.chat) <= MAX_CAPTION:
        return (content,)
    words = replace(content, attachment=None)
    return words, Content(chat="", sms="", attachment=file, protected=content.protected)
