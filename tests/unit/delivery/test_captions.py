"""What of a message with an attachment fits into one message of a chat."""

import pytest

from delivery.captions import MAX_CAPTION, parts_of
from delivery.content import Attachment, Button, Content

PHOTO = Attachment("photo", "file")
BUTTONS = ((Button("Tomar", "A:K7Q2"),),)


def content(words: str, kind: str = "photo") -> Content:
    return Content(words, "sms", BUTTONS, attachment=Attachment(kind, "file"), protected=True)


@pytest.mark.parametrize(
    "whole",
    [
        Content("words", "sms"),
        Content("ñ" * 4000, "sms"),
        content("ñ" * MAX_CAPTION),
        content("", "video_note"),
        content("", "sticker"),
        content("words", "voice"),
    ],
)
def test_what_fits_stays_one_message(whole: Content) -> None:
    assert parts_of(whole) == (whole,)


@pytest.mark.parametrize(
    "whole",
    [content("ñ" * (MAX_CAPTION + 1)), content("words", "video_note"), content("w", "sticker")],
)
def test_words_that_do_not_fit_go_before_the_attachment_and_nothing_is_lost(whole: Content) -> None:
    words, file = parts_of(whole)
    assert (words.chat, words.sms, words.buttons) == (whole.chat, whole.sms, BUTTONS)
    assert words.attachment is None
    assert (file.chat, file.sms, file.attachment) == ("", "", whole.attachment)
    assert words.protected
    assert file.protected
    assert parts_of(words) == (words,)
    assert parts_of(file) == (file,)
