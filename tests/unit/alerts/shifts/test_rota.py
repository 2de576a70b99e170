"""Who is on duty: turns, hours, holidays, overrides, gaps, nights."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from alerts.shifts.rota import (
    Override,
    Plan,
    Rota,
    Shift,
    gaps,
    next_up,
    nights_in_a_row,
    on_duty,
    shifts,
    substitutes,
)
from tests.unit.alerts.shifts.plans import ALBA, LUZ, MADRID, OAXACA, SOL, at, plan, rota

DAY = timedelta(days=1)


def who(of: Plan, now: datetime) -> list[int]:
    return [shift.member_id for shift in on_duty(of, now)]


def told(found: tuple[Shift, ...]) -> list[tuple[int, datetime, datetime]]:
    return [(one.member_id, one.starts, one.ends) for one in found]


def test_members_take_turns_from_handover_to_handover() -> None:
    daily = plan(rota(ALBA, LUZ, SOL))
    assert who(daily, at(1, 8)) == [ALBA]
    assert who(daily, at(2, 7, 59)) == [ALBA]
    assert who(daily, at(2, 8)) == [LUZ]
    assert who(daily, at(4, 8)) == [ALBA]


def test_a_weekly_turn_lasts_until_the_same_weekday() -> None:
    weekly = plan(rota(ALBA, LUZ, every=7))
    assert told(on_duty(weekly, at(6, 3))) == [(ALBA, at(1, 8), at(8, 8))]
    assert told(next_up(weekly, at(6, 3))) == [(LUZ, at(8, 8), at(15, 8))]


def test_nobody_is_on_duty_before_the_first_turn_and_that_is_no_gap() -> None:
    later = plan(rota(ALBA, LUZ))
    before = at(31, 23, month=10)
    assert who(later, before) == []
    assert not later.in_force(before)
    assert later.in_force(at(1, 8))
    assert gaps(later, before, at(9, 8)) == ()


def test_a_shift_is_told_whole_however_little_of_it_is_asked_for() -> None:
    daily = plan(rota(ALBA, LUZ))
    assert told(shifts(daily, at(1, 12), at(1, 13))) == [(ALBA, at(1, 8), at(2, 8))]


def test_hours_that_pass_midnight_belong_to_who_has_the_evening() -> None:
    nights = plan(replace(rota(ALBA, LUZ), covers=(time(20), time(8))))
    assert who(nights, at(1, 19, 59)) == []
    assert told(on_duty(nights, at(2, 3))) == [(ALBA, at(1, 20), at(2, 8))]
    assert told(next_up(nights, at(2, 3))) == [(LUZ, at(2, 20), at(3, 8))]


def test_hours_are_cut_by_a_handover_in_their_midst() -> None:
    nights = plan(replace(rota(ALBA, LUZ, handover=time(0)), covers=(time(20), time(8))))
    assert told(shifts(nights, at(1, 19), at(2, 12))) == [
        (ALBA, at(1, 20), at(2, 0)),
        (LUZ, at(2, 0), at(2, 8)),
    ]


def test_a_week_of_nights_is_a_shift_for_each_night() -> None:
    nights = plan(replace(rota(ALBA, LUZ, every=7), covers=(time(20), time(8))))
    found = shifts(nights, at(1, 8), at(8, 8))
    assert [one.member_id for one in found] == [ALBA] * 7


def test_who_does_not_work_on_holidays_is_off_from_midnight_to_midnight() -> None:
    office = replace(rota(ALBA, LUZ, every=7), holidays=False)
    calendar = Plan((office,), holidays=frozenset({date(2026, 11, 2)}))
    assert told(shifts(calendar, at(1, 8), at(8, 8))) == [
        (ALBA, at(1, 8), at(2, 0)),
        (ALBA, at(3, 0), at(8, 8)),
    ]
    assert gaps(calendar, at(1, 8), at(8, 8)) == ((at(2, 0), at(3, 0)),)


def test_a_night_that_begins_on_a_holiday_is_left_out_whole() -> None:
    nights = replace(rota(ALBA, LUZ), covers=(time(20), time(8)), holidays=False)
    calendar = Plan((nights,), holidays=frozenset({date(2026, 11, 2)}))
    assert who(calendar, at(2, 3)) == [ALBA]
    assert who(calendar, at(3, 3)) == []


def test_a_rota_that_works_on_holidays_does_not_mind_them() -> None:
    calendar = Plan((rota(ALBA, LUZ),), holidays=frozenset({date(2026, 11, 2)}))
    assert told(on_duty(calendar, at(2, 12))) == [(LUZ, at(2, 8), at(3, 8))]


def test_somebody_else_takes_a_part_of_a_shift() -> None:
    swapped = plan(rota(ALBA, LUZ), overrides=(Override(7, SOL, at(1, 20), at(1, 23)),))
    assert told(shifts(swapped, at(1, 8), at(2, 8))) == [
        (ALBA, at(1, 8), at(1, 20)),
        (SOL, at(1, 20), at(1, 23)),
        (ALBA, at(1, 23), at(2, 8)),
    ]


def test_nobody_in_a_stretch_is_a_gap() -> None:
    off = plan(rota(ALBA, LUZ), overrides=(Override(7, None, at(1, 20), at(1, 23)),))
    assert gaps(off, at(1, 8), at(9, 8)) == ((at(1, 20), at(1, 23)),)


def test_of_two_overrides_the_later_one_wins() -> None:
    wide, narrow = Override(7, SOL, at(1, 20), at(2, 2)), Override(7, LUZ, at(1, 22), at(2, 0))
    first = plan(rota(ALBA), overrides=(wide, narrow))
    assert who(first, at(1, 23)) == [LUZ]
    assert who(first, at(2, 1)) == [SOL]
    assert who(plan(rota(ALBA), overrides=(narrow, wide)), at(1, 23)) == [SOL]


def test_an_override_for_who_is_on_duty_anyway_changes_nothing() -> None:
    same = plan(rota(ALBA, LUZ), overrides=(Override(7, ALBA, at(1, 20), at(1, 23)),))
    assert shifts(same, at(1, 8), at(3, 8)) == shifts(plan(rota(ALBA, LUZ)), at(1, 8), at(3, 8))


def test_an_override_holds_outside_of_the_hours_of_its_rota() -> None:
    nights = replace(rota(ALBA, LUZ), covers=(time(20), time(8)))
    extra = plan(nights, overrides=(Override(7, SOL, at(1, 12), at(1, 21)),))
    assert told(shifts(extra, at(1, 12), at(2, 8))) == [
        (SOL, at(1, 12), at(1, 21)),
        (ALBA, at(1, 21), at(2, 8)),
    ]


def test_a_long_override_is_one_shift_across_the_handovers() -> None:
    away = plan(rota(ALBA, LUZ), overrides=(Override(7, SOL, at(1, 20), at(4, 20)),))
    assert told(on_duty(away, at(3, 3))) == [(SOL, at(1, 20), at(4, 20))]


def test_the_same_override_in_another_rota_is_none_of_this_one() -> None:
    other = plan(rota(ALBA), overrides=(Override(8, SOL, at(1, 20), at(4, 20)),))
    assert who(other, at(2, 3)) == [ALBA]


def test_somebody_who_left_is_not_on_duty_and_their_turn_is_a_gap() -> None:
    left = Plan((rota(ALBA, LUZ),), absent=frozenset({LUZ}))
    assert who(left, at(2, 12)) == []
    assert gaps(left, at(1, 8), at(4, 8)) == ((at(2, 8), at(3, 8)),)
    assert who(left, at(3, 12)) == [ALBA]


def test_what_one_rota_leaves_open_another_covers() -> None:
    nights = replace(rota(ALBA), covers=(time(20), time(8)))
    days = replace(rota(LUZ), id=8, covers=(time(8), time(20)))
    assert gaps(plan(nights, days), at(1, 8), at(9, 8)) == ()
    assert gaps(plan(nights), at(1, 20), at(3, 8)) == ((at(2, 8), at(2, 20)),)


def test_without_a_rota_there_is_no_gap() -> None:
    assert gaps(Plan(), at(1, 8), at(9, 8)) == ()
    assert not Plan().in_force(at(1, 8))


def test_who_comes_next_is_another_person() -> None:
    doubled = plan(rota(ALBA, ALBA, LUZ))
    assert told(next_up(doubled, at(1, 12))) == [(LUZ, at(3, 8), at(4, 8))]


def test_who_is_alone_comes_next_too() -> None:
    assert told(next_up(plan(rota(ALBA)), at(1, 12))) == [(ALBA, at(2, 8), at(3, 8))]


def test_while_nobody_is_on_duty_the_next_shift_is_who_comes() -> None:
    nights = plan(replace(rota(ALBA, LUZ), covers=(time(20), time(8))))
    assert told(next_up(nights, at(2, 12))) == [(LUZ, at(2, 20), at(3, 8))]


def test_who_follows_takes_over_first_and_who_is_in_another_rota_last() -> None:
    night, day = rota(ALBA, LUZ, SOL), replace(rota(4, 5), id=8)
    both = plan(night, day)
    assert substitutes(both, on_duty(both, at(1, 12))[0]) == (LUZ, SOL, 4, 5)
    assert substitutes(both, on_duty(both, at(2, 12))[0]) == (SOL, ALBA, 5, 4)


def test_nobody_takes_over_from_themselves_nor_who_has_left() -> None:
    alone = Plan((rota(ALBA, LUZ),), absent=frozenset({LUZ}))
    assert substitutes(alone, on_duty(alone, at(1, 12))[0]) == ()


def test_nights_in_a_row_are_counted_by_the_clock_of_the_rota() -> None:
    found = shifts(plan(rota(ALBA, ALBA, ALBA, LUZ)), at(1, 8), at(9, 8))
    assert nights_in_a_row(found, ALBA, OAXACA) == 3
    assert nights_in_a_row(found, LUZ, OAXACA) == 1
    assert nights_in_a_row(found, SOL, OAXACA) == 0


def test_days_are_no_nights() -> None:
    days = replace(rota(ALBA), covers=(time(6), time(22)))
    found = shifts(plan(days), at(1, 8), at(9, 8))
    assert nights_in_a_row(found, ALBA, OAXACA) == 0
    # 22:00 in Oaxaca is 5:00 in Madrid: the night there is over as well. 6:00 is 13:00.
    assert nights_in_a_row(found, ALBA, MADRID) == 8


def test_a_rota_without_members_is_a_gap() -> None:
    assert gaps(plan(rota()), at(1, 8), at(2, 8)) == ((at(1, 8), at(2, 8)),)


def test_a_day_that_a_place_left_out_leaves_no_hole() -> None:
    # Samoa went from Thursday, 29, to Saturday, 31 December 2011.
    samoa = Rota(7, "Noche", (ALBA, LUZ), date(2011, 12, 29), 1, time(8), "Pacific/Apia")
    start = datetime(2011, 12, 29, 18, tzinfo=UTC)
    assert gaps(Plan((samoa,)), start, start + 5 * DAY) == ()
