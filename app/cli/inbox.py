"""`tequio inbox`: what the machine could not use, and people answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import typer

from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.names import channel_name, letter_reason
from bot.inbox import answering, letters, store
from bot.inbox.letters import Letter
from bot.inbox.store import Inbound
from locales.text import _
from staff import service as staff
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person: letters, and arrivals that could not be processed."""

    letters: Sequence[Letter]
    failed: Sequence[Inbound]

    def document(self) -> dict[str, object]:
        """What `--json` prints: no number and no name, but the words that are to be answered."""
        return {
            "letters": [
                {
                    "id": letter.id,
                    "channel": letter.sender.channel,
                    "language": letter.language,
                    "reason": letter.reason,
                    "received_at": letter.received_at.isoformat(),
                    "body": letter.body,
                }
                for letter in self.letters
            ],
            "failed": [
                {"id": one.id, "channel": one.channel, "arrived_at": one.arrived_at.isoformat()}
                for one in self.failed
            ],
        }


@cli.command("list")
def list_(as_json: bool = JSON) -> None:
    """What waits to be read, dangers in front."""

    async def work(desk: Desk) -> Waiting:
        async with desk.database.read() as session:
            return Waiting(await letters.to_read(session), await store.failed(session))

    perform(work, as_json=as_json, document=Waiting.document, show=_print)


@cli.command()
def answer(
    letter_id: int,
    words: str,
    email: str = typer.Option(..., "--as", help="E-mail of who answers."),
    as_json: bool = JSON,
) -> None:
    """Answer somebody in your own words."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.ANSWER_INBOX)
            return await answering.answer(session, letter_id, member, words, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda message_id: {"message": message_id},
        show=lambda message_id: screen.print(say(_("cli.answered"))),
    )


@cli.command()
def read(
    letter_id: int,
    email: str = typer.Option(..., "--as", help="E-mail of who has read it."),
    as_json: bool = JSON,
) -> None:
    """Take a message from the list that needs no answer, or may have none. Nothing is sent."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.ANSWER_INBOX)
            await answering.read(session, letter_id, member, desk.clock.now())
            return letter_id

    perform(
        work,
        as_json=as_json,
        document=lambda number: {"id": number},
        show=lambda number: screen.print(say(_("cli.inbox.read"), id=number)),
    )


def _print(waiting: Waiting) -> None:
    for letter in waiting.letters:
        head = say(
            _("cli.inbox.head"),
            id=letter.id,
            at=f"{letter.received_at:%Y-%m-%d %H:%M}",
            reason=letter_reason(letter.reason),
            channel=channel_name(letter.sender.channel),
        )
        screen.print(head, style="bold", markup=False)
        screen.print(letter.body, markup=False, highlight=False)
    for one in waiting.failed:
        screen.print(say(_("cli.inbound_failed"), id=one.id), style="red")
    if not (waiting.letters or waiting.failed):
        screen.print(say(_("cli.inbox_empty")))
