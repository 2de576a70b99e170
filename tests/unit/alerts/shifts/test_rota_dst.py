"""Changes of the clocks: no hole, no overlap, turns count local days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.shifts.rota import Override, Plan, Rota, Shift, gaps, on_duty, shifts
from alerts.shifts.wall import instant
from tests.unit.alerts.shifts.plans import ALBA, LOS_ANGELES, LUZ, MADRID, OAXACA, SOL

CHANGES = {
    LOS_ANGELES: (date(2026, 3, 8), date(2026, 11, 1)),
    MADRID: (date(2026, 3, 29), date(2026, 10, 25)),
}
HOUR = timedelta(hours=1)

zones = st.sampled_from([LOS_ANGELES, MADRID])
times = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
# The hours around a change come up more often than by chance.
hours = times | st.sampled_from([time(1, 30), time(2), time(2, 30), time(3), time(0)])


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, date]:
    zone = draw(zones)
    return zone, draw(st.sampled_from(CHANGES[zone]))


@st.composite
def rotas(draw: st.DrawFn) -> tuple[Rota, datetime]:
    """A rota that began before a change of the clocks, and the noon before that change."""
    zone, day = draw(changes())
    every = draw(st.integers(1, 10))
    since = day - timedelta(days=draw(st.integers(0, 40)))
    members = draw(st.lists(st.sampled_from([ALBA, LUZ, SOL]), min_size=1, max_size=4))
    made = Rota(7, "Noche", tuple(members), since, every, draw(hours), zone)
    return made, instant(day - timedelta(days=1), time(12), zone)


def tiles(found: tuple[Shift, ...]) -> bool:
    return all(one.ends == other.starts for one, other in pairwise(found))


@settings(deadline=None)
@given(rotas())
def test_shifts_follow_each_other_without_hole_or_overlap(made: tuple[Rota, datetime]) -> None:
    rota, noon = made
    plan = Plan((rota,))
    found = shifts(plan, noon, noon + 50 * HOUR)
    assert tiles(found)
    assert gaps(plan, noon, noon + 50 * HOUR) == ()


@settings(deadline=None)
@given(rotas(), st.integers(0, 50 * 60))
def test_at_every_instant_one_person_is_on_duty(made: tuple[Rota, datetime], later: int) -> None:
    rota, noon = made
    now = noon + timedelta(minutes=later)
    if Plan((rota,)).in_force(now):
        (only,) = on_duty(Plan((rota,)), now)
        assert only.starts <= now < only.ends


@settings(deadline=None)
@given(rotas())
def test_a_turn_lasts_whole_local_days(made: tuple[Rota, datetime]) -> None:
    rota, noon = made
    zone = ZoneInfo(rota.zone)
    for shift in shifts(Plan((rota,)), noon, noon + 50 * HOUR):
        begins, ends = shift.starts.astimezone(zone), shift.ends.astimezone(zone)
        assert (ends.date() - begins.date()).days == rota.every
        days = timedelta(days=rota.every)
        assert abs(shift.ends - shift.starts - days) <= HOUR


@settings(deadline=None)
@given(changes(), times, times)
def test_later_on_the_wall_is_never_earlier_in_truth(
    change: tuple[str, date], one: time, other: time
) -> None:
    zone, day = change
    first, second = sorted((one, other))
    assert instant(day, first, zone) <= instant(day, second, zone)


@settings(deadline=None)
@given(changes(), hours, hours)
@example((LOS_ANGELES, date(2026, 3, 8)), time(1, 30), time(2, fold=1))
def test_two_rotas_that_share_a_day_leave_no_hole(
    change: tuple[str, date], one: time, other: time
) -> None:
    zone, day = change
    since = day - timedelta(days=3)
    covers = [(one, other), (other, one)] if one != other else [(one, other)]
    both = Plan(
        tuple(
            Rota(number, str(number), (ALBA, LUZ), since, 1, time(12), zone, hours)
            for number, hours in enumerate(covers)
        )
    )
    noon = instant(day - timedelta(days=1), time(12), zone)
    assert gaps(both, noon, noon + 50 * HOUR) == ()
    assert tiles(shifts(both, noon, noon + 50 * HOUR))


@settings(deadline=None)
@given(
    rotas(),
    st.lists(
        st.tuples(
            st.sampled_from([ALBA, LUZ, SOL, None]), st.integers(-90, 90), st.integers(1, 90)
        ),
        max_size=5,
    ),
    st.integers(-20, 60),
    st.integers(1, 60),
)
def test_a_shift_is_the_same_whatever_stretch_is_asked_for(
    made: tuple[Rota, datetime],
    drawn: list[tuple[int | None, int, int]],
    begins: int,
    length: int,
) -> None:
    rota, noon = made
    overrides = tuple(
        Override(7, member, noon + start * HOUR, noon + (start + hours) * HOUR)
        for member, start, hours in drawn
    )
    plan = Plan((rota,), overrides)
    all_of_it = shifts(plan, noon - 1000 * HOUR, noon + 1000 * HOUR)
    assert all(one.ends <= other.starts for one, other in pairwise(all_of_it))
    start, end = noon + begins * HOUR, noon + (begins + length) * HOUR
    inside = tuple(one for one in all_of_it if one.starts < end and start < one.ends)
    assert shifts(plan, start, end) == inside
    for hour in range(begins, begins + length):
        now = noon + hour * HOUR
        last = next((one for one in reversed(overrides) if one.starts <= now < one.ends), None)
        if last is not None:
            here = [one.member_id for one in on_duty(plan, now)]
            assert here == ([] if last.member_id is None else [last.member_id])


def test_a_handover_that_does_not_exist_is_when_the_clocks_jump() -> None:
    assert instant(date(2026, 3, 8), time(2, 30), LOS_ANGELES) == datetime(
        2026, 3, 8, 10, tzinfo=UTC
    )
    assert instant(date(2026, 3, 29), time(2, 30), MADRID) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_handover_that_comes_twice_is_the_first() -> None:
    assert instant(date(2026, 11, 1), time(1, 30), LOS_ANGELES) == datetime(
        2026, 11, 1, 8, 30, tzinfo=UTC
    )


def test_a_place_without_changes_keeps_its_hours() -> None:
    assert instant(date(2026, 4, 5), time(8), OAXACA) == datetime(2026, 4, 5, 14, tzinfo=UTC)
