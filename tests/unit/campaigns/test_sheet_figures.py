"""Figures of a run, added up and compared."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audience.language import And, Not, parse
from campaigns.content.model import Wording
from campaigns.figures.comparing import Aspect, Share, compare, differ
from campaigns.figures.model import Figures, missed_expression, together, unpack
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import Now
from campaigns.sheet.counted import Counts
from campaigns.sheet.prices import Price
from contacts.model import Topic
from delivery.model import State
from kit.channels import Channel

ROWS: Counts = {
    ("sms", "es", State.DELIVERED, ""): 60,
    ("sms", "en", State.SENT, ""): 20,
    ("telegram", "es", State.UNDELIVERED, "30005"): 10,
    ("telegram", "es", State.FAILED, "address_dead"): 8,
    ("sms", "es", State.SKIPPED, "opted_out"): 2,
}
RUN = Figures(
    opt_outs=3,
    replies=4,
    rows=ROWS,
    billed={("es", "US"): 60, ("en", "MX"): 20},
    answers={("helped", ""): 5, ("poll", "1"): 6, ("poll", "2"): 7},
    sent={("2026-11-23T16",): 80, ("2026-11-23T17",): 10},
    delivered={("2026-11-23T17",): 60},
)


def campaign(audience: str) -> Campaign:
    draft = CampaignDraft(
        title="Fraudes",
        topic=Topic.FRAUD,
        kind=CampaignClass.NORMAL,
        audience=audience,
        channels=(Channel.SMS,),
        contents={"es": Wording("Hola")},
        schedule=Now(),
    )
    return Campaign(12, draft, CampaignState.DONE, 1)


def test_what_left_is_what_the_provider_took() -> None:
    assert (RUN.people, RUN.left) == (100, 90)
    assert RUN.by_channel() == {"sms": 80, "telegram": 10}
    assert RUN.by_language() == {"es": 70, "en": 20}


def test_failures_and_skips_have_their_reasons() -> None:
    assert RUN.reasons(State.FAILED, State.UNDELIVERED) == {"30005": 10, "address_dead": 8}
    assert RUN.reasons(State.SKIPPED) == {"opted_out": 2}


def test_answers_are_told_by_kind_and_value() -> None:
    assert RUN.by_answer() == {"helped": {"": 5}, "poll": {"1": 6, "2": 7}}
    assert RUN.answered("poll") == 13


def test_the_series_has_each_hour_with_what_left_and_what_arrived() -> None:
    hour = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert RUN.series() == ((hour, 80, 0), (hour + timedelta(hours=1), 10, 60))


def test_the_cost_is_that_of_what_was_billed_in_the_length_of_its_language() -> None:
    price = Price("US", "USD", Decimal("0.01"), "a page", datetime(2026, 1, 1).date(), True)  # noqa: DTZ001
    cost = RUN.cost({"es": 2, "en": 3}, {"US": price})
    assert cost.money == {"USD": Decimal("1.20")}
    assert cost.unknown == {"MX": 60}


def test_runs_add_up_and_survive_the_table() -> None:
    assert together(()) == Figures()
    twice = together((RUN, unpack(RUN.pack())))
    assert twice.rows == {key: 2 * rows for key, rows in ROWS.items()}
    assert (twice.opt_outs, twice.replies) == (6, 8)
    assert unpack(RUN.pack()) == RUN


def test_shares_are_compared_and_not_numbers() -> None:
    found = {one.aspect: one for one in compare(RUN, together((RUN, RUN)))}
    assert found[Aspect.DELIVERED].one == Share(60, 90)
    assert found[Aspect.DELIVERED].other == Share(120, 180)
    assert found[Aspect.FAILED].one == Share(18, 98)
    assert found[Aspect.SKIPPED].one == Share(2, 100)
    assert not any(one.differs for one in found.values())


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (Share(10, 1_000), Share(40, 1_000), True),
        (Share(10, 1_000), Share(12, 1_000), False),
        # Of so few nobody can tell.
        (Share(0, 4), Share(4, 4), False),
        (Share(0, 0), Share(5, 10), False),
        (Share(7, 7), Share(7, 7), False),
        (Share(0, 1_000_000), Share(0, 1_000_000), False),
    ],
)
def test_a_difference_counts_when_chance_would_seldom_make_it(
    one: Share, other: Share, differs: bool
) -> None:
    assert differ(one, other) is differs
    assert differ(other, one) is differs


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_equal_shares_never_differ(number: int, more: int, times: int) -> None:
    share = Share(number, number + more)
    assert not differ(share, Share(number * times, (number + more) * times))


def test_nothing_at_all_can_be_compared() -> None:
    assert all(one.one.value is None and not one.differs for one in compare(Figures(), Figures()))


@pytest.mark.parametrize("audience", ["topic:fraud", "country:US or state:CA", " not tag:x "])
def test_who_missed_a_campaign_are_all_of_its_audience_without_those_who_got_it(
    audience: str,
) -> None:
    expression = parse(missed_expression(campaign(audience)))
    assert expression == And((parse(audience), Not(parse("received:12"))))
