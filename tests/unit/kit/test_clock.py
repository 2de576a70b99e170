"""A clock that is moved wakes whoever listens, and nobody who has ended."""

from datetime import timedelta

from kit.clock import Clock

HOUR = timedelta(hours=1)


def test_a_moved_clock_tells_who_listens() -> None:
    clock, heard = Clock(), list[timedelta]()
    clock.on_move(lambda: heard.append(clock.offset))
    clock.move(HOUR)
    clock.move(HOUR)
    assert heard == [HOUR, 2 * HOUR]


def test_who_has_ended_is_not_told_any_more() -> None:
    clock, heard = Clock(), list[timedelta]()

    def hear() -> None:
        heard.append(clock.offset)

    clock.on_move(hear)
    clock.off_move(hear)
    clock.off_move(hear)
    clock.move(HOUR)
    assert heard == []


def test_a_listener_may_end_while_it_hears() -> None:
    clock, heard = Clock(), list[str]()

    def ends() -> None:
        heard.append("ends")
        clock.off_move(ends)

    clock.on_move(ends)
    clock.on_move(lambda: heard.append("goes on"))
    clock.move(HOUR)
    clock.move(HOUR)
    assert heard == ["ends", "goes on", "goes on"]
