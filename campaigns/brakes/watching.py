"""Looking at what becomes of the first few of a run, and stopping it when that is bad."""

from datetime import datetime

from campaigns import store, telling
from campaigns.brakes import halting
from campaigns.brakes.cohort import Course, Verdict, judge, unpacked_cohort
from campaigns.model import CampaignState
from db.session import Session
from delivery import runs, tally
from delivery.model import State
from delivery.runs import Run, RunState
from delivery.service import wake_bulk
from staff.store import log


async def watch_cohorts(session: Session, now: datetime) -> None:
    """Let the others of a run have it, or stop the campaign, by what became of the first ones.

    Whoever has passed the gate goes on being watched until the run is over.
    """
    for run in await runs.in_state(session, RunState.SENDING):
        if run.cohort is None:
            continue
        verdict = await _verdict(session, run, run.cohort, now)
        if verdict is Verdict.WAIT or (verdict is Verdict.GO_ON and run.cohort_until is None):
            continue
        campaign = await store.hold(session, run.campaign_id)
        if campaign is None or campaign.state is not CampaignState.SENDING:
            continue
        if verdict is Verdict.GO_ON:
            await runs.release(session, run.id)
            await wake_bulk(session)
            continue
        await halting.put_on_hold(session, campaign, now)
        await store.change(session, campaign.id, stopped_for=verdict)
        await log(session, None, "campaigns.stopped_by_cohort", f"campaign:{campaign.id}", now)
        await telling.tell_stopped(session, campaign, verdict, now)


async def _verdict(session: Session, run: Run, packed: str, now: datetime) -> Verdict:
    cohort = unpacked_cohort(packed)
    counts = await tally.counts(session, [run.id])
    until = run.cohort_until
    leaving = until is not None and await store.cohort_is_leaving(session, run.id, until)
    course = Course(
        sent=counts[State.SENT] + counts[State.DELIVERED],
        failed=counts[State.FAILED] + counts[State.UNDELIVERED],
        opt_outs=await store.opt_outs_after(session, run.id, run.started_at),
        leaving=leaving,
    )
    verdict = judge(cohort, course, over=until is None or now >= until)
    unseen = verdict is Verdict.GO_ON and not (course.sent or course.failed)
    # Nobody has had it. That says something only if nobody was to have it yet.
    if (
        unseen
        and until is not None
        and await store.pull_cohort(session, run.id, cohort.share, until, now)
    ):
        await wake_bulk(session)
        return Verdict.WAIT
    return verdict
