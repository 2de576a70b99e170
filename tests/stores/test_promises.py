"""Random walks through the real alert path keep every promise, and find one that is broken.

`make test` plays some hundreds of events. `PROMISES_SEQUENCES=5000 pytest …/test_promises.py` and
`python -m tests.stores.promises --sequences 5000` play as many as are wanted.
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from alerts import escalation, handling, ownership, paging, speaking
from alerts.escalation import Step
from alerts.lease import Lease
from alerts.model import Case
from alerts.triage import speaks_of_danger
from db.session import Session
from tests.stores.promises import walk_about
from tests.stores.promises_reporters import DANGEROUS, HARMLESS
from tests.stores.promises_world import Broken

SEQUENCES = int(os.environ.get("PROMISES_SEQUENCES", "30"))
LENGTH = 30
ENOUGH = 60
"""A fault is found in far fewer."""


async def test_no_sequence_of_events_breaks_a_promise(tmp_path: Path) -> None:
    played = await walk_about(tmp_path, SEQUENCES, LENGTH)
    assert played.sequences == SEQUENCES
    assert played.events > SEQUENCES * LENGTH / 2


async def test_a_last_step_that_ends_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_step: Callable[..., Step | None] = escalation.next_step

    def ending(*given: object, **named: object) -> Step | None:
        step = next_step(*given, **named)
        return None if step is not None and step.insists else step

    monkeypatch.setattr(paging, "next_step", ending)
    # Or the reconciler finds the case, and finds it again, for there is nothing to be done.
    with pytest.raises(Broken, match=r"no page due|work that never ends"):
        await walk_about(tmp_path, ENOUGH, LENGTH, shorten=False)


async def no_lease(session: Session, case: Case, held: Lease, now: datetime) -> None:
    """In the place of `ownership.hold`."""


async def no_holding_back(session: Session, case: Case, now: datetime) -> None:
    """In the place of `speaking.hush` and `speaking.stop_pages`."""


def no_danger(text: str) -> bool:
    """In the place of `speaks_of_danger`."""
    return False


@pytest.mark.parametrize(
    ("place", "name", "wrong", "promise"),
    [
        (ownership, "hold", no_lease, "owned for ever"),
        (speaking, "hush", no_holding_back, "a message is still to leave"),
        (speaking, "stop_pages", no_holding_back, "a page is to leave"),
        (handling, "speaks_of_danger", no_danger, "words of danger were heard"),
    ],
)
async def test_other_faults_are_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: object,
    name: str,
    wrong: Callable[..., object],
    promise: str,
) -> None:
    monkeypatch.setattr(place, name, wrong)
    with pytest.raises(Broken, match=promise):
        await walk_about(tmp_path, ENOUGH, LENGTH, shorten=False)


def test_the_words_of_the_walk_are_what_they_are_taken_for() -> None:
    assert all(speaks_of_danger(words) for words in DANGEROUS)
    assert not any(speaks_of_danger(words) for words in HARMLESS)
