"""Which of our numbers somebody writes to: they are answered from the same one."""

from collections.abc import Mapping

from sqlalchemy import select

from bot.heard import Heard
from db.session import Session
from delivery import senders


async def keep_to_number(session: Session, heard: Heard, numbers: Mapping[str, str]) -> None:
    """Answer, and write, from the number that was written to, where there are several.

    `numbers` maps each ordinary number to its sender. The one for urgent is not among them: who
    writes to it is answered as before, and has to be led around a STOP only while it holds.
    """
    name = numbers.get(heard.wrote_to)
    if name is None or len(numbers) < 2:
        return
    who = heard.sender
    known = await session.scalar(select(senders.known_sender(who.channel, who.value)))
    if known != name:
        await senders.remember(session, who, name)
