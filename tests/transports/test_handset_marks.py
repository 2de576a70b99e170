"""What stands bold, italic or as a link on an invented phone."""

import pytest

from delivery.content import Content, Entity
from delivery.model import Lane, SendError
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from tests.transports.handset_stage import OFELIA, Stage
from transports.handset.model import Body

MARKS = (Entity("bold", 0, 3), Entity("link", 4, 4, "https://example.org"))


async def send(playing: Stage, content: Content) -> None:
    to = Endpoint(Channel.TELEGRAM, OFELIA)
    await playing.transport(Channel.TELEGRAM).send(Outgoing(1, to, content, Lane.BULK))


async def test_a_phone_is_told_what_is_marked(playing: Stage) -> None:
    await send(playing, Content("Ojo aquí 🌵", "", entities=MARKS))
    (line,) = await playing.lines()
    assert line["text"] == "Ojo aquí 🌵"
    assert line["entities"] == [
        {"kind": "bold", "offset": 0, "length": 3, "url": ""},
        {"kind": "link", "offset": 4, "length": 4, "url": "https://example.org"},
    ]


async def test_an_sms_shows_none(playing: Stage) -> None:
    to = Endpoint(Channel.SMS, "+12135550101")
    content = Content("Ojo aquí", "Ojo", entities=MARKS)
    await playing.transport(Channel.SMS).send(Outgoing(1, to, content, Lane.BULK))
    (line,) = await playing.lines()
    assert line["entities"] == []


@pytest.mark.parametrize(
    "mark",
    [Entity("bold", 0, 0), Entity("bold", -1, 2), Entity("bold", 3, 2), Entity("bold", 5, 1)],
)
async def test_a_mark_outside_the_text_is_refused_as_the_real_one_would(
    playing: Stage, mark: Entity
) -> None:
    with pytest.raises(SendError):
        await send(playing, Content("🌵 a", "", entities=(mark,)))


def test_lines_of_an_earlier_version_have_no_marks() -> None:
    assert Body.unpack('{"text":"hola"}').entities == ()
    body = Body(text="Ojo aquí", entities=MARKS)
    assert Body.unpack(body.pack()) == body
