"""The rate of each sender, in segments a second."""


class Throttle:
    """Admits a second's segments at once, and more as time goes by; None admits everything."""

    def __init__(self, rate: float | None) -> None:
        self.rate = rate
        self.refused = 0
        self._levels: dict[str, tuple[float, float]] = {}

    def admits(self, sender: str, segments: int, now: float) -> bool:
        """Whether so many segments may leave; `now` is in seconds of a clock that only grows.

        A message longer than a second's segments may leave when nothing else did.
        """
        if self.rate is None:
            return True
        most = max(self.rate, 1.0)
        level, before = self._levels.get(sender, (most, now))
        level = min(most, level + (now - before) * self.rate)
        admitted = level >= min(segments, most)
        self._levels[sender] = (level - segments if admitted else level, now)
        self.refused += not admitted
        return admitted
