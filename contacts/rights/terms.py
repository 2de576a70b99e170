"""The law's terms, counted in working days.

LGPDPPSO as reformed on 14-11-2025: an answer within 20 working days, which may be prolonged once by
10; what was granted is carried out within 15; what is missing in a request is told within 5, and
the person has 10 to mend it. That the term of our answer begins anew on the day of the mending is
how the law's "interrupts" is read here; the Transparency Unit has the last word.
"""

from collections.abc import Collection
from datetime import date, timedelta

from contacts.rights.model import Request, State

ANSWER = 20
EXTENSION = 10
CARRY_OUT = 15
TELL_DEFECTS = 5
MEND = 10

SOURCE = "LGPDPPSO (DOF, 14-11-2025)"

DAY = timedelta(days=1)
WEEKEND = (5, 6)


def is_working(day: date, holidays: Collection[date]) -> bool:
    """Whether a day counts: Monday to Friday, and no holiday."""
    return day.weekday() not in WEEKEND and day not in holidays


def working_day(since: date, count: int, holidays: Collection[date]) -> date:
    """The working day that is `count` of them after a day, which itself does not count.

    `holidays` are those that staff have entered. One that is not there makes a term end earlier for
    us, never later. ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError("a term of no day")
    day, left = since, count
    while left:
        day += DAY
        left -= is_working(day, holidays)
    return day


def days_left(today: date, due_on: date, holidays: Collection[date]) -> int:
    """Working days until one is due, below 0 when it is past; 0 on the day itself."""
    first, last = sorted((today, due_on))
    span = (first + DAY * number for number in range(1, (last - first).days + 1))
    between = sum(is_working(day, holidays) for day in span)
    return between if due_on >= today else -max(1, between)


def answer_by(request: Request, holidays: Collection[date]) -> date:
    """Until when who asks is to be answered."""
    count = ANSWER + EXTENSION if request.extended else ANSWER
    return working_day(request.counted_from, count, holidays)


def defects_by(request: Request, holidays: Collection[date]) -> date:
    """Until when it may be told what is missing."""
    return working_day(request.received_on, TELL_DEFECTS, holidays)


def due_on(request: Request, holidays: Collection[date]) -> date | None:
    """When the next step of a request is due; None when there is none."""
    if request.state is State.OPEN:
        return answer_by(request, holidays)
    if request.state is State.DEFECTIVE and request.defects_on is not None:
        return working_day(request.defects_on, MEND, holidays)
    if request.state is State.GRANTED and request.decided_on is not None:
        return working_day(request.decided_on, CARRY_OUT, holidays)
    return None


def due_by_now(request: Request, holidays: Collection[date]) -> date | None:
    """The same by the holidays that are known today: some may have been entered, or taken out,
    since the day was written down. Of a person's own term the later day counts."""
    found = due_on(request, holidays)
    if request.state is State.DEFECTIVE and found is not None and request.due_on is not None:
        return max(found, request.due_on)
    return found
