"""How large the measurements are: in full, or small to see that they work."""

from dataclasses import dataclass

from bench.crowd import EVERYBODY


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of the measurements. Rows are messages; times are seconds."""

    times: int = 3
    """How often each is measured; the median counts."""

    broadcast: int = 20_000
    one_by_one: int = 5_000
    paced_slowly: int = 1_000
    """At 30 a second, of which bulk may use 27."""

    paced: int = 27_000
    """At 1,000 a second, of which bulk may use 900."""

    people: int = EVERYBODY
    sent_under_load: int = 100_000
    calls: int = 100
    """For help while idle; during a run as many as fit, for it lasts longer."""

    calls_every: float = 1.1
    flood: int = 500
    """Calls for help in a minute, all at once."""

    updates: int = 4_000


QUICK = Scale(
    times=1,
    broadcast=2_000,
    one_by_one=1_000,
    paced_slowly=200,
    paced=6_000,
    people=50_000,
    sent_under_load=5_000,
    calls=20,
    calls_every=1.1,
    updates=500,
)
