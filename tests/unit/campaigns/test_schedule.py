"""When a campaign leaves: by which clock, over changes of the clock, again and again."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.schedule.model import (
    After,
    At,
    AtLocal,
    Cron,
    Every,
    Now,
    Schedule,
    packed_schedule,
    unpacked_schedule,
)
from campaigns.schedule.occurrences import Occurrence, between, instants, next_occurrence
from engine.cron import CronCalendar
from kit import wall
from kit.zones import OAXACA

CALENDAR = CronCalendar()
TIJUANA = "America/Tijuana"
LOS_ANGELES = "America/Los_Angeles"
CHICAGO = "America/Chicago"
NEW_YORK = "America/New_York"
PHOENIX = "America/Phoenix"
ZONES = (TIJUANA, OAXACA, LOS_ANGELES, CHICAGO, NEW_YORK)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def naive(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return utc(year, month, day, hour, minute).replace(tzinfo=None)


def following(
    schedule: Schedule, after: datetime, number: int, zones: Collection[str] = ZONES
) -> list[Occurrence]:
    """The next times of a schedule, each found from the one before."""
    found: list[Occurrence] = []
    last: datetime | Occurrence = after
    for _ in range(number):
        one = next_occurrence(schedule, last, zones, CALENDAR)
        if one is None:
            break
        found.append(one)
        last = one
    return found


def due(schedule: Schedule, after: datetime, number: int) -> list[datetime]:
    return [one.due_at for one in following(schedule, after, number)]


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2027, 7, 1)])
def test_each_recipient_gets_it_at_ten_by_their_own_clock(day: date) -> None:
    ten = datetime.combine(day, time(10))
    one = next_occurrence(AtLocal(ten), NOON, ZONES, CALENDAR)
    assert one is not None
    assert one.local == ten
    leaving = instants(one, ZONES)
    for zone, at in leaving.items():
        assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == ten
    assert one.due_at == min(leaving.values()) == leaving[NEW_YORK]


def test_tijuana_follows_the_united_states_and_oaxaca_and_sonora_and_arizona_no_change() -> None:
    summer = Occurrence(utc(2027, 7, 1), naive(2027, 7, 1, 10))
    zones = (TIJUANA, LOS_ANGELES, OAXACA, "America/Hermosillo", PHOENIX, "America/Cancun")
    hours = {zone: at.hour for zone, at in instants(summer, zones).items()}
    assert hours == {
        TIJUANA: 17,
        LOS_ANGELES: 17,
        OAXACA: 16,
        "America/Hermosillo": 17,
        PHOENIX: 17,
        "America/Cancun": 15,
    }
    winter = Occurrence(utc(2027, 1, 1), naive(2027, 1, 1, 10))
    hours = {zone: at.hour for zone, at in instants(winter, zones).items()}
    assert (hours[TIJUANA], hours[LOS_ANGELES], hours[OAXACA], hours[PHOENIX]) == (18, 18, 16, 17)


def test_what_leaves_at_an_instant_leaves_to_everybody_then() -> None:
    at = utc(2026, 12, 1, 15)
    (one,) = following(At(at, OAXACA), NOON, 3)
    assert one == Occurrence(at, None)
    assert instants(one, ZONES) == dict.fromkeys(ZONES, at)
    assert following(At(at, OAXACA), at, 1) == []


def test_what_waits_for_its_start_has_no_time() -> None:
    assert following(Now(), NOON, 1) == []


def test_a_cron_campaign_keeps_its_hour_over_a_change_of_the_clock() -> None:
    mondays = Cron("0 9 * * 1", LOS_ANGELES, start=date(2027, 3, 1), end=date(2027, 3, 22))
    assert due(mondays, NOON, 9) == [
        utc(2027, 3, 1, 17),
        utc(2027, 3, 8, 17),
        utc(2027, 3, 15, 16),
        utc(2027, 3, 22, 16),
    ]


def test_days_to_skip_are_left_out_and_start_and_end_belong_to_it() -> None:
    daily = Cron(
        "0 9 * * *",
        OAXACA,
        start=date(2026, 12, 23),
        end=date(2026, 12, 27),
        skip=(date(2026, 12, 24), date(2026, 12, 26)),
    )
    assert [at.day for at in due(daily, NOON, 9)] == [23, 25, 27]


def test_a_start_at_midnight_is_not_missed() -> None:
    midnight = Cron("0 0 * * *", OAXACA, start=date(2026, 12, 1), end=date(2026, 12, 1))
    assert due(midnight, NOON, 9) == [utc(2026, 12, 1, 6)]


def test_an_hour_that_is_left_out_means_the_first_instant_after_it() -> None:
    nightly = Cron("30 2 * * *", LOS_ANGELES, start=date(2027, 3, 13), end=date(2027, 3, 15))
    assert due(nightly, NOON, 9) == [
        utc(2027, 3, 13, 10, 30),
        utc(2027, 3, 14, 10, 0),
        utc(2027, 3, 15, 9, 30),
    ]


def test_an_hour_that_is_left_out_does_not_make_it_leave_twice() -> None:
    hourly = Cron("0 1-3 * * *", LOS_ANGELES, start=date(2027, 3, 14), end=date(2027, 3, 14))
    expected = [utc(2027, 3, 14, 9), utc(2027, 3, 14, 10)]
    assert due(hourly, NOON, 9) == expected
    passed = between(hourly, Occurrence(expected[0]), utc(2027, 3, 15), ZONES, CALENDAR)
    assert [one.due_at for one in passed] == expected


def test_an_hour_that_comes_twice_leaves_once_the_first_time() -> None:
    nightly = Cron("30 1 * * *", LOS_ANGELES, start=date(2027, 11, 6), end=date(2027, 11, 8))
    assert due(nightly, NOON, 9) == [
        utc(2027, 11, 6, 8, 30),
        utc(2027, 11, 7, 8, 30),
        utc(2027, 11, 8, 9, 30),
    ]
    # Also when somebody asks in the middle of the second hour.
    asked = utc(2027, 11, 7, 9, 10)
    assert due(nightly, asked, 1) == [utc(2027, 11, 8, 9, 30)]


def test_every_two_weeks_keeps_the_hour_of_the_clock() -> None:
    schedule = Every(2, "weeks", naive(2027, 3, 1, 10), NEW_YORK, end=date(2027, 3, 29))
    assert due(schedule, NOON, 9) == [
        utc(2027, 3, 1, 15),
        utc(2027, 3, 15, 14),
        utc(2027, 3, 29, 14),
    ]


def test_every_six_hours_are_hours_that_pass() -> None:
    schedule = Every(6, "hours", naive(2027, 3, 13, 22), NEW_YORK, end=date(2027, 3, 14))
    assert due(schedule, NOON, 9) == [
        utc(2027, 3, 14, 3),
        utc(2027, 3, 14, 9),
        utc(2027, 3, 14, 15),
        utc(2027, 3, 14, 21),
        utc(2027, 3, 15, 3),
    ]


def test_every_few_hours_leaves_out_the_days_to_skip_and_stays_in_step() -> None:
    schedule = Every(
        7, "hours", naive(2027, 1, 1), OAXACA, end=date(2027, 1, 3), skip=(date(2027, 1, 2),)
    )
    shown = [wall.shown(at, OAXACA) for at in due(schedule, NOON, 20)]
    assert [(at.day, at.hour) for at in shown] == [
        (1, 0),
        (1, 7),
        (1, 14),
        (1, 21),
        (3, 1),
        (3, 8),
        (3, 15),
        (3, 22),
    ]


def test_what_began_in_the_past_goes_on_in_step() -> None:
    schedule = Every(3, "days", naive(2020, 1, 1, 8), OAXACA)
    (first, second) = due(schedule, NOON, 2)
    assert second - first == timedelta(days=3)
    assert (wall.shown(first, OAXACA) - naive(2020, 1, 1, 8)) % timedelta(days=3) == timedelta()
    assert NOON < first <= NOON + timedelta(days=3)


def test_a_cron_campaign_by_each_recipients_clock_begins_in_the_east() -> None:
    (first, second) = following(Cron("0 10 * * 1", None), NOON, 2)
    assert first == Occurrence(utc(2026, 11, 23, 15), naive(2026, 11, 23, 10))
    assert instants(first, ZONES)[TIJUANA] == utc(2026, 11, 23, 18)
    assert second.local == naive(2026, 11, 30, 10)


def test_a_time_that_has_left_in_the_east_does_not_leave_again_when_nobody_is_left_there() -> None:
    daily = Cron("0 10 * * *", None)
    first = next_occurrence(daily, NOON, (NEW_YORK, TIJUANA), CALENDAR)
    assert first is not None
    second = next_occurrence(daily, first, (TIJUANA,), CALENDAR)
    assert second is not None
    assert second.local == naive(2026, 11, 24, 10)


def test_a_zone_further_east_does_not_swallow_the_next_time() -> None:
    hourly = Every(1, "hours", naive(2026, 11, 23), None)
    first = next_occurrence(hourly, NOON, (OAXACA,), CALENDAR)
    assert first is not None
    second = next_occurrence(hourly, first, (OAXACA, NEW_YORK), CALENDAR)
    assert second is not None
    assert second.local == naive(2026, 11, 23, 8)
    # By New York's clock it is due at the same instant: two times never share one.
    assert second.due_at > first.due_at


def test_without_zones_and_with_one_that_does_not_exist_the_clock_is_oaxacas() -> None:
    schedule = AtLocal(naive(2026, 12, 1, 10))
    expected = Occurrence(utc(2026, 12, 1, 16), naive(2026, 12, 1, 10))
    for zones in ((), ("Mars/Olympus",), ("../../etc/passwd",), ("",)):
        assert next_occurrence(schedule, NOON, zones, CALENDAR) == expected


@pytest.mark.parametrize(
    "schedule",
    [
        Cron("0 0 31 2 *", OAXACA),
        Cron("0 0 31 2 *", None),
        Cron("0 9 * * *", OAXACA, end=date(2026, 11, 22)),
        Cron("0 9 1 12 *", OAXACA, end=date(2027, 6, 1), skip=(date(2026, 12, 1),)),
        Every(1, "days", naive(2026, 1, 1), OAXACA, end=date(2026, 11, 1)),
        Every(1, "hours", naive(2026, 11, 1), OAXACA, end=date(2026, 11, 2)),
        Every(1, "weeks", naive(9999, 12, 31), None),
        Every(1, "hours", naive(2999, 12, 31, 23), OAXACA, end=date(2026, 1, 1)),
        AtLocal(naive(2026, 11, 23, 3)),
    ],
)
def test_what_has_no_time_to_come_says_so(schedule: Schedule) -> None:
    assert next_occurrence(schedule, NOON, ZONES, CALENDAR) is None


def test_after_a_night_of_down_time_all_times_that_passed_are_known() -> None:
    schedule = Cron("0 */6 * * *", OAXACA)
    (first,) = following(schedule, NOON, 1)
    passed = between(schedule, first, first.due_at + timedelta(hours=13), ZONES, CALENDAR)
    assert [one.due_at - first.due_at for one in passed] == [
        timedelta(hours=hours) for hours in (0, 6, 12)
    ]
    assert between(schedule, first, first.due_at, ZONES, CALENDAR) == (first,)
    assert between(schedule, first, NOON, ZONES, CALENDAR) == ()


def test_of_very_many_times_that_passed_the_last_are_known() -> None:
    schedule = Cron("* * * * *", OAXACA)
    (first,) = following(schedule, NOON, 1)
    now = NOON + timedelta(days=900)
    passed = between(schedule, first, now, ZONES, CALENDAR, most=10)
    assert [now - one.due_at for one in passed] == [timedelta(minutes=n) for n in range(9, -1, -1)]


names = st.sampled_from([*ZONES, PHOENIX, "Europe/Madrid", "Australia/Lord_Howe", "Asia/Tokyo"])
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
times = st.datetimes(naive(2025, 1, 1), naive(2031, 1, 1)).map(lambda at: at.replace(microsecond=0))
skips = st.lists(days, max_size=3).map(lambda found: tuple(sorted(set(found))))
crons = st.builds(
    Cron,
    st.sampled_from(
        [
            "0 9 * * 1",
            "30 1,2 * * *",
            "0 */5 * * *",
            "15 10 1,15 * *",
            "0 0 29 2 *",
            "0 1-3 8-14 3,11 0",
        ]
    ),
    st.none() | names,
    st.none() | days,
    st.none() | days,
    skips,
)
everies = st.builds(
    Every,
    st.integers(1, 40),
    st.sampled_from(["hours", "days", "weeks"]),
    times,
    st.none() | names,
    st.none() | days,
    skips,
)
afters = st.builds(
    After, st.integers(0, 30), st.none() | st.times().map(lambda at: at.replace(fold=0))
)
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.just(Now()),
    st.builds(At, times.map(lambda at: at.replace(tzinfo=UTC)), names),
    st.builds(AtLocal, times),
    crons,
    everies,
    afters,
)
crowds = st.lists(names, min_size=1, max_size=4).map(tuple)


@settings(max_examples=60)
@given(schedules, times, st.lists(crowds, min_size=4, max_size=4))
def test_times_go_upwards_whoever_comes_and_goes(
    schedule: Schedule, start: datetime, crowds: list[tuple[str, ...]]
) -> None:
    last: datetime | Occurrence = start.replace(tzinfo=UTC)
    for zones in crowds:
        one = next_occurrence(schedule, last, zones, CALENDAR)
        if one is None:
            return
        before = last.due_at if isinstance(last, Occurrence) else last
        assert one.due_at > before
        if isinstance(last, Occurrence) and last.local is not None:
            assert one.local is not None
            assert one.local > last.local
        last = one


@settings(max_examples=60)
@given(st.one_of(crons, everies), times, crowds)
def test_no_time_falls_on_a_day_that_was_left_out(
    schedule: Cron | Every, start: datetime, zones: tuple[str, ...]
) -> None:
    for one in following(schedule, start.replace(tzinfo=UTC), 4, zones):
        clock = schedule.zone
        day = (one.local or wall.shown(one.due_at, clock or OAXACA)).date()
        assert day not in schedule.skip
        assert schedule.end is None or day <= schedule.end
        if isinstance(schedule, Cron) and schedule.start is not None:
            assert day >= schedule.start


@settings(max_examples=40)
@given(schedules, times, crowds, st.integers(0, 3000), st.integers(1, 5))
def test_what_passed_is_what_one_finds_going_from_time_to_time(
    schedule: Schedule, start: datetime, zones: tuple[str, ...], hours: int, most: int
) -> None:
    asked = start.replace(tzinfo=UTC)
    first = next_occurrence(schedule, asked, zones, CALENDAR)
    if first is None:
        return
    now = first.due_at + timedelta(hours=hours)
    expected: list[Occurrence] = []
    one: Occurrence | None = first
    while one is not None and one.due_at <= now:
        expected.append(one)
        one = next_occurrence(schedule, one, zones, CALENDAR)
    found = between(schedule, first, now, zones, CALENDAR, most)
    assert [one.local or one.due_at for one in found] == [
        one.local or one.due_at for one in expected[-most:]
    ]


@given(times, names)
def test_an_instant_shows_the_time_or_is_the_first_after_a_gap(local: datetime, zone: str) -> None:
    at = instants(Occurrence(NOON, local), (zone,))[zone]
    shown = wall.shown(at, zone)
    if shown != local:
        assert shown > local
        assert wall.shown(at - timedelta(seconds=1), zone) < local
    # Never the second of two.
    assert wall.shown(at - timedelta(hours=1), zone) != local


@pytest.mark.parametrize("zone", [LOS_ANGELES, "Australia/Lord_Howe", "America/Scoresbysund"])
def test_every_minute_of_the_days_of_a_change_has_its_instant(zone: str) -> None:
    last = None
    for day in (date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 3), date(2027, 11, 7)):
        for minute in range(24 * 60):
            local = datetime.combine(day, time()) + timedelta(minutes=minute)
            at = wall.instant_of(local, zone)
            assert last is None or at >= last
            last = at
            assert wall.is_shown(local, zone) == (wall.shown(at, zone) == local)


@given(schedules)
def test_a_schedule_is_kept_as_it_was(schedule: Schedule) -> None:
    assert unpacked_schedule(packed_schedule(schedule)) == schedule


def test_what_older_rows_hold_is_read() -> None:
    assert unpacked_schedule('{"now": true}') == Now()
    older = '{"at": "2026-12-01T15:00:00+00:00", "zone": "America/Mexico_City"}'
    assert unpacked_schedule(older) == At(utc(2026, 12, 1, 15), OAXACA)
    # Fingerprints of what was approved before must not change.
    assert packed_schedule(unpacked_schedule(older)) == older
    assert packed_schedule(Now()) == '{"now": true}'
