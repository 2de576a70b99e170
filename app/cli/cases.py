"""`tequio cases`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import typer
from rich.table import Table

from alerts import handling, ownership, relay, store, texts, timeline
from alerts.commands import read_outcome
from alerts.model import Case, CaseState, Entry
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.names import entry_words
from db.session import Session
from kit.errors import Invalid
from kit.ids import read_folio
from locales.catalog import render
from locales.text import _
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Quiet, Right
from staff.reading import read_quiet

cli = typer.Typer(no_args_is_help=True)
COLUMNS = (
    _("cli.column.folio"),
    _("cli.column.state"),
    _("cli.column.kind"),
    _("cli.column.urgency"),
    _("cli.column.may_write"),
    _("cli.column.owner"),
    _("cli.column.since"),
)
STATES = {
    CaseState.OPEN: _("cli.case.open"),
    CaseState.ACKNOWLEDGED: _("cli.case.acknowledged"),
    CaseState.CLOSED: _("cli.case.closed"),
}
AS = typer.Option(..., "--as", help="E-mail of who does it.")
REASON = typer.Option(..., help="Why, in a few words.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with its owner's pseudonym and, for `show`, its timeline."""

    case: Case
    owner: str | None
    timeline: tuple[Entry, ...] = ()

    def document(self) -> dict[str, object]:
        """What `--json` prints of it."""
        case = self.case
        return {
            "folio": case.folio,
            "state": case.state,
            "kind": case.kind,
            "urgency": case.urgency,
            "owner": self.owner,
            "may_write": case.may_write,
            "opened_at": case.opened_at.isoformat(),
        }


@cli.command("list")
def list_(
    everything: bool = typer.Option(False, "--all", help="Closed ones too."),
    as_json: bool = JSON,
) -> None:
    """Cases that are open or owned, the oldest first."""

    async def work(desk: Desk) -> list[Shown]:
        states = list(CaseState) if everything else [CaseState.OPEN, CaseState.ACKNOWLEDGED]
        async with desk.database.read() as session:
            found = await store.in_states(session, *states)
            owners = {}
            for case in found:
                if case.owner_id is not None and case.owner_id not in owners:
                    owners[case.owner_id] = await staff.get(session, case.owner_id)
        return [Shown(case, _pseudonym(owners.get(case.owner_id or 0))) for case in found]

    perform(
        work,
        as_json=as_json,
        document=lambda shown: [one.document() for one in shown],
        show=_print_list,
    )


@cli.command()
def show(folio: str, as_json: bool = JSON) -> None:
    """One case with all that happened in it. It holds what people told: mind who sees it."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.read() as session:
            case = await ownership.find(session, _folio(folio))
            owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
            lines = await timeline.of_case(session, case.id)
        return Shown(case, _pseudonym(owner), lines)

    def document(shown: Shown) -> dict[str, object]:
        lines = [
            {"at": line.at.isoformat(), "kind": line.kind, "body": line.body}
            for line in shown.timeline
        ]
        return {**shown.document(), "timeline": lines}

    perform(work, as_json=as_json, document=document, show=_print_case)


@cli.command()
def ack(folio: str, email: str = AS, as_json: bool = JSON) -> None:
    """Accept a case: a named person owns it from now on."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            case = await ownership.accept(session, case, member, desk.clock.now())
            return Shown(case, member.pseudonym)

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


@cli.command("pass")
def pass_(folio: str, email: str = AS, as_json: bool = JSON) -> None:
    """Give a case to whoever is next."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            times = desk.settings.times
            return Shown(
                await ownership.pass_on(session, case, member, times, desk.clock.now()), None
            )

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


@cli.command()
def close(
    folio: str,
    email: str = AS,
    outcome: str = typer.Option(..., help="How it ended, by its code or its Spanish word."),
    note: str = typer.Option("", help="How it is known, what happened, or the other folio."),
    as_json: bool = JSON,
) -> None:
    """Close a case that you own."""

    async def work(desk: Desk) -> Shown:
        ended = read_outcome(outcome)
        if ended is None:
            choices = render(texts.OUTCOME_CHOICES.key, "es", texts.OUTCOME_CHOICES.params)
            raise Invalid(_("cases.outcome_unknown"), options=choices)
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            now = desk.clock.now()
            case = await ownership.close(session, case, member, ended, now, note)
            return Shown(case, member.pseudonym)

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


Act = Callable[[Session, Case, Member, datetime], Awaitable[Case | None]]


def _change(folio: str, email: str, as_json: bool, act: Act) -> None:
    """Do something to a case as a member, and print how it stands then."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            changed = await act(session, case, member, desk.clock.now()) or case
            owner = None if changed.owner_id is None else await staff.get(session, changed.owner_id)
            return Shown(changed, _pseudonym(owner))

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


