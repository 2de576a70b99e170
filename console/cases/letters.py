"""Messages that a person must read, and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from fastapi import Response

from console.cases.words import CHANNELS
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from db.session import Session
from kit.errors import NotFound, Problem
from locales.text import _
from staff.model import Member, Right
from staff.signin.forms import once

HERE = "/mensajes"


@dataclass(frozen=True, slots=True)
class Letter:
    """Something that a person has to read. `reason` is the key of the sentence that says why it
    waits; who said that they must not be written to is not `answerable`."""

    id: int
    channel: str
    language: str
    reason: str
    danger: bool
    answerable: bool
    received_at: datetime
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of letters, dangers in front, how many there are in all, how many arrivals could not
    even be read, and where the next page begins ("" on the last one)."""

    letters: Sequence[Letter]
    total: int
    failed: int
    following: str = ""


class Letters(Protocol):
    """The inbox, which `console` may not import."""

    async def waiting(self, session: Session, member: Member, after: str = "") -> Waiting:
        """What waits, behind a place of the list. Refused without the right to answer."""

    async def answer(
        self, session: Session, member: Member, letter_id: int, words: str, now: datetime
    ) -> None:
        """Send a person's words. Refused, NotFound, Invalid."""

    async def read(self, session: Session, member: Member, letter_id: int, now: datetime) -> None:
        """Take it from the list, and send nothing. Refused, NotFound."""

    async def fingerprint(self, session: Session) -> str:
        """What differs when something waits more or less; one cheap query."""


def add_letters(pages: StaffPages, streams: Streams, letters: Letters) -> None:
    """`/mensajes`, its stream, and the answers."""

    async def shown(
        visit: Visit, template: str, *, status: int = 200, answered: int = 0, trouble: str = ""
    ) -> Response:
        async with visit.database.read() as session:
            waiting = await letters.waiting(session, visit.member, visit.query("desde"))
            seen = await letters.fingerprint(session)
        return visit.page(
            template,
            status=status,
            waiting=waiting,
            later=bool(visit.query("desde")),
            seen=seen,
            trouble=trouble,
            answered=answered,
            typed=visit.form["words"],
            CHANNELS=CHANNELS,
        )

    @pages.get(HERE, needs=Right.ANSWER_INBOX)
    async def show(visit: Visit) -> Response:
        return await shown(visit, "cases/letters.html")

    @pages.get(f"{HERE}/lista", needs=Right.ANSWER_INBOX)
    async def part(visit: Visit) -> Response:
        return await shown(visit, "cases/letters_news.html")

    @pages.get(f"{HERE}/eventos", needs=Right.ANSWER_INBOX)
    async def stream(visit: Visit) -> Response:
        return streams.answer(visit, "letters", letters.fingerprint)

    @pages.post(f"{HERE}/{{id}}", needs=Right.ANSWER_INBOX)
    async def answer(visit: Visit) -> Response:
        letter_id, words = visit.number("id"), visit.form["words"]
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(HERE)
                await letters.answer(session, visit.member, letter_id, words, visit.now)
        except NotFound:
            raise
        except Problem as problem:
            said = visit.text(problem.key, **problem.params)
            return await shown(
                visit, "cases/letters.html", status=409, answered=letter_id, trouble=said
            )
        return visit.go(f"{HERE}#hecho", _("console.letters.sent"))

    @pages.post(f"{HERE}/{{id}}/leido", needs=Right.ANSWER_INBOX)
    async def read(visit: Visit) -> Response:
        letter_id = visit.number("id")
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(HERE)
                await letters.read(session, visit.member, letter_id, visit.now)
        except NotFound:
            raise
        except Problem as problem:
            said = visit.text(problem.key, **problem.params)
            return await shown(visit, "cases/letters.html", status=409, trouble=said)
        return visit.go(f"{HERE}#hecho", _("console.letters.was_read"))
