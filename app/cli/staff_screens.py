"""How staff are shown: as a document for programs, as a table for people. Never a number, a name or
an e-mail: screens are read by others and photographed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.table import Column, Table
from rich.text import Text

from app.cli.frame import say, screen
from app.cli.names import channel_name
from kit import wall
from kit.zones import OAXACA
from locales.text import _
from staff.model import Member, Method, Quiet, Role
from staff.signin.model import Invitation, Open, Stage

COLUMNS = (
    _("cli.staff.id"),
    _("cli.staff.pseudonym"),
    _("cli.staff.role"),
    _("cli.staff.methods"),
    _("cli.staff.languages"),
    _("cli.staff.zone"),
)
SESSION_COLUMNS = (
    _("cli.staff.id"),
    _("cli.staff.session.device"),
    _("cli.staff.session.stage"),
    _("cli.staff.session.begun"),
    _("cli.staff.session.seen"),
)
STAGES = {
    Stage.ENROL: _("cli.staff.session.enrol"),
    Stage.SECOND: _("cli.staff.session.second"),
    Stage.IN: _("cli.staff.session.in"),
}
WHOLE = frozenset({_("cli.staff.methods"), _("cli.staff.languages")})
"""Columns whose lines are never cut."""

ROLES = {
    Role.ADMIN: _("cli.staff.role.admin"),
    Role.COORDINATOR: _("cli.staff.role.coordinator"),
    Role.COMMUNICATOR: _("cli.staff.role.communicator"),
    Role.DUTY: _("cli.staff.role.duty"),
    Role.AUDITOR: _("cli.staff.role.auditor"),
}


def document(member: Member) -> dict[str, object]:
    """What `--json` prints of somebody; `after` in seconds."""
    return {
        "id": member.id,
        "pseudonym": member.pseudonym,
        "role": member.role,
        "active": member.active,
        "methods": [
            {
                "kind": method.endpoint.channel,
                "after": int(method.after.total_seconds()),
                "confirmed": method.confirmed_at is not None,
            }
            for method in member.methods
        ],
        "languages": list(member.languages),
        "zone": member.zone,
        "quiet": None if member.quiet is None else _hours(member.quiet),
    }


def print_members(members: Sequence[Member]) -> None:
    """A table, or a sentence when there is nobody."""
    if not members:
        screen.print(say(_("cli.staff.nobody")))
        return
    table = Table(*(Column(say(key), overflow="fold", no_wrap=key in WHOLE) for key in COLUMNS))
    for member in members:
        role = say(ROLES[member.role])
        table.add_row(
            str(member.id),
            Text(member.pseudonym),
            role if member.active else say(_("cli.staff.left"), role=role),
            Text("\n".join(_way(method) for method in member.methods) or "-"),
            Text("\n".join(member.languages)),
            Text("\n".join(_when(member))),
        )
    screen.print(table)


def print_member(member: Member) -> None:
    """The same of one."""
    print_members([member])


def session_document(session: Open) -> dict[str, object]:
    """What `--json` prints of a session."""
    return {
        "id": session.id,
        "device": session.device,
        "stage": session.stage,
        "created_at": session.created_at.isoformat(),
        "seen_at": session.seen_at.isoformat(),
    }


def print_sessions(sessions: Sequence[Open]) -> None:
    """A table, or a sentence when there is none."""
    if not sessions:
        screen.print(say(_("cli.staff.no_sessions")))
        return
    table = Table(*(say(key) for key in SESSION_COLUMNS))
    for one in sessions:
        times = (_time(one.created_at), _time(one.seen_at))
        device = Text(one.device or say(_("cli.staff.session.unknown_device")))
        table.add_row(str(one.id), device, say(STAGES[one.stage]), *times)
    screen.print(table)


def print_invitation(made: tuple[Invitation, str]) -> None:
    """The link alone on its line, to be copied, and until when it is good."""
    invitation, link = made
    screen.print(link, markup=False, highlight=False, soft_wrap=True)
    screen.print(say(_("cli.staff.invited"), until=_time(invitation.expires_at)), soft_wrap=True)


def _time(at: datetime) -> str:
    return f"{wall.shown(at, OAXACA):%Y-%m-%d %H:%M}"


def _way(method: Method) -> str:
    unconfirmed, confirmed = _("cli.staff.method_unconfirmed"), _("cli.staff.method_confirmed")
    return say(
        unconfirmed if method.confirmed_at is None else confirmed,
        kind=channel_name(method.endpoint.channel),
        wait=_wait(method.after),
    )


def _when(member: Member) -> tuple[str, ...]:
    quiet = () if member.quiet is None else (_hours(member.quiet),)
    return (member.zone, *quiet)


def _wait(after: timedelta) -> str:
    minutes, seconds = divmod(int(after.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def _hours(quiet: Quiet) -> str:
    return f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}"
