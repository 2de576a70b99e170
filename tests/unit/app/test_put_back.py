"""What the instants of a moved clock become when it is put back."""

from datetime import UTC, datetime, timedelta

from app.put_back import Era, really

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime.min.replace(tzinfo=UTC)
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
ERAS: list[Era] = [
    (START, timedelta()),
    (TEN, HOUR),
    (TEN + timedelta(minutes=10), HOUR + DAY),
]
"""At ten it was put an hour ahead, ten minutes later another day."""


def test_every_instant_becomes_the_one_at_which_it_really_was() -> None:
    minute = timedelta(minutes=1)
    assert really(TEN - minute, ERAS) == TEN - minute
    assert really(TEN + HOUR + 5 * minute, ERAS) == TEN + 5 * minute
    assert really(TEN + HOUR + DAY + 12 * minute, ERAS) == TEN + 12 * minute


def test_what_fell_due_while_the_clock_jumped_is_as_old_as_the_jump() -> None:
    assert really(TEN + HOUR / 2, ERAS) == TEN
    assert really(TEN + HOUR + DAY / 2, ERAS) == TEN + timedelta(minutes=10)


def test_what_is_to_come_is_as_far_away_as_it_was() -> None:
    moved_now = TEN + timedelta(minutes=20) + HOUR + DAY
    back_now = TEN + timedelta(minutes=20)
    for wait in (timedelta(minutes=5), 30 * DAY):
        assert really(moved_now + wait, ERAS) - back_now == wait


def test_the_order_of_what_happened_stays() -> None:
    moments = [TEN + step * timedelta(minutes=7) for step in range(-5, 300)]
    mapped = [really(moment, ERAS) for moment in moments]
    assert mapped == sorted(mapped)
    assert all(before >= after for before, after in zip(moments, mapped, strict=True))
