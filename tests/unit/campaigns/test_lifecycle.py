"""What may happen to a campaign, and to whom it is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaigns import lifecycle
from campaigns.brakes.cohort import Cohort
from campaigns.content.model import Wording
from campaigns.lifecycle import MOVES, STATE_NAMES
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import At, Cron, Now, Schedule
from campaigns.schedule.occurrences import Occurrence
from campaigns.warnings.model import Category, Certainty, Severity, Urgency, Warning
from contacts.model import Topic
from kit.channels import Channel
from kit.errors import Refused

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOMORROW = At(NOON + timedelta(days=1), "America/Mexico_City")
WARNING = Warning(
    event={"es": "Fraude"},
    category=Category.SECURITY,
    urgency=Urgency.EXPECTED,
    severity=Severity.MODERATE,
    certainty=Certainty.OBSERVED,
    expires=timedelta(days=2),
    area={"es": "Baja California"},
)
FIRST = Occurrence(TOMORROW.due_at)
AUTHOR, READER = 1, 2


def a_campaign(
    state: CampaignState, schedule: Schedule | None = None, stale_after: timedelta | None = None
) -> Campaign:
    draft = CampaignDraft(
        title="Fraudes",
        topic=Topic.FRAUD,
        kind=CampaignClass.NORMAL,
        audience="topic:fraud",
        channels=(Channel.TELEGRAM, Channel.SMS),
        contents={"es": Wording("Nadie del programa le pedirá dinero.")},
        schedule=schedule or Now(),
        stale_after=stale_after,
    )
    return Campaign(7, draft, state, AUTHOR, approved_hash=draft.content_hash)


def test_a_new_campaign_goes_to_review_at_once_unless_it_stays_a_draft() -> None:
    assert lifecycle.created(as_draft=False) is CampaignState.REVIEW
    assert lifecycle.created(as_draft=True) is CampaignState.DRAFT


def test_what_is_changed_is_read_again_and_a_draft_stays_one() -> None:
    for state in (CampaignState.REVIEW, CampaignState.APPROVED, CampaignState.SCHEDULED):
        assert lifecycle.edited(a_campaign(state), under_way=False) is CampaignState.REVIEW
    draft = a_campaign(CampaignState.DRAFT)
    assert lifecycle.edited(draft, under_way=False) is CampaignState.DRAFT


def test_nothing_is_changed_while_it_is_under_way() -> None:
    with pytest.raises(Refused):
        lifecycle.edited(a_campaign(CampaignState.PAUSED), under_way=True)


def test_who_changed_it_cannot_approve_it_either() -> None:
    campaign = replace(a_campaign(CampaignState.REVIEW), editors=frozenset({READER}))
    for writer in (AUTHOR, READER):
        with pytest.raises(Refused):
            lifecycle.approved(campaign, writer, None, NOON)
    assert lifecycle.approved(campaign, 3, None, NOON) is CampaignState.APPROVED


def test_one_that_would_never_leave_is_not_approved() -> None:
    with pytest.raises(Refused) as caught:
        lifecycle.approved(a_campaign(CampaignState.REVIEW, TOMORROW), READER, None, NOON)
    assert caught.value.key == "campaigns.approve.never"


def test_what_missed_its_only_time_waits_for_a_person_and_one_that_repeats_for_its_next() -> None:
    once = a_campaign(CampaignState.SCHEDULED, TOMORROW)
    daily = a_campaign(CampaignState.SCHEDULED, Cron("0 10 * * *", "UTC"))
    late = TOMORROW.due_at + timedelta(hours=7)
    assert lifecycle.after_missing(once, None, TOMORROW.due_at, late) is CampaignState.APPROVED
    assert lifecycle.after_missing(daily, FIRST, TOMORROW.due_at, late) is CampaignState.SCHEDULED
    assert lifecycle.after_missing(daily, None, TOMORROW.due_at, late) is CampaignState.DONE
    old = replace(a_campaign(CampaignState.SCHEDULED, TOMORROW, timedelta(hours=6)), due=FIRST)
    assert lifecycle.after_missing(old, None, TOMORROW.due_at, late) is CampaignState.DONE


def test_one_that_repeats_waits_for_its_next_time_when_a_run_is_over() -> None:
    sending = a_campaign(CampaignState.SENDING)
    assert lifecycle.finished(sending) is CampaignState.DONE
    assert lifecycle.finished(replace(sending, due=FIRST)) is CampaignState.SCHEDULED


def test_one_that_leaves_now_waits_for_its_start_after_the_approval() -> None:
    campaign = a_campaign(CampaignState.REVIEW)
    assert lifecycle.approved(campaign, READER, FIRST, NOON) is CampaignState.APPROVED


def test_the_approval_arms_the_schedule() -> None:
    campaign = a_campaign(CampaignState.REVIEW, TOMORROW)
    assert lifecycle.approved(campaign, READER, FIRST, NOON) is CampaignState.SCHEDULED


def test_one_whose_time_passed_before_the_approval_waits_for_a_person() -> None:
    campaign = a_campaign(CampaignState.REVIEW, TOMORROW)
    late = TOMORROW.due_at + timedelta(minutes=1)
    assert lifecycle.approved(campaign, READER, FIRST, late) is CampaignState.APPROVED


def test_one_that_is_too_old_to_leave_is_not_approved() -> None:
    campaign = a_campaign(CampaignState.REVIEW, TOMORROW, timedelta(hours=6))
    with pytest.raises(Refused):
        lifecycle.approved(campaign, READER, FIRST, TOMORROW.due_at + timedelta(hours=6))


def test_the_author_cannot_approve() -> None:
    with pytest.raises(Refused) as caught:
        lifecycle.approved(a_campaign(CampaignState.REVIEW), AUTHOR, None, NOON)
    assert caught.value.key == "campaigns.approve.own"


def test_a_scheduled_campaign_is_not_started_by_hand() -> None:
    with pytest.raises(Refused) as caught:
        lifecycle.started(a_campaign(CampaignState.SCHEDULED, TOMORROW))
    assert caught.value.key == "campaigns.start.scheduled"


def test_what_was_altered_after_the_approval_does_not_start() -> None:
    campaign = a_campaign(CampaignState.APPROVED)
    altered = replace(campaign, draft=replace(campaign.draft, audience="country:US"))
    with pytest.raises(Refused) as caught:
        lifecycle.started(altered)
    assert caught.value.key == "campaigns.altered"


def test_a_paused_campaign_goes_on_where_it_stood() -> None:
    paused = a_campaign(CampaignState.PAUSED, TOMORROW)
    assert lifecycle.resumed(paused, under_way=True, stale=False) is CampaignState.SENDING
    assert lifecycle.resumed(paused, under_way=False, stale=False) is CampaignState.SCHEDULED


def test_a_paused_campaign_that_grew_too_old_is_not_resumed() -> None:
    paused = a_campaign(CampaignState.PAUSED)
    with pytest.raises(Refused):
        lifecycle.resumed(paused, under_way=True, stale=True)


Act = Callable[[Campaign], CampaignState]
ACTS: dict[str, tuple[Act, set[CampaignState]]] = {
    "approve": (
        lambda campaign: lifecycle.approved(campaign, READER, FIRST, NOON),
        {CampaignState.REVIEW},
    ),
    "start": (lifecycle.started, {CampaignState.APPROVED}),
    "submit": (lifecycle.submitted, {CampaignState.DRAFT}),
    "pause": (lifecycle.paused, {CampaignState.SENDING, CampaignState.SCHEDULED}),
    "resume": (
        lambda campaign: lifecycle.resumed(campaign, under_way=True, stale=False),
        {CampaignState.PAUSED},
    ),
    "cancel": (
        lifecycle.cancelled,
        set(CampaignState) - {CampaignState.DONE, CampaignState.CANCELLED},
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", CampaignState)
def test_an_act_is_refused_in_every_state_but_its_own(act: str, state: CampaignState) -> None:
    perform, allowed = ACTS[act]
    campaign = a_campaign(state)
    if state not in allowed:
        with pytest.raises(Refused):
            perform(campaign)
    else:
        assert perform(campaign) in MOVES[state]


def test_every_state_has_a_name_and_its_moves() -> None:
    assert STATE_NAMES.keys() == MOVES.keys() == set(CampaignState)


def test_the_fingerprint_changes_with_every_part() -> None:
    draft = a_campaign(CampaignState.REVIEW).draft
    others = [
        replace(draft, title="Otro"),
        replace(draft, topic=Topic.PROGRAMS),
        replace(draft, kind=CampaignClass.EMERGENCY),
        replace(draft, audience="country:US"),
        replace(draft, channels=(Channel.SMS, Channel.TELEGRAM)),
        replace(draft, contents={"es": Wording("Otro texto.")}),
        replace(draft, contents={**draft.contents, "en": Wording("Hi.")}),
        replace(draft, schedule=TOMORROW),
        replace(draft, stale_after=timedelta(hours=1)),
        replace(draft, reason="Un aviso de protección civil."),
        replace(draft, cohort=Cohort()),
        replace(draft, keyword="feria"),
        replace(draft, warning=WARNING),
    ]
    assert len({draft.content_hash, *(other.content_hash for other in others)}) == len(others) + 1