@cli.command()
def take(folio: str, email: str = AS, reason: str = REASON, as_json: bool = JSON) -> None:
    """Take a case over from its owner, who is told."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> Case:
        return await ownership.take_over(session, case, member, reason, now)

    _change(folio, email, as_json, act)


@cli.command()
def helper(
    folio: str,
    email: str = AS,
    who: str = typer.Option(..., help="E-mail of the colleague who helps."),
    as_json: bool = JSON,
) -> None:
    """Let a colleague read and answer too. The case stays yours."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> None:
        colleague = await staff_service.acting(session, who, Right.HANDLE_CASES)
        await ownership.add_helper(session, case, member, colleague, now)

    _change(folio, email, as_json, act)


@cli.command()
def note(
    folio: str,
    email: str = AS,
    text: str = typer.Option(..., help="What was done, with whom."),
    as_json: bool = JSON,
) -> None:
    """Write down what you did. It renews your time with the case."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> None:
        await handling.act(session, case, member, text, now)

    _change(folio, email, as_json, act)


@cli.command()
def snooze(
    folio: str,
    email: str = AS,
    hours: float = typer.Option(..., help="For how long."),
    reason: str = REASON,
    as_json: bool = JSON,
) -> None:
    """Put a case of yours off for some hours."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> None:
        wait = timedelta(hours=min(max(hours, 0), 10_000))
        await handling.snooze(session, case, member, wait, reason, now)

    _change(folio, email, as_json, act)


@cli.command()
def wait(folio: str, email: str = AS, as_json: bool = JSON) -> None:
    """Leave a case without an owner until the office opens. Never one with words of danger."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            now, times = desk.clock.now(), desk.settings.times
            return Shown(await handling.let_wait(session, case, member, times, now), None)

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


@cli.command()
def reopen(folio: str, email: str = AS, reason: str = REASON, as_json: bool = JSON) -> None:
    """Open a closed case again; it is yours then."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> Case:
        return await ownership.reopen(session, case, member, reason, now)

    _change(folio, email, as_json, act)


@cli.command()
def reply(
    folio: str,
    email: str = AS,
    text: str = typer.Option(..., help="Words for the reporter."),
    as_json: bool = JSON,
) -> None:
    """Write to the reporter."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> None:
        await relay.reply(session, case, member, text, now)

    _change(folio, email, as_json, act)


@cli.command()
def hours(
    folio: str,
    email: str = AS,
    hours: str = typer.Option(..., help="18:00-21:00 by the person's clock, or no for any hour."),
    as_json: bool = JSON,
) -> None:
    """Set the hours in which it is safe to write to the reporter."""

    async def act(session: Session, case: Case, member: Member, now: datetime) -> Case:
        safe = read_quiet(hours)
        unsafe = None if safe is None else Quiet(safe.ends, safe.begins)
        return await handling.set_hours(session, case, member, unsafe, now)

    _change(folio, email, as_json, act)


@cli.command()
def reveal(folio: str, email: str = AS, reason: str = REASON, as_json: bool = JSON) -> None:
    """Show the reporter's number or chat. Who saw it, and why, is kept."""

    async def work(desk: Desk) -> str:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            return await handling.reveal(session, case, member, reason, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda found: {"endpoint": found},
        show=lambda found: screen.print(found, markup=False, highlight=False),
    )


def _folio(typed: str) -> str:
    folio = read_folio(typed)
    if folio is None:
        raise ownership.UnknownFolio(_("cases.unknown_folio"))
    return folio


def _pseudonym(member: Member | None) -> str | None:
    return None if member is None else member.pseudonym


def _print_list(shown: Sequence[Shown]) -> None:
    table = Table(*(say(column) for column in COLUMNS))
    for one in shown:
        case = one.case
        table.add_row(
            case.folio,
            say(STATES[case.state]),
            render(texts.KIND_WORDS[case.kind].key, "es", {}),
            render(texts.URGENCY_WORDS[case.urgency].key, "es", {}),
            render(texts.SAFETY_WORDS[case.may_write].key, "es", {}),
            one.owner or "-",
            f"{case.opened_at:%Y-%m-%d %H:%M} UTC",
        )
    screen.print(table)


def _print_case(shown: Shown) -> None:
    _print_list([shown])
    for line in shown.timeline:
        told = say(_("cli.case.line"), at=f"{line.at:%Y-%m-%d %H:%M:%S}", told=entry_words(line))
        screen.print(told, markup=False, highlight=False)


def _print_done(shown: Shown) -> None:
    screen.print(
        say(_("cli.case_now"), folio=shown.case.folio, state=say(STATES[shown.case.state]))
    )
