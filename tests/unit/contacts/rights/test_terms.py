"""The law's terms in working days, and what may be done to a request on which day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contacts.rights.model import Identity, Kind, Request, State, Step, Way
from contacts.rights.steps import NotNow, carried_out, offered, taken
from contacts.rights.terms import days_left, due_by_now, due_on, is_working, working_day
from kit.errors import Invalid

NONE: frozenset[date] = frozenset()
FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def a_request(kind: Kind = Kind.ACCESS, identity: Identity = Identity.DOCUMENT) -> Request:
    new = Request(1, kind, Way.WINDOW, identity, State.OPEN, FRIDAY, FRIDAY, None)
    return replace(new, due_on=due_on(new, NONE))


def test_the_day_itself_weekends_and_holidays_do_not_count() -> None:
    assert working_day(FRIDAY, 1, NONE) == MONDAY
    assert working_day(date(2026, 11, 21), 1, NONE) == MONDAY
    assert working_day(FRIDAY, 1, {MONDAY}) == date(2026, 11, 24)
    # Four weeks, and Christmas among them.
    assert working_day(date(2026, 12, 4), 20, {date(2026, 12, 25)}) == date(2027, 1, 4)
    with pytest.raises(ValueError, match="no day"):
        working_day(FRIDAY, 0, NONE)


@given(
    some.dates(date(2026, 1, 1), date(2030, 1, 1)),
    some.integers(1, 40),
    some.frozensets(some.dates(date(2026, 1, 1), date(2030, 4, 1)), max_size=12),
)
def test_a_term_ends_on_a_working_day_with_as_many_of_them_behind_it(
    since: date, count: int, holidays: frozenset[date]
) -> None:
    end = working_day(since, count, holidays)
    passed = [since + timedelta(days=n) for n in range(1, (end - since).days + 1)]
    assert is_working(end, holidays)
    assert sum(is_working(day, holidays) for day in passed) == count
    assert days_left(since, end, holidays) == count
    assert days_left(end, end, holidays) == 0
    assert days_left(end + timedelta(days=1), end, holidays) < 0


def test_an_answer_is_due_in_twenty_days_and_once_in_ten_more() -> None:
    asked = a_request()
    assert asked.due_on == date(2026, 12, 18)
    longer = taken(asked, Step.EXTEND, MONDAY, NONE)
    assert (longer.due_on, longer.version) == (date(2027, 1, 1), 2)
    assert Step.EXTEND not in offered(longer, MONDAY, NONE)
    with pytest.raises(NotNow):
        taken(longer, Step.EXTEND, MONDAY, NONE)
    assert Step.EXTEND not in offered(asked, date(2026, 12, 19), NONE)


def test_what_is_granted_is_carried_out_within_fifteen_days() -> None:
    granted = taken(a_request(), Step.GRANT, MONDAY, NONE)
    assert (granted.state, granted.due_on) == (State.GRANTED, date(2026, 12, 14))
    assert offered(granted, MONDAY, NONE) == (Step.DONE,)
    done = taken(granted, Step.DONE, date(2026, 12, 1), NONE)
    assert (done.state, done.due_on, done.closed_on) == (State.DONE, None, date(2026, 12, 1))
    assert offered(done, MONDAY, NONE) == ()


def test_what_is_missing_is_told_within_five_days_and_once_and_mended_within_ten() -> None:
    asked = a_request()
    assert Step.DEFECTS in offered(asked, date(2026, 11, 27), NONE)
    assert Step.DEFECTS not in offered(asked, date(2026, 11, 28), NONE)
    told = taken(asked, Step.DEFECTS, MONDAY, NONE)
    assert (told.state, told.due_on) == (State.DEFECTIVE, date(2026, 12, 7))
    assert offered(told, date(2026, 12, 7), NONE) == (Step.MENDED,)
    assert offered(told, date(2026, 12, 8), NONE) == (Step.MENDED, Step.LAPSE)
    mended = taken(told, Step.MENDED, date(2026, 12, 4), NONE)
    # The term begins anew, and nothing may be missing a second time.
    assert mended.due_on == date(2027, 1, 1)
    assert Step.DEFECTS not in offered(mended, date(2026, 11, 23), NONE)
    assert taken(told, Step.LAPSE, date(2026, 12, 8), NONE).state is State.LAPSED


def test_holidays_entered_later_are_not_taken_from_who_mends_and_count_for_us() -> None:
    told = taken(a_request(), Step.DEFECTS, MONDAY, NONE)
    late = {date(2026, 12, 7)}
    # They were told the 7th; a holiday that was entered since gives them the 8th, too.
    assert due_by_now(told, late) == date(2026, 12, 8)
    assert offered(told, date(2026, 12, 8), late) == (Step.MENDED,)
    assert offered(told, date(2026, 12, 9), late) == (Step.MENDED, Step.LAPSE)
    # One that was taken out again leaves them the day that they were told, and us none.
    kept = replace(told, due_on=date(2026, 12, 8))
    assert due_by_now(kept, NONE) == date(2026, 12, 8)
    asked = replace(a_request(), due_on=date(2026, 12, 31))
    assert due_by_now(asked, NONE) == date(2026, 12, 18)


def test_nothing_is_granted_before_it_is_known_who_asks_but_a_no_needs_no_proof() -> None:
    asked = a_request(identity=Identity.NOT_YET)
    assert offered(asked, MONDAY, NONE)[0] is Step.IDENTITY
    with pytest.raises(NotNow):
        taken(asked, Step.GRANT, MONDAY, NONE)
    for no_proof in (None, Identity.NOT_YET, Identity.NOT_NEEDED):
        with pytest.raises(Invalid):
            taken(asked, Step.IDENTITY, MONDAY, NONE, no_proof)
    known = taken(asked, Step.IDENTITY, MONDAY, NONE, Identity.OWN_LINE)
    assert Step.GRANT in offered(known, MONDAY, NONE)
    no = a_request(Kind.OPPOSITION, Identity.NOT_NEEDED)
    assert Step.GRANT in offered(no, MONDAY, NONE)


def test_what_is_carried_out_at_once_is_done_from_wherever_it_stood_but_only_once() -> None:
    told = taken(a_request(identity=Identity.NOT_YET), Step.DEFECTS, MONDAY, NONE)
    done = carried_out(told, Identity.DOCUMENT, MONDAY)
    assert (done.state, done.identity, done.due_on) == (State.DONE, Identity.DOCUMENT, None)
    assert done.version == told.version + 1
    with pytest.raises(NotNow):
        carried_out(done, Identity.DOCUMENT, MONDAY)
