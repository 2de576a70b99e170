"""One line of the benchmarks' table, as `bench/results.json` holds it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A figure beside its reference of the same run.

    `figure` and `reference` are in `unit`; of a yes or no they are 1 and 0. `goal` is a sentence,
    None where there is nothing to reach. `spread` holds the measurements behind a median.
    """

    name: str
    figure: float
    unit: str
    reference: float
    goal: str
    met: bool
    spread: tuple[float, ...] = ()

    @property
    def ratio(self) -> float | None:
        """The figure in multiples of its reference; None where that is 0."""
        return self.figure / self.reference if self.reference else None

    def document(self) -> dict[str, object]:
        """The entry of the file."""
        ratio = self.ratio
        return {
            "name": self.name,
            "figure": round(self.figure, 4),
            "unit": self.unit,
            "reference": round(self.reference, 4),
            "ratio": None if ratio is None else round(ratio, 4),
            "goal": self.goal,
            "met": self.met,
            "spread": [round(value, 4) for value in self.spread],
        }
