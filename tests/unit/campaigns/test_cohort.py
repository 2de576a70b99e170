"""What became of the first few decides about the others."""

from datetime import timedelta

from campaigns.brakes.cohort import Cohort, Course, Verdict, judge, unpacked_cohort

COHORT = Cohort(share=100, wait=timedelta(minutes=30), most_failures=1_000, most_opt_outs=200)


def verdict(
    sent: int = 0, failed: int = 0, opt_outs: int = 0, *, leaving: bool = False, over: bool = True
) -> Verdict:
    return judge(COHORT, Course(sent, failed, opt_outs, leaving), over=over)


def test_the_others_follow_when_the_wait_is_over_and_nothing_was_wrong() -> None:
    assert verdict(100, over=False) is Verdict.WAIT
    assert verdict(100) is Verdict.GO_ON
    assert verdict(90, 10) is Verdict.GO_ON, "ten percent are allowed"


def test_too_many_failures_stop_it_at_once() -> None:
    assert verdict(89, 11, over=False) is Verdict.FAILURES
    assert verdict(100, opt_outs=2, over=False) is Verdict.WAIT
    assert verdict(100, opt_outs=3, over=False) is Verdict.OPT_OUTS


def test_of_too_few_no_share_says_anything_but_that_all_failed() -> None:
    assert verdict(1, 5) is Verdict.GO_ON
    assert verdict(0, 5) is Verdict.FAILURES
    assert verdict(0, 5, leaving=True, over=False) is Verdict.WAIT


def test_nobody_follows_while_nothing_has_become_of_the_first() -> None:
    assert verdict(leaving=True) is Verdict.WAIT, "their provider does not answer"
    assert verdict() is Verdict.GO_ON, "there was nobody in it"


def test_a_cohort_comes_back_as_it_was_kept() -> None:
    assert unpacked_cohort(COHORT.packed()) == COHORT
