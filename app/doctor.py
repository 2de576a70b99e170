"""`tequio doctor`: what is missing before people may depend on this installation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.canary.texts import PROBLEMS
from app.cli.frame import JSON, Desk, perform, say, screen
from app.selfwatch import STILL_AFTER, Checks, find, since_beat
from app.settings import KEYS_FILE
from directory import importing
from directory import service as directory
from kit.clock import Clock
from locales.text import _
from staff import store as staff
from staff.model import Member, Role


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `key` and `params` say what to do about it."""

    name: str
    good: bool
    key: str
    params: dict[str, object]

    @property
    def message(self) -> str:
        return say(self.key, **self.params)


def doctor(as_json: bool = JSON) -> None:
    """Look at settings, keys, duty roster and directory, and say what to do."""
    perform(
        _look,
        as_json=as_json,
        document=lambda found: [
            {"name": one.name, "good": one.good, "message": one.message} for one in found
        ],
        show=_print,
    )


async def _look(desk: Desk) -> list[Finding]:
    found: list[Finding] = []
    trial = desk.settings.is_trial
    key = _("doctor.trial") if trial else _("doctor.providers")
    found.append(Finding("providers", not trial, key, {}))
    private = not KEYS_FILE.exists() or KEYS_FILE.stat().st_mode & 0o077 == 0
    key = _("doctor.keys_private") if private else _("doctor.keys_open")
    found.append(Finding("keys", private, key, {}))
    await importing.load_first(desk.database)
    async with desk.database.read() as session:
        members = await staff.with_roles(session, [Role.DUTY, Role.COORDINATOR])
        hotline = await directory.verified_hotline(session)
        missing = await directory.missing_states(session)
    found += await _of_work(desk)
    found += _of_staff(members)
    key = _("doctor.hotline") if hotline else _("doctor.no_hotline")
    found.append(Finding("hotline", hotline is not None, key, {}))
    key = _("doctor.states_missing") if missing else _("doctor.states")
    found.append(Finding("directory", not missing, key, {"states": ", ".join(missing)}))
    return found


async def _of_work(desk: Desk) -> list[Finding]:
    """Whether it runs at all, and whether anything stands still, as it would tell people itself."""
    async with desk.database.read() as session:
        beat = await since_beat(session)
    if beat is None or beat > STILL_AFTER:
        return [Finding("work", False, _("doctor.not_running"), {})]
    found = await find(Checks(desk.database, Clock()).told)
    bad = [name for name, finding in found.items() if not finding.good]
    if not bad:
        return [Finding("work", True, _("doctor.work"), {})]
    key = _("doctor.work_stands_still")
    return [Finding("work", False, key, {"problem": PROBLEMS[name]}) for name in bad]


def _of_staff(members: Sequence[Member]) -> Iterator[Finding]:
    """Who answers a call for help, and whether anything is known to wake them. Two findings are
    left out while nobody is on duty: they would sound good."""
    duty = [one for one in members if one.role is Role.DUTY and one.methods]
    key = _("doctor.duty") if duty else _("doctor.nobody_on_duty")
    yield Finding("roster", bool(duty), key, {"count": len(duty)})
    if duty:
        silent = [one for one in duty if not one.confirmed]
        key = _("doctor.unconfirmed") if silent else _("doctor.confirmed")
        yield Finding("confirmed", not silent, key, _names(silent))
        single = [one for one in duty if len(one.methods) == 1]
        key = _("doctor.single_method") if single else _("doctor.several_methods")
        yield Finding("methods", not single, key, _names(single))
    coordinators = [one for one in members if one.role is Role.COORDINATOR and one.methods]
    key = _("doctor.coordinator") if coordinators else _("doctor.no_coordinator")
    yield Finding("coordinator", bool(coordinators), key, {"count": len(coordinators)})


def _names(members: Sequence[Member]) -> dict[str, object]:
    return {"members": ", ".join(f"{one.pseudonym} ({one.id})" for one in members)}


def _print(found: list[Finding]) -> None:
    for one in found:
        mark, style = ("✓", "green") if one.good else ("!", "yellow")
        screen.print(f"{mark} {one.message}", style=style, markup=False, highlight=False)
