"""`tequio referrals`: where a case was referred to, the papers, and how it went afterwards.

Whom we spoke with and what was said is printed only to who works on the case and asks for it; that
is audited.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.table import Table
from rich.text import Text

from alerts.referral import follow_ups, service, store, texts
from alerts.referral.model import (
    Body,
    FollowUp,
    Means,
    Paper,
    PaperState,
    Referral,
    ReferralState,
)
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.people import AS, instant, working
from kit.errors import Invalid
from locales.text import _
from staff import store as staff

referrals_cli = typer.Typer(no_args_is_help=True)

NUMBER = typer.Argument(..., metavar="ID", help="Number of the referral, as in `referrals list`.")


@dataclass(frozen=True, slots=True)
class Line:
    """A referral with its papers. With `reveal` its contact log is printed."""

    referral: Referral
    papers: Sequence[Paper]
    reveal: bool = False

    def document(self) -> dict[str, object]:
        """What `--json` prints."""
        one = self.referral
        shown: dict[str, object] = {
            "id": one.id,
            "to": one.body,
            "name": one.name,
            "directory": one.directory_id,
            "state": one.state,
            "made_at": one.made_at.isoformat(),
            "contacts": len(one.talks),
            "papers": [
                {"code": paper.code, "name": paper.name, "state": paper.state}
                for paper in self.papers
            ],
        }
        if self.reveal:
            shown["log"] = [
                {"at": held.at.isoformat(), "means": held.means, "whom": held.whom}
                | {"said": held.said}
                for held in one.talks
            ]
        return shown


@referrals_cli.command()
def add(
    folio: str,
    to: Body = typer.Option(..., help="What kind of place."),
    name: str = typer.Option("", help="Its name."),
    directory: int = typer.Option(0, help="Or its number, as in `directory list`."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Refer a case. Follow-ups are planned for 1, 7 and 30 days later."""

    async def work(desk: Desk) -> Line:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            made = await service.add(
                session,
                case,
                member,
                to,
                desk.clock.now(),
                name=name,
                directory_id=directory or None,
            )
            return Line(made, await service.papers_of(session, case, made))

    perform(work, as_json=as_json, document=Line.document, show=lambda one: _print([one]))


@referrals_cli.command("list")
def list_(
    folio: str,
    email: str = AS,
    reveal: bool = typer.Option(False, "--reveal", help="The contact log too; it is audited."),
    as_json: bool = JSON,
) -> None:
    """The referrals of a case that you work on, with their papers."""

    async def work(desk: Desk) -> list[Line]:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            if reveal:
                await staff.log(session, member.id, "referral.show", case.folio, desk.clock.now())
            return [
                Line(one, await service.papers_of(session, case, one), reveal)
                for one in await store.of_case(session, case.id)
            ]

    perform(
        work,
        as_json=as_json,
        document=lambda lines: [one.document() for one in lines],
        show=_print,
    )


@referrals_cli.command()
def log(
    folio: str,
    referral: int = NUMBER,
    means: Means = typer.Option(..., help="By what."),
    whom: str = typer.Option(..., help="With whom."),
    said: str = typer.Option(..., help="What was said."),
    at: str = typer.Option("", help="When, if not now: 2026-11-22T18:30, in Oaxaca."),
    state: ReferralState | None = typer.Option(None, help="How far it has come now."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Somebody there was spoken with: an act on the case, which keeps it yours."""

    async def work(desk: Desk) -> Line:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            kept = await service.log(
                session,
                case,
                member,
                referral,
                means=means,
                whom=whom,
                said=said,
                now=desk.clock.now(),
                at=instant(at) if at else None,
                state=state,
            )
            return Line(kept, await service.papers_of(session, case, kept))

    perform(work, as_json=as_json, document=Line.document, show=lambda one: _print([one]))


@referrals_cli.command()
def paper(
    folio: str,
    referral: int = NUMBER,
    code: str = typer.Option("", help="Which, as in `referrals list`."),
    state: PaperState | None = typer.Option(None, help="How it stands."),
    new: str = typer.Option("", help="Or the name of one more that they ask for."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """How it stands with a paper, or one more that is asked for."""

    async def work(desk: Desk) -> Paper:
        if bool(new) == bool(code and state):
            raise Invalid(_("referrals.which_paper"))
        now = desk.clock.now()
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            if new:
                return await service.add_paper(session, case, member, referral, new, now)
            wanted = state or PaperState.MISSING
            return await service.set_paper(session, case, member, referral, code, wanted, now)

    perform(
        work,
        as_json=as_json,
        document=lambda one: {"code": one.code, "name": one.name, "state": one.state},
        show=lambda one: screen.print(_paper(one), markup=False),
    )


@referrals_cli.command("follow-up")
def follow_up(
    folio: str,
    done: int = typer.Option(0, help="Number of the one that you have done."),
    result: str = typer.Option("", help="How it went."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """The follow-ups of a case, or with --done what became of one."""

    async def work(desk: Desk) -> tuple[FollowUp, ...]:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            if done or result:
                now = desk.clock.now()
                await service.follow_up_done(session, case, member, done, result, now)
            return await follow_ups.of_case(session, case.id)

    perform(
        work,
        as_json=as_json,
        document=lambda rows: [
            {
                "id": one.id,
                "day": one.day,
                "referral": one.referral_id,
                "due_at": one.due_at.isoformat(),
                "done_at": None if one.done_at is None else one.done_at.isoformat(),
            }
            for one in rows
        ],
        show=_print_follow_ups,
    )


def _print(lines: Sequence[Line]) -> None:
    if not lines:
        screen.print(say(_("cli.referrals.none")))
    for line in lines:
        one = line.referral
        head = say(
            _("cli.referrals.head"),
            id=one.id,
            body=say(texts.BODY_WORDS[one.body]),
            name=one.name,
            state=say(texts.STATE_WORDS[one.state]),
        )
        screen.print(head, style="bold", markup=False)
        for wanted in line.papers:
            screen.print(f"   {_paper(wanted)}", markup=False, highlight=False)
        for held in one.talks if line.reveal else ():
            words = say(
                _("cli.referrals.talk"),
                at=f"{held.at:%Y-%m-%d %H:%M}",
                means=say(texts.MEANS_WORDS[held.means]),
                whom=held.whom,
                said=held.said,
            )
            screen.print(f"   {words}", markup=False, highlight=False)


def _paper(one: Paper) -> str:
    state = say(texts.PAPER_WORDS[one.state])
    return say(_("cli.referrals.paper"), code=one.code, name=one.name, state=state)


def _print_follow_ups(rows: Sequence[FollowUp]) -> None:
    columns = (
        _("cli.people.id"),
        _("cli.referrals.day"),
        _("cli.referrals.due"),
        _("cli.referrals.done"),
    )
    table = Table(*(say(column) for column in columns))
    for one in rows:
        done = "-" if one.done_at is None else f"{one.done_at:%Y-%m-%d}"
        due = f"{one.due_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(str(one.id), str(one.day), due, Text(done))
    screen.print(table)
