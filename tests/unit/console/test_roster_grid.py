"""The week as a grid, also when clocks change; policies in words; hours as forms have them."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.model import Kind, Urgency
from alerts.policy import BUILT_IN, Policy, PolicyStep, Target, Who
from alerts.shifts.rota import Plan, Rota, gaps, shifts
from alerts.shifts.wall import DAY, instant
from alerts.shifts.week import Week, twice
from console.roster import words
from console.roster.clocks import exact, read, shown
from console.roster.grid import QUARTERS, Block, Day, Is, grid, monday_of, week_name
from console.roster.policies import difference
from console.roster.sentences import told
from kit.errors import Invalid
from locales.catalog import render

LOS_ANGELES, OAXACA = "America/Los_Angeles", "America/Mexico_City"
BACK = date(2026, 10, 26)
"""The Monday of the week at whose end California puts its clocks back, on 1 November."""
FORWARD = date(2026, 3, 2)
"""On 8 March they are put forward."""


def rota(*members: int, id_: int = 1, covers: tuple[time, time] | None = None) -> Rota:
    return Rota(id_, f"R{id_}", members, date(2026, 1, 1), 1, time(8), LOS_ANGELES, covers)


def week(monday: date, *rotas: Rota, zone: str = LOS_ANGELES) -> Week:
    plan = Plan(rotas)
    begins, ends = instant(monday, time(), zone), instant(monday + 7 * DAY, time(), zone)
    found = shifts(plan, begins, ends)
    return Week(
        monday=monday,
        zone=zone,
        begins=begins,
        ends=ends,
        rotas=rotas,
        shifts=found,
        gaps=gaps(plan, begins, ends),
        now=(),
        holidays={},
        names={},
        waiting=frozenset(),
        sure=frozenset(),
        shares=(),
        twice=twice(found, begins, ends),
        absent=(),
        in_force=True,
        always=(),
    )


def row_of(day: Day, rota_id: int | None = 1) -> Sequence[Block]:
    return next(
        row.blocks for row in day.rows if (None if row.rota is None else row.rota.id) == rota_id
    )


def clocks(block: Block) -> tuple[int, int]:
    return block.at // 4, (block.at + block.wide) // 4


@pytest.mark.parametrize(("monday", "hours"), [(BACK, 25), (FORWARD, 23), (date(2026, 6, 1), 24)])
def test_every_day_is_filled_without_gap_or_overlap_whatever_clocks_do(
    monday: date, hours: int
) -> None:
    days = grid(week(monday, rota(1, 2), rota(3, id_=2, covers=(time(20), time(6)))))
    assert [one.day for one in days] == [monday + number * DAY for number in range(7)]
    sunday = days[-1]
    assert sunday.ends - sunday.begins == timedelta(hours=hours)
    assert sunday.longer == timedelta(hours=hours - 24)
    for day in days:
        for row in day.rows:
            place, since = 0, day.begins
            for block in row.blocks:
                assert (block.at, block.starts) == (place, since)
                assert block.wide > 0
                place, since = place + block.wide, block.ends
            assert (place, since) == (QUARTERS, day.ends)


def test_a_shift_stands_at_the_hours_of_the_wall_on_both_days_of_a_change() -> None:
    night = rota(1, covers=(time(20), time(6)))
    for monday in (BACK, FORWARD):
        sunday = grid(week(monday, night))[-1]
        blocks = row_of(sunday)
        assert [(one.what, *clocks(one)) for one in blocks] == [
            (Is.SHIFT, 0, 6),
            (Is.FREE, 6, 20),
            (Is.SHIFT, 20, 24),
        ]
        assert (blocks[0].before, blocks[0].after) == (True, False)
        assert (blocks[2].before, blocks[2].after) == (False, True)
        gap = row_of(sunday, None)
        assert [clocks(one) for one in gap if one.what is Is.GAP] == [(6, 20)]
    # Ten hours of the night in which it is twice one o'clock are eleven.
    long_night = row_of(grid(week(BACK, night))[-1])[0]
    assert long_night.ends - long_night.starts == timedelta(hours=7)


def test_a_day_lists_what_it_has_in_order_and_no_free_hours() -> None:
    days = grid(week(BACK, rota(1, covers=(time(9), time(12))), rota(2, id_=2)))
    found = [(None if one is None else one.id, clocks(block)) for one, block in days[2].listed]
    assert found == [(2, (0, 8)), (2, (8, 24)), (1, (9, 12))]
    assert len(grid(week(BACK, rota()))[0].listed) == 1, "a rota without people is one long gap"


def test_somebody_in_two_rotas_at_once_is_found() -> None:
    found = week(BACK, rota(1), rota(1, 3, id_=2, covers=(time(10), time(12)))).twice
    assert {one.member_id for one in found} == {1}
    assert all(one.ends - one.starts == timedelta(hours=2) for one in found)
    assert week(BACK, rota(1), rota(2, id_=2)).twice == ()


@pytest.mark.parametrize(
    ("typed", "monday"),
    [
        ("", date(2026, 11, 23)),
        ("2026-W48", date(2026, 11, 23)),
        ("2026-W53", date(2026, 12, 28)),
        ("2027-W53", None),
        ("2026-W00", None),
        ("2026-48", None),
        ("0000-W01", None),
        ("٢٠٢٦-W48", None),
        ("x" * 400, None),
    ],
)
def test_a_week_is_read_from_an_address(typed: str, monday: date | None) -> None:
    assert monday_of(typed, date(2026, 11, 25)) == monday
    if monday is not None:
        assert monday_of(week_name(monday), date(2020, 1, 1)) == monday


def test_an_hour_that_comes_twice_stays_the_one_that_was_meant() -> None:
    second = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    typed = shown(second, LOS_ANGELES)
    assert typed == "2026-11-01T01:30"
    assert read(typed, LOS_ANGELES, exact(second)) == second
    assert read(typed, LOS_ANGELES) == second - timedelta(hours=1)
    assert read("2026-11-01T02:00", LOS_ANGELES, exact(second)) == datetime(
        2026, 11, 1, 10, tzinfo=UTC
    )
    # It was left out when clocks were put forward: the jump itself.
    assert read("2026-03-08T02:30", LOS_ANGELES) == datetime(2026, 3, 8, 10, tzinfo=UTC)
    for wrong in ("", "2026-11-01", "ayer", "2026-11-01T25:00", "2026-11-01T01:30+00:00", "9" * 99):
        with pytest.raises(Invalid):
            read(wrong, LOS_ANGELES)


def said(policy: Policy, language: str, rotas: Collection[str] = ("Noche",)) -> list[str]:
    found = told(policy, timedelta(minutes=5), {7: "Alba"}, rotas)
    parts = [found.cases, *found.steps, found.end, found.lease, *found.doubts]
    return [render(one.key, language, one.params) for one in parts]


def test_a_policy_is_told_in_sentences_of_both_languages() -> None:
    policy = Policy(
        "Secuestro",
        (
            PolicyStep((Target(Who.ON_DUTY),), timedelta(minutes=3), one_by_one=True),
            PolicyStep((Target(Who.ROTA, "Noche"), Target(Who.MEMBER, "7"))),
            PolicyStep((Target(Who.ROTA, "Otra"), Target(Who.ROLE, "auditor")), timedelta(hours=1)),
        ),
        frozenset({Kind.CAPTIVE, Kind.EXTORTION}),
        frozenset({Urgency.LIFE}),
        timedelta(minutes=10),
    )
    spanish = said(policy, "es")
    assert spanish[0] == "Para: no le dejan irse, piden dinero; solo si es: vida en riesgo"
    assert spanish[1] == (
        "Al llegar el caso avisamos a quien está de guardia, una persona después de otra."
    )
    assert spanish[2] == (
        "Cada persona tiene 3 minutos para responder. Si nadie lo hace, avisamos a quien tiene el"
        " turno en «Noche» y Alba, al mismo tiempo."
    )
    assert spanish[3].startswith("Después de 5 minutos sin respuesta avisamos a quien tiene")
    assert spanish[4].startswith("Después de una hora sin respuesta avisamos a la vez")
    assert "cada 2 min 30 s" in spanish[4]
    assert spanish[5].startswith("Quien toma el caso tiene 10 minutos")
    assert [("«Otra»" in one, "auditoría" in one) for one in spanish[6:]] == [
        (True, False),
        (False, True),
    ]
    english = said(policy, "en")
    assert english[2].startswith("Each person has 3 minutes to answer. If nobody does")
    assert not set(spanish) & set(english)
    assert said(BUILT_IN, "es")[0] == "Para todos los casos"
    assert len(said(BUILT_IN, "es")) == 7, "four steps, the end, the lease, and no doubt"


def test_waits_are_said_as_people_say_them() -> None:
    lengths = {
        1: "un segundo",
        45: "45 segundos",
        60: "un minuto",
        90: "1 min 30 s",
        300: "5 minutos",
        3600: "una hora",
        7200: "2 horas",
        5400: "90 minutos",
        5401: "90 minutos",
    }
    for seconds, text in lengths.items():
        phrase = words.long(timedelta(seconds=seconds))
        assert render(phrase.key, "es", phrase.params) == text
    assert (
        words.span(date(2026, 11, 23), date(2026, 11, 29), "es") == "23 – 29 de noviembre de 2026"
    )
    assert words.hours(timedelta(hours=7, minutes=30)) == "7.5 h"


def test_the_difference_of_two_files_is_its_lines() -> None:
    found = difference("a\nb\nc\n", "a\nB\nc\n")
    assert [(one.sign, one.text) for one in found] == [
        (" ", "a"),
        ("-", "b"),
        ("+", "B"),
        (" ", "c"),
    ]


def test_oaxaca_has_no_change_of_clocks_any_more() -> None:
    assert {one.longer for one in grid(week(BACK, rota(1), zone=OAXACA))} == {timedelta()}
    assert ZoneInfo(OAXACA)
