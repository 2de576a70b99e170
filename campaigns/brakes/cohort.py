"""The first few who get a campaign, and whether what became of them lets the others have it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

PLACES = 10_000
"""A share is counted in so many parts of the whole: hundredths of a percent."""

ENOUGH = 20
"""Of so many messages at least something must have become before their shares say anything."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """`share` of the recipients get it first; the others `wait` after the run began, unless more of
    what has left failed, or more people opted out, than the limits allow.

    `share`, `most_failures` and `most_opt_outs` are parts of `PLACES`: 100 is 1 %.
    """

    share: int = 100
    wait: timedelta = timedelta(minutes=30)
    most_failures: int = 1_000
    most_opt_outs: int = 200

    def packed(self) -> str:
        """The form in which the database keeps it."""
        limits = (self.share, int(self.wait.total_seconds()), self.most_failures)
        return json.dumps([*limits, self.most_opt_outs])


def unpacked_cohort(packed: str) -> Cohort:
    """The reverse of `Cohort.packed`."""
    share, wait, failures, opt_outs = json.loads(packed)
    return Cohort(share, timedelta(seconds=wait), failures, opt_outs)


class Verdict(StrEnum):
    """What follows from what became of the first of a run."""

    WAIT = "wait"
    GO_ON = "go_on"
    FAILURES = "failures"
    OPT_OUTS = "opt_outs"


@dataclass(frozen=True, slots=True)
class Course:
    """How a run has gone until now: messages that left and did not fail, messages that failed,
    people who opted out after theirs, and whether some of the cohort are still to leave."""

    sent: int
    failed: int
    opt_outs: int
    leaving: bool


def judge(cohort: Cohort, course: Course, *, over: bool) -> Verdict:
    """Whether a run goes on; `over` says that the cohort's wait has passed.

    A limit that is passed stops it at once, also before the wait is over. Of too few people no
    share says anything: then all of them failing stops it, and nothing less.
    """
    tried = course.sent + course.failed
    if tried >= ENOUGH:
        if course.failed * PLACES > cohort.most_failures * tried:
            return Verdict.FAILURES
        if course.opt_outs * PLACES > cohort.most_opt_outs * tried:
            return Verdict.OPT_OUTS
    elif course.failed == tried > 0 and not course.leaving:
        return Verdict.FAILURES
    # Somebody whose message has not left yet has told us nothing.
    return Verdict.GO_ON if over and (tried or not course.leaving) else Verdict.WAIT
