"""What `tequio roster` shows, to people and to programs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.table import Table

from alerts.shifts.answering import Passed
from alerts.shifts.load import Burden, Week
from alerts.shifts.rota import Rota, Shift, Stretch
from alerts.shifts.store import Holiday
from app.cli.frame import say, screen
from kit.zones import OAXACA
from locales.text import _

PERSON = _("cli.column.pseudonym")
ROTA = _("cli.column.rota")
BEGINS = _("cli.column.begins")
ENDS = _("cli.column.ends")


@dataclass(frozen=True, slots=True)
class Now:
    """Who is on duty at an instant and who comes next. `everybody` are on duty without a rota."""

    at: datetime
    rotas: tuple[Rota, ...]
    names: Mapping[int, str]
    here: tuple[Shift, ...]
    coming: tuple[Shift, ...]
    everybody: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """What `--json` prints of it."""
        return {
            "at": _stamp(self.at),
            "on_duty": [self._shift(one) for one in self.here],
            "next": [self._shift(one) for one in self.coming],
            "without_rota": list(self.everybody),
            "gap": not self.here and not self.everybody,
        }

    def rota(self, shift: Shift) -> Rota:
        """The rota that a shift is of."""
        return next(one for one in self.rotas if one.id == shift.rota_id)

    def _shift(self, shift: Shift) -> dict[str, object]:
        return {
            "rota": self.rota(shift).name,
            "pseudonym": self.names.get(shift.member_id),
            "starts": _stamp(shift.starts),
            "ends": _stamp(shift.ends),
        }


@dataclass(frozen=True, slots=True)
class Rotas:
    """All rotas, and the pseudonyms of who is in them; `absent` cannot be on duty."""

    rotas: tuple[Rota, ...]
    names: Mapping[int, str]
    absent: Collection[int]

    def document(self) -> list[dict[str, object]]:
        """What `--json` prints of them."""
        return [
            {
                "id": one.id,
                "name": one.name,
                "members": [self.names.get(id_) for id_ in one.members],
                "absent": [self.names.get(id_) for id_ in one.members if id_ in self.absent],
                "since": one.since.isoformat(),
                "every": one.every,
                "handover": f"{one.handover:%H:%M}",
                "zone": one.zone,
                "covers": covers_of(one),
                "holidays": one.holidays,
            }
            for one in self.rotas
        ]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Hours without anybody, in so many days ahead."""

    has_rotas: bool
    days: int
    gaps: tuple[Stretch, ...]

    def document(self) -> list[dict[str, object]]:
        """What `--json` prints of them."""
        return [{"starts": _stamp(starts), "ends": _stamp(ends)} for starts, ends in self.gaps]


@dataclass(frozen=True, slots=True)
class Burdens:
    """What everybody carries, and the pages of the last weeks."""

    burdens: tuple[Burden, ...]
    weeks: tuple[Week, ...]
    names: Mapping[int, str]

    def document(self) -> list[dict[str, object]]:
        """What `--json` prints of them."""
        return [
            {
                "pseudonym": self.names.get(one.member_id),
                "pages_this_week": one.pages,
                "pages_by_week": self.by_week(one.member_id),
                "nights_in_a_row": one.nights,
                "too_much": one.too_many_nights or one.too_many_pages,
            }
            for one in self.of_all()
        ]

    def of_all(self) -> list[Burden]:
        """Also those who were paged in an earlier week alone."""
        known = {one.member_id: one for one in self.burdens}
        ids = sorted(known.keys() | {id_ for week in self.weeks for id_ in week.pages})
        return [known.get(id_, Burden(id_)) for id_ in ids]

    def by_week(self, member_id: int) -> list[int]:
        """Somebody's pages, the last week first."""
        return [week.pages.get(member_id, 0) for week in self.weeks]


def covers_of(rota: Rota) -> str | None:
    """The hours that a rota covers, as they are given to `add`."""
    return None if rota.covers is None else f"{rota.covers[0]:%H:%M}-{rota.covers[1]:%H:%M}"


def passed_document(passed: Passed) -> dict[str, object]:
    """What `--json` prints of a shift that was given away."""
    return {
        "to": None if passed.to is None else passed.to.pseudonym,
        "from": _stamp(passed.shift.starts),
        "until": _stamp(passed.shift.ends),
    }


def print_now(now: Now) -> None:
    if now.everybody:
        screen.print(say(_("cli.roster.everybody"), people=", ".join(now.everybody)))
    elif not now.here:
        screen.print(say(_("cli.roster.nobody")), style="red")
    table = Table("", *(say(key) for key in (ROTA, PERSON, BEGINS, ENDS)))
    for key, shifts in ((_("cli.roster.now"), now.here), (_("cli.roster.next"), now.coming)):
        for shift in shifts:
            rota = now.rota(shift)
            name = now.names.get(shift.member_id, "-")
            hours = (_local(shift.starts, rota.zone), _local(shift.ends, rota.zone))
            table.add_row(say(key), rota.name, name, *hours)
    if table.rows:
        screen.print(table)


def print_rotas(found: Rotas) -> None:
    if not found.rotas:
        screen.print(say(_("cli.roster.none")))
        return
    heads = (ROTA, _("cli.column.turns"), _("cli.column.every"), _("cli.column.handover"))
    table = Table(*(say(key) for key in (*heads, _("cli.column.covers"))))
    for rota in found.rotas:
        turns = [_turn(found, id_) for id_ in rota.members]
        handover = f"{rota.handover:%H:%M} {rota.zone}"
        table.add_row(
            rota.name, ", ".join(turns), str(rota.every), handover, covers_of(rota) or "-"
        )
    screen.print(table)
    if found.absent:
        screen.print(say(_("cli.roster.absent")))


def print_gaps(found: Gaps) -> None:
    if not found.has_rotas:
        screen.print(say(_("cli.roster.none")))
    elif not found.gaps:
        screen.print(say(_("cli.roster.no_gaps"), days=found.days))
    else:
        table = Table(say(BEGINS), say(ENDS))
        for starts, ends in found.gaps:
            table.add_row(_local(starts, OAXACA), _local(ends, OAXACA))
        screen.print(table)


def print_burdens(found: Burdens) -> None:
    heads = (PERSON, _("cli.column.pages"), _("cli.column.pages_before"), _("cli.column.nights"))
    table = Table(*(say(key) for key in heads))
    for one in found.of_all():
        this_week, *before = found.by_week(one.member_id)
        style = "red" if one.too_many_nights or one.too_many_pages else None
        earlier = ", ".join(map(str, before))
        name = found.names.get(one.member_id, "-")
        table.add_row(name, str(this_week), earlier, str(one.nights), style=style)
    screen.print(table)


def print_passed(passed: Sequence[Passed]) -> None:
    for one in passed:
        if one.to is None:
            screen.print(say(_("cli.roster.nobody_next")), style="red")
        else:
            screen.print(say(_("cli.roster.relieved"), pseudonym=one.to.pseudonym))


def print_holidays(days: Sequence[Holiday]) -> None:
    for one in days:
        line = say(_("cli.roster.holiday"), day=one.day.isoformat(), name=one.name)
        screen.print(line.rstrip(), markup=False, highlight=False)


def _turn(found: Rotas, member_id: int) -> str:
    """Whose turn it is; who cannot be on duty is marked."""
    name = found.names.get(member_id, "-")
    return say(_("cli.roster.away"), name=name) if member_id in found.absent else name


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _local(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {zone}"
