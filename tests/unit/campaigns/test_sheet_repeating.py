"""What the sheet says of a campaign that does more than go to its people once."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from campaigns.model import CampaignClass
from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule
from campaigns.schedule.occurrences import next_occurrence
from campaigns.sheet.cautions import Cautioned
from campaigns.sheet.model import Sheet
from campaigns.sheet.prices import Cost, Price, sum_of
from campaigns.sheet.repeating import Week, week_of
from campaigns.warnings.model import (
    Category,
    Certainty,
    Severity,
    Status,
    Urgency,
    Warning,
    said_in_spanish,
)
from engine.cron import CronCalendar
from tests.unit.campaigns.test_sheet import DRAFT, GIVEN, NOW, OAXACA, TIJUANA, US, cautions, group
from tests.unit.campaigns.test_sheet import of as of_groups

MONDAY = date(2026, 11, 23)
WARNING = Warning(
    event=said_in_spanish("Fraude"),
    category=Category.SECURITY,
    urgency=Urgency.EXPECTED,
    severity=Severity.MODERATE,
    certainty=Certainty.OBSERVED,
    expires=timedelta(hours=48),
    area=said_in_spanish("Oaxaca"),
    status=Status.EXERCISE,
)


def of(schedule: Schedule, people: int = 100) -> Sheet:
    return of_groups(group(people), draft=replace(DRAFT, schedule=schedule))


def times(schedule: Schedule) -> int:
    week = of(schedule).week
    assert week is not None
    return week.times


def test_a_campaign_that_repeats_tells_how_often_in_a_week_and_what_the_week_costs() -> None:
    made = of(Cron("0 10 * * 2,4", OAXACA))
    assert made.week is not None
    assert made.week.times == 2
    assert (made.cost.money, made.cost.segments) == ({"USD": Decimal("1.00")}, 100)
    assert (made.week.cost.money, made.week.cost.segments) == ({"USD": Decimal("2.00")}, 200)


def test_segments_without_a_price_are_unknown_as_often_as_it_leaves() -> None:
    draft = replace(DRAFT, schedule=Cron("0 10 * * *", OAXACA))
    made = of_groups(group(5, country="MX"), draft=draft)
    assert made.week is not None
    assert made.week.cost.unknown == {"MX": 35}


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        # The same hour a week later is of the week after.
        (Cron("0 10 * * 1", OAXACA), 1),
        (Cron("0 10 * * *", OAXACA), 7),
        (Cron("0 * * * *", OAXACA), 7 * 24),
        (Cron("0 10 * * *", OAXACA, end=MONDAY + timedelta(days=2)), 2),
        (Cron("0 10 * * *", OAXACA, skip=(MONDAY + timedelta(days=3),)), 6),
        (Every(2, "weeks", datetime(2026, 11, 16, 10), OAXACA), 1),  # noqa: DTZ001
        (Every(36, "hours", datetime(2026, 11, 23, 10), OAXACA), 5),  # noqa: DTZ001
    ],
)
def test_the_week_begins_when_it_leaves_next(schedule: Schedule, expected: int) -> None:
    assert times(schedule) == expected


def test_a_time_by_each_persons_own_clock_is_one_time() -> None:
    draft = replace(DRAFT, schedule=Cron("0 10 * * *", None))
    made = of_groups(group(1), group(1, zone=TIJUANA), draft=draft)
    assert made.week is not None
    assert made.week.times == 7


def hours_in_the_week(zones: Collection[str], first: datetime) -> int:
    every = Every(1, "hours", datetime(2026, 1, 1), None)  # noqa: DTZ001
    given = replace(GIVEN, now=first)
    groups = [group(1, zone=zone) for zone in zones]
    week = of_groups(*groups, draft=replace(DRAFT, schedule=every), given=given).week
    assert week is not None
    return week.times


def test_an_hourly_one_has_its_hours_also_in_the_week_in_which_clocks_change() -> None:
    # The hours of seven days on the clock: one that comes twice is one time, and one that does not
    # come is the first instant after it.
    back, forward = datetime(2026, 10, 29, 12, tzinfo=UTC), datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert hours_in_the_week(["America/New_York"], back) == 7 * 24
    assert hours_in_the_week(["America/New_York"], forward) == 7 * 24


@pytest.mark.parametrize(
    "schedule",
    [
        Now(),
        At(NOW + timedelta(hours=1), OAXACA),
        AtLocal(datetime(2026, 11, 24, 10)),  # noqa: DTZ001
        After(0),
        After(7),
    ],
)
def test_what_leaves_once_to_each_person_has_no_week(schedule: Schedule) -> None:
    assert of(schedule).week is None


def test_one_that_has_ended_leaves_no_more_and_costs_nothing() -> None:
    made = of(Cron("0 10 * * *", OAXACA, end=MONDAY - timedelta(days=1)))
    assert made.week == Week(0, Cost(0, {}, {}, ()))
    assert Cautioned.PAST in cautions(made)


def test_a_week_without_a_price_or_people_is_counted_all_the_same() -> None:
    found = week_of(Cron("0 10 * * *", OAXACA), None, [], CronCalendar(), {}, {})
    assert found == Week(0, Cost(0, {}, {}, ()))
    made = of_groups(draft=replace(DRAFT, schedule=Cron("0 10 * * *", OAXACA)))
    assert made.week == Week(7, Cost(0, {}, {}, ()))


def test_a_public_warning_expires_so_long_after_it_begins_to_leave() -> None:
    at = replace(DRAFT, warning=WARNING)
    assert of_groups(group(1), draft=at).expires_at == NOW + timedelta(hours=49)
    given = replace(GIVEN, now=NOW + timedelta(microseconds=7))
    now = of_groups(group(1), draft=replace(at, schedule=Now()), given=given)
    # As it will stand in its page: in whole seconds.
    assert now.expires_at == NOW + timedelta(hours=48)
    assert of_groups(group(1)).expires_at is None
    past = replace(at, schedule=At(NOW, OAXACA))
    assert of_groups(group(1), draft=past).expires_at is None


def test_an_emergency_without_a_reason_is_told_before_all_else() -> None:
    emergency = replace(DRAFT, kind=CampaignClass.EMERGENCY)
    made = of_groups(group(3, spoken="zapoteco"), draft=emergency)
    assert [one.kind for one in made.cautions] == [Cautioned.NO_REASON, Cautioned.UNTRANSLATED]
    reasoned = replace(emergency, reason="Protección civil pide avisar esta noche.")
    assert cautions(of_groups(group(3), draft=reasoned)) == {}
    assert cautions(of_groups(group(3))) == {}


def cost(segments: int, unknown: Mapping[str, int], *unconfirmed: str, **money: str) -> Cost:
    paid = {currency: Decimal(amount) for currency, amount in money.items()}
    return Cost(segments, paid, unknown, unconfirmed)


def test_costs_add_up_by_currency_and_country() -> None:
    whole = sum_of([cost(3, {"MX": 1}, "US", USD="0.02"), cost(4, {"": 2, "MX": 2}, MXN="1.5")])
    assert whole == cost(7, {"": 2, "MX": 3}, "US", USD="0.02", MXN="1.5")
    assert sum_of([]) == cost(0, {})


def test_a_price_of_one_time_is_not_rounded_before_the_week_is() -> None:
    prices = {"US": replace(US, amount=Decimal("0.0083"))}
    found: Mapping[str, Price] = prices
    draft = replace(DRAFT, schedule=Cron("0 10 * * *", OAXACA))
    week = of_groups(group(1), draft=draft, given=replace(GIVEN, prices=found)).week
    assert week is not None
    assert week.cost.money == {"USD": Decimal("0.0581")}


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Cron("0 10 * * *", None), 7),
        (Cron("0 10 * * *", "America/New_York"), 7),
        (Cron("0 10 * * 1", None), 1),
        (Every(1, "days", datetime(2026, 3, 2, 10), "America/New_York"), 7),  # noqa: DTZ001
    ],
)
def test_a_week_in_which_clocks_go_forward_has_seven_days(
    schedule: Cron | Every, expected: int
) -> None:
    zones = ("America/New_York", "America/Tijuana")
    since = datetime(2026, 3, 2, 6, tzinfo=UTC)
    first = next_occurrence(schedule, since, zones, CronCalendar())
    week = week_of(schedule, first, zones, CronCalendar(), {}, {})
    assert week is not None
    assert week.times == expected
