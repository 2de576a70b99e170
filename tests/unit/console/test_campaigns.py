"""What the pages of campaigns offer, how fast one leaves, and what changed since it was read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.content.model import Wording
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import After, AtLocal, Cron, Every, Now
from console.campaigns import acts, words
from console.campaigns.pace import MOST_CAMPAIGNS, Pace
from console.campaigns.seen import changes, packed
from console.campaigns.told import told
from console.editor.choices import FIELD_NAMES, Known
from contacts.model import Topic
from kit.channels import Channel
from staff.model import Member, Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DRAFT = CampaignDraft(
    title="Fraudes",
    topic=Topic.FRAUD,
    kind=CampaignClass.NORMAL,
    audience="topic:fraud",
    channels=(Channel.TELEGRAM, Channel.SMS),
    contents={"es": Wording("**Nadie** cobra.", "Nadie cobra.")},
    schedule=Now(),
)


def a_member(number: int, role: Role = Role.COMMUNICATOR) -> Member:
    return Member(number, role, True, "Alba", "Ana", "ana@example.org")


def a_campaign(state: CampaignState) -> Campaign:
    return Campaign(1, DRAFT, state, author_id=1)


def offered(state: CampaignState, member: Member, *, under_way: bool = False) -> acts.Offered:
    return acts.offered(a_campaign(state), member, under_way=under_way, lost=True)


def test_each_state_has_one_main_button_and_what_else_may_be_done() -> None:
    found = {state: offered(state, a_member(2)) for state in CampaignState}
    assert {state: one.main for state, one in found.items()} == {
        CampaignState.DRAFT: acts.SUBMIT,
        CampaignState.REVIEW: acts.APPROVE,
        CampaignState.APPROVED: acts.START,
        CampaignState.SCHEDULED: None,
        CampaignState.SENDING: acts.PAUSE,
        CampaignState.PAUSED: acts.RESUME,
        CampaignState.DONE: None,
        CampaignState.CANCELLED: None,
    }
    assert found[CampaignState.SCHEDULED].others == (acts.PAUSE, acts.RETRY, acts.CANCEL)
    assert found[CampaignState.DONE].others == (acts.RETRY,)
    assert found[CampaignState.CANCELLED].others == ()
    # What has left, or never will, is tried no more.
    assert [state for state, one in found.items() if not one.test] == [
        CampaignState.DONE,
        CampaignState.CANCELLED,
    ]
    assert found[CampaignState.PAUSED].edit
    assert not offered(CampaignState.PAUSED, a_member(2), under_way=True).edit


def test_nobody_is_offered_to_approve_what_they_wrote() -> None:
    own = offered(CampaignState.REVIEW, a_member(1))
    assert own.main is None
    assert own.why_not.endswith("own")
    edited = replace(a_campaign(CampaignState.REVIEW), editors=frozenset({2}))
    assert acts.offered(edited, a_member(2), under_way=False, lost=False).main is None


@pytest.mark.parametrize("state", CampaignState)
def test_whoever_only_reads_is_offered_nothing(state: CampaignState) -> None:
    found = offered(state, a_member(3, Role.AUDITOR))
    assert (found.main, found.others, found.edit, found.test) == (None, (), False, False)


def test_the_speed_is_that_of_the_last_minute_and_says_how_long_the_rest_takes() -> None:
    pace = Pace()
    assert pace.seen(1, 0, 600, NOON) is None
    assert pace.seen(1, 10, 590, NOON + timedelta(seconds=2)) is None
    ten = pace.seen(1, 100, 500, NOON + timedelta(seconds=10))
    assert ten is not None
    assert (ten.rate, ten.remaining) == (10, timedelta(seconds=50))
    # After a minute in which nothing left it stands still, and nobody can say how long.
    for second in range(12, 90, 2):
        last = pace.seen(1, 100, 500, NOON + timedelta(seconds=second))
    assert last is not None
    assert (last.rate, last.remaining) == (0, None)


def test_a_clock_that_moves_or_rows_that_go_again_begin_the_measuring_anew() -> None:
    pace = Pace()
    for back in (NOON + timedelta(hours=1), NOON):
        assert pace.seen(1, 100, 10, back) is None
    assert pace.seen(1, 50, 60, NOON + timedelta(seconds=5)) is None
    again = pace.seen(1, 60, 50, NOON + timedelta(seconds=10))
    assert again is not None
    assert again.rate == 2
    for number in range(2 * MOST_CAMPAIGNS):
        pace.seen(number + 2, 1, 1, NOON)
    assert len(pace._seen) == MOST_CAMPAIGNS


def test_what_changed_since_somebody_read_it_is_told_part_by_part() -> None:
    later = replace(
        DRAFT,
        title="Fraudes de visas",
        contents={**DRAFT.contents, "en": Wording("Nobody charges.")},
    )
    assert changes(packed(DRAFT), DRAFT) == ()
    found = {
        (one.name, one.language): (one.ours, one.theirs) for one in changes(packed(DRAFT), later)
    }
    assert found[("title", "")] == ("Fraudes", "Fraudes de visas")
    assert found[("text", "en")] == ("", "Nobody charges.")
    assert ("audience", "") not in found


@pytest.mark.parametrize(
    "sent", ["", "{", "null", '{"a": 1}', "[1, [2, 3], [1]]", "[" * 100_000, "x" * 300_000]
)
def test_what_comes_back_from_a_page_is_never_trusted(sent: str) -> None:
    assert changes(sent, DRAFT)[0].theirs == "Fraudes"


@pytest.mark.parametrize(
    ("audience", "said", "is_any"),
    [
        ("region:mixteca", [("region", ("Mixteca",), False)], False),
        (
            "region:mixteca and not state:CA",
            [("region", ("Mixteca",), False), ("state", ("California",), True)],
            False,
        ),
        (
            "tag:feria or joined:>=2026-01-01",
            [("tag", ("feria",), False), ("joined", ("desde el 2026-01-01",), False)],
            True,
        ),
        # Nobody else gets it: nothing is asked.
        ("topic:fraud", [], False),
        ("topic:programs", [("topic", ("Programas",), False)], False),
    ],
)
def test_an_audience_is_told_in_the_words_of_the_editor(
    audience: str, said: list[tuple[str, tuple[str, ...], bool]], is_any: bool
) -> None:
    found = told(replace(DRAFT, audience=audience), "es", Known())
    assert found is not None
    assert [(one.name, one.values, one.negated) for one in found.conditions] == [
        (FIELD_NAMES[name], values, negated) for name, values, negated in said
    ]
    assert found.is_any == is_any


def test_an_audience_that_no_rows_can_tell_stays_as_it_is_written() -> None:
    nested = "topic:fraud and (state:CA or not tag:f and state:OR)"
    assert told(replace(DRAFT, audience=nested), "es", Known()) is None
    assert told(replace(DRAFT, audience="("), "es", Known()) is None


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_schedule_is_said_in_words(language: str) -> None:
    ten = datetime(2026, 12, 1, 10)  # noqa: DTZ001
    schedules = (
        Now(),
        AtLocal(ten),
        Every(2, "weeks", ten, "America/Mexico_City"),
        Every(6, "hours", ten, None),
        Cron("0 10 * * 1", None),
        After(7),
        After(0),
    )
    said = [words.when(one, language) for one in schedules]
    assert len(set(said)) == len(said)
    assert not any("console." in one for one in said)
    assert words.country_name("US", "es") == "Estados Unidos"
    assert words.country_name("", language)
    assert words.country_name("ZZZ", language) == "ZZZ"
