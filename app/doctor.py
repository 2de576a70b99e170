"""`tequio doctor`: what is missing before people may depend on this installation."""

from dataclasses import dataclass

from alerts.paging import roster
from app.cli.frame import JSON, Desk, perform, say, screen
from app.settings import KEYS_FILE
from directory import importing
from directory import service as directory
from locales.text import _


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
        duty = len((await roster(session)).on_duty)
        hotline = await directory.verified_hotline(session)
        missing = await directory.missing_states(session)
    key = _("doctor.duty") if duty else _("doctor.nobody_on_duty")
    found.append(Finding("roster", bool(duty), key, {"count": duty}))
    key = _("doctor.hotline") if hotline else _("doctor.no_hotline")
    found.append(Finding("hotline", hotline is not None, key, {}))
    key = _("doctor.states_missing") if missing else _("doctor.states")
    found.append(Finding("directory", not missing, key, {"states": ", ".join(missing)}))
    return found


def _print(found: list[Finding]) -> None:
    for one in found:
        mark, style = ("✓", "green") if one.good else ("!", "yellow")
        screen.print(f"{mark} {one.message}", style=style, markup=False, highlight=False)
