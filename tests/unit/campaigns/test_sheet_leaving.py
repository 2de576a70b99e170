"""When the first and the last message of a campaign leave, in each zone."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.schedule.model import At, AtLocal, Now
from campaigns.schedule.occurrences import Occurrence
from campaigns.sheet.leaving import Leaving, Load, due_by_zone, leaving, occurrence_of, seconds
from delivery.quiet import DECENT, Hours, opening
from engine.cron import CronCalendar
from kit import wall
from kit.channels import Channel

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
# Monday, ten in the morning in Oaxaca, eight in Tijuana and eleven in New York.
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
TIJUANA, OAXACA, NEW_YORK = "America/Tijuana", "America/Mexico_City", "America/New_York"
ZONES = (TIJUANA, OAXACA, NEW_YORK)
CALENDAR = CronCalendar()


def load(zone: str, messages: int, at: datetime = NOW, channel: Channel = SMS) -> Load:
    return Load(zone, channel, messages, messages, at)


def by_zone(found: Iterable[Leaving]) -> dict[str, Leaving]:
    return {one.zone: one for one in found}


def after(**since: float) -> datetime:
    return NOW + timedelta(**since)


def test_messages_leave_at_the_share_of_the_rate_that_campaigns_may_use() -> None:
    (one,) = leaving([load(OAXACA, 900)], {SMS: 1}, None)
    assert (one.first, one.last, one.late) == (NOW, after(seconds=1_000), 0)
    assert seconds(900, 1) == pytest.approx(1_000)


def test_segments_take_their_time_and_messages_are_counted() -> None:
    (one,) = leaving([Load(OAXACA, SMS, 900, 1_800, NOW)], {SMS: 1}, None)
    assert (one.messages, one.last) == (900, after(seconds=2_000))


def test_each_zone_begins_at_its_own_ten_in_the_morning() -> None:
    local = datetime(2026, 11, 24, 10)  # noqa: DTZ001 — by each clock
    occurrence = occurrence_of(AtLocal(local), NOW, ZONES, CALENDAR)
    assert occurrence is not None
    due = due_by_zone(occurrence, ZONES, NOW, DECENT)
    found = by_zone(leaving([load(zone, 9, due[zone]) for zone in ZONES], {SMS: 1}, DECENT))
    for zone, one in found.items():
        assert one.first is not None
        assert wall.shown(one.first, zone) == local


def test_nobody_is_written_to_outside_the_hours_of_their_own_clock() -> None:
    due = due_by_zone(Occurrence(NOW), ZONES, NOW, DECENT)
    assert due == {TIJUANA: after(hours=1), OAXACA: NOW, NEW_YORK: NOW}


def test_what_is_not_sent_by_closing_time_goes_on_in_the_morning() -> None:
    # Ten hours are left of the day: 32,400 segments at nine tenths of one a second.
    (one,) = leaving([load(OAXACA, 32_400 + 900)], {SMS: 1}, DECENT)
    assert one.last is not None
    assert wall.shown(one.last, OAXACA) == datetime(2026, 11, 24, 9, 16, 40)  # noqa: DTZ001


def test_a_sunday_opens_at_noon() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    (one,) = leaving([load(OAXACA, 9, opening(sunday, OAXACA))], {SMS: 1}, DECENT)
    assert one.first is not None
    assert wall.shown(one.first, OAXACA).hour == 12


def test_who_is_due_first_goes_first_and_the_others_wait() -> None:
    loads = [load(OAXACA, 900, after(minutes=1)), load(NEW_YORK, 900, NOW)]
    found = leaving(loads, {SMS: 1}, None)
    assert [one.zone for one in found] == [NEW_YORK, OAXACA]
    assert found[1].first == after(seconds=1_000)
    assert found[1].last == after(seconds=2_000)


def test_of_those_who_wait_the_one_that_was_due_first_comes_first() -> None:
    loads = [
        load(TIJUANA, 900),
        load(OAXACA, 900, after(minutes=2)),
        load(NEW_YORK, 900, after(minutes=1)),
    ]
    found = leaving(loads, {SMS: 1}, None)
    assert [one.zone for one in found] == [TIJUANA, NEW_YORK, OAXACA]


def test_where_the_hour_has_passed_already_they_leave_now() -> None:
    ten = datetime(2026, 11, 23, 10)  # noqa: DTZ001 — by each clock
    due = due_by_zone(Occurrence(after(hours=-1), ten), ZONES, NOW, None)
    assert due == {NEW_YORK: NOW, OAXACA: NOW, TIJUANA: after(hours=2)}


def test_while_one_zone_sleeps_the_next_one_is_served() -> None:
    hours = Hours()
    due = due_by_zone(Occurrence(NOW), ZONES, NOW, hours)
    # New York has nine hours left: the rest of it waits, and Tijuana's evening is used.
    loads = [load(NEW_YORK, 9 * 3_240 + 900, due[NEW_YORK]), load(TIJUANA, 900, due[TIJUANA])]
    found = by_zone(leaving(loads, {SMS: 1}, hours))
    assert found[TIJUANA].first == after(hours=9)
    assert found[TIJUANA].last == after(hours=9, seconds=1_000)
    last = found[NEW_YORK].last
    assert last is not None
    assert wall.shown(last, NEW_YORK) == datetime(2026, 11, 24, 9, 16, 40)  # noqa: DTZ001


def test_a_zone_whose_day_ends_while_it_waits_begins_in_the_morning() -> None:
    # Oaxaca keeps the sender busy until New York has closed.
    loads = [load(OAXACA, 9 * 3_240 + 900), load(NEW_YORK, 9, after(minutes=1))]
    found = by_zone(leaving(loads, {SMS: 1}, DECENT))
    first = found[NEW_YORK].first
    assert first is not None
    assert wall.shown(first, NEW_YORK) == datetime(2026, 11, 24, 9)  # noqa: DTZ001


def test_channels_do_not_wait_for_each_other() -> None:
    loads = [load(OAXACA, 900), load(OAXACA, 2_700, channel=TELEGRAM)]
    (one,) = leaving(loads, {SMS: 1, TELEGRAM: 30}, None)
    assert (one.messages, one.first, one.last) == (3_600, NOW, after(seconds=1_000))


def test_a_channel_without_a_sender_leaves_the_end_open() -> None:
    (one,) = leaving([load(OAXACA, 5), load(OAXACA, 5, channel=TELEGRAM)], {TELEGRAM: 30}, None)
    assert one.first == NOW
    assert one.last is None
    assert seconds(5, 0) is None


def test_what_would_be_too_old_is_counted_and_not_sent() -> None:
    found = leaving([load(OAXACA, 900)], {SMS: 1}, None, {OAXACA: after(seconds=250)})
    assert [(one.last, one.late) for one in found] == [(after(seconds=250), 675)]


def test_by_the_recipients_clocks_each_zone_grows_too_old_by_its_own() -> None:
    loads = [load(NEW_YORK, 900), load(TIJUANA, 900, after(seconds=500))]
    stale = {NEW_YORK: after(seconds=250), TIJUANA: after(seconds=900)}
    found = {one.zone: one for one in leaving(loads, {SMS: 1}, None, stale)}
    assert (found[NEW_YORK].late, found[NEW_YORK].last) == (675, after(seconds=250))
    assert (found[TIJUANA].late, found[TIJUANA].last) == (540, after(seconds=900))


def test_everything_is_late_where_the_hours_open_too_late() -> None:
    closed = due_by_zone(Occurrence(NOW), [TIJUANA], NOW, DECENT)[TIJUANA]
    (one,) = leaving([load(TIJUANA, 9, closed)], {SMS: 1}, DECENT, {TIJUANA: after(minutes=30)})
    assert (one.first, one.last, one.late) == (None, None, 9)


def test_far_too_much_for_one_sender_has_no_end_that_anybody_could_name() -> None:
    (one,) = leaving([load(OAXACA, 10**9)], {SMS: 1}, DECENT)
    assert one.first == NOW
    assert one.last is None


def test_a_campaign_that_waits_for_its_start_is_reckoned_from_now() -> None:
    assert occurrence_of(Now(), NOW, ZONES, CALENDAR) == Occurrence(NOW)
    assert occurrence_of(At(NOW, OAXACA), NOW, ZONES, CALENDAR) is None


def test_nothing_to_send_leaves_nothing() -> None:
    assert leaving([], {SMS: 1}, DECENT) == ()
    assert leaving([load(OAXACA, 0)], {SMS: 1}, DECENT) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(ZONES), st.integers(1, 100_000), st.integers(0, 3 * 24 * 60)),
        max_size=6,
        unique_by=lambda one: one[0],
    ),
    st.floats(0.5, 100),
    st.none() | st.just(DECENT),
)
def test_every_message_leaves_within_its_hours_and_no_sooner_than_it_may(
    given_loads: list[tuple[str, int, int]], rate: float, hours: Hours | None
) -> None:
    loads = []
    for zone, messages, minutes in given_loads:
        at = after(minutes=minutes)
        loads.append(load(zone, messages, at if hours is None else opening(at, zone, hours)))
    found = by_zone(leaving(loads, {SMS: rate}, hours))
    assert found.keys() == {one.zone for one in loads}
    for one in loads:
        told = found[one.zone]
        assert told.first is not None
        assert told.first >= one.due_at
        if told.last is None:
            continue
        assert told.last > told.first
        least = timedelta(seconds=one.units / rate / 0.9)
        assert told.last - told.first >= least - timedelta(milliseconds=1)
        for at in (told.first, told.last - timedelta(milliseconds=1)):
            assert hours is None or hours.allow(wall.shown(at, one.zone))
