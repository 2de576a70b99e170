"""The sheet before sending: people, money, time, and what to look at again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from campaigns.brakes.cohort import Cohort
from campaigns.content.model import Wording
from campaigns.model import CampaignClass, CampaignDraft
from campaigns.schedule.model import After, At
from campaigns.sheet.cautions import Cautioned
from campaigns.sheet.counted import Counted, Group, unpack, with_batch
from campaigns.sheet.model import Circumstances, Reckoned, Sheet, sheet
from campaigns.sheet.prices import Price
from contacts.model import Topic
from delivery.quiet import DECENT
from engine.cron import CronCalendar
from kit.channels import Channel

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
OAXACA, TIJUANA = "America/Mexico_City", "America/Tijuana"
US = Price("US", "USD", Decimal("0.01"), "a page", date(2026, 11, 1), confirmed=True)
GIVEN = Circumstances({"US": US}, {SMS: 1, TELEGRAM: 30}, None, CronCalendar(), NOW)
SHORT = Wording("Hola", "Hola")
LONG = Wording("Hola", "a" * 161)
DRAFT = CampaignDraft(
    title="Fraudes",
    topic=Topic.FRAUD,
    kind=CampaignClass.NORMAL,
    audience="topic:fraud",
    channels=(TELEGRAM, SMS),
    contents={"es": SHORT, "mixteco": LONG},
    schedule=At(NOW + timedelta(hours=1), OAXACA),
)


def group(
    people: int,
    *,
    channel: Channel = SMS,
    language: str = "es",
    spoken: str = "es",
    excluded: str | None = None,
    country: str = "US",
    zone: str = OAXACA,
    region: str = "mixteca",
    recent: bool = False,
) -> Group:
    return Group(
        channel, language, excluded, spoken, region, country, zone, recent=recent, people=people
    )


def of(*groups: Group, draft: CampaignDraft = DRAFT, given: Circumstances = GIVEN) -> Sheet:
    return sheet(draft, Reckoned(with_batch(Counted(), groups), 1, NOW), given)


def cautions(made: Sheet) -> Mapping[Cautioned, int | None]:
    return {one.kind: one.people for one in made.cautions}


def test_people_are_counted_by_channel_language_and_region_and_the_others_by_reason() -> None:
    made = of(
        group(5, channel=TELEGRAM),
        group(2, language="mixteco", spoken="mix"),
        group(3, region=""),
        group(7, excluded="opted_out", language="mixteco"),
    )
    counted = made.reckoned.counted
    assert (counted.total, counted.people) == (17, 10)
    assert counted.by_channel() == {"sms": 5, "telegram": 5}
    assert counted.by_language() == {"es": 8, "mixteco": 2}
    assert counted.by_region() == {"mixteca": 7, "": 3}
    assert counted.by_reason() == {"opted_out": 7}


def test_money_is_segments_times_people_times_the_price_of_their_country() -> None:
    made = of(group(100), group(10, language="mixteco"), group(50, channel=TELEGRAM))
    assert made.segments == {"US": 100 + 2 * 10}
    assert made.cost.money == {"USD": Decimal("1.20")}
    assert [(one.language, one.people, one.segments) for one in made.sms] == [
        ("es", 100, 100),
        ("mixteco", 10, 20),
    ]


def test_a_country_without_a_price_is_told_with_its_people() -> None:
    made = of(group(100), group(7, country="MX", language="mixteco"), group(1, country=""))
    assert made.cost.unknown == {"MX": 14, "": 1}
    assert cautions(made)[Cautioned.PRICE_UNKNOWN] == 8
    assert made.cost.money == {"USD": Decimal("1.00")}


def test_a_price_that_nobody_confirmed_is_told_only_where_it_counts() -> None:
    given = replace(GIVEN, prices={"US": replace(US, confirmed=False)})
    assert Cautioned.PRICE_UNCONFIRMED in cautions(of(group(1), given=given))
    assert Cautioned.PRICE_UNCONFIRMED not in cautions(of(group(1, channel=TELEGRAM), given=given))


def test_the_time_of_each_channel_is_that_at_its_senders_rate() -> None:
    made = of(group(900), group(27_000, channel=TELEGRAM))
    assert made.seconds == {TELEGRAM: 1_000, SMS: 1_000}
    assert made.first == NOW + timedelta(hours=1)
    assert made.last == NOW + timedelta(hours=1, seconds=1_000)


def test_the_first_few_leave_first_and_the_others_wait_to_see_how_they_fare() -> None:
    draft = replace(DRAFT, cohort=Cohort(share=100, wait=timedelta(minutes=30)))
    made = of(group(900), draft=draft)
    # 9 of 900 at once; the rest half an hour later.
    assert made.leaving[0].messages == 900
    assert made.last == NOW + timedelta(hours=1, minutes=30, seconds=990)


def test_an_emergency_is_given_no_hours_and_leaves_at_night() -> None:
    night = replace(DRAFT, schedule=At(datetime(2026, 11, 24, 8, tzinfo=UTC), OAXACA))
    assert of(group(1), draft=night).first == datetime(2026, 11, 24, 8, tzinfo=UTC)
    decent = replace(GIVEN, hours=DECENT)
    assert of(group(1), draft=night, given=decent).first == datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_people_without_a_text_in_their_language_are_counted() -> None:
    made = of(
        group(300, spoken="zapoteco"),
        group(12, spoken="xx"),
        group(5, language="mixteco", spoken="mix"),
        group(9, spoken="zapoteco", excluded="opted_out"),
    )
    assert cautions(made) == {Cautioned.UNTRANSLATED: 312}
    assert made.cautions[0].phrase.params == {"people": 312, "languages": "zapoteco, xx"}


def test_many_who_got_a_campaign_yesterday_are_told_and_a_few_are_not() -> None:
    many = of(group(40, recent=True), group(60))
    assert many.cautions[0].phrase.params == {"people": 40, "share": 40}
    assert cautions(of(group(9, recent=True), group(91))) == {}


def test_a_channel_without_a_sender_is_told() -> None:
    made = of(group(4), given=replace(GIVEN, rates={TELEGRAM: 30}))
    assert cautions(made) == {Cautioned.NO_SENDER: 4}
    assert made.last is None


def test_messages_that_would_be_too_old_are_told() -> None:
    draft = replace(DRAFT, stale_after=timedelta(seconds=500))
    assert cautions(of(group(900), draft=draft)) == {Cautioned.LATE: 450}


def test_a_time_that_has_passed_is_told() -> None:
    draft = replace(DRAFT, schedule=At(NOW, OAXACA))
    made = of(group(1), draft=draft)
    assert cautions(made) == {Cautioned.PAST: None}
    assert (made.occurrence, made.leaving, made.first, made.last) == (None, (), None, None)


def test_nobody_is_told_only_once_all_are_counted() -> None:
    assert cautions(of()) == {Cautioned.NOBODY: None}
    assert cautions(of(group(3, excluded="no_address"))) == {Cautioned.NOBODY: None}
    assert sheet(DRAFT, Reckoned(Counted(), 0.5, NOW), GIVEN).cautions == ()


def test_dates_are_judged_by_the_day_on_which_it_leaves() -> None:
    text = "El taller es el 25 de noviembre de 2026."
    draft = replace(DRAFT, contents={"es": Wording(text, text)})
    assert cautions(of(group(1), draft=draft)) == {}
    later = replace(draft, schedule=At(NOW + timedelta(days=7), OAXACA))
    made = of(group(1), draft=later)
    # The chat's wording and the SMS say the same: it is told once.
    assert [one.kind for one in made.cautions] == [Cautioned.PAST_DATE]


def test_a_series_counts_who_joined_lately_and_names_no_last_message() -> None:
    made = of(group(70), draft=replace(DRAFT, schedule=After(7)))
    assert made.series
    assert made.leaving == ()
    assert made.occurrence is not None


def test_zones_stand_in_the_order_in_which_they_begin() -> None:
    local = of(group(1, zone=TIJUANA), group(1), given=replace(GIVEN, hours=DECENT))
    assert [one.zone for one in local.leaving] == [OAXACA, TIJUANA]


GROUPS = st.builds(
    group,
    st.integers(1, 1_000),
    channel=st.sampled_from((SMS, TELEGRAM)),
    language=st.sampled_from(("es", "mixteco")),
    spoken=st.sampled_from(("es", "mix", "xx")),
    excluded=st.sampled_from((None, "opted_out", "no_address")),
    country=st.sampled_from(("US", "MX", "")),
    zone=st.sampled_from((OAXACA, TIJUANA)),
    region=st.sampled_from(("mixteca", "")),
    recent=st.booleans(),
)


@given(st.lists(st.lists(GROUPS, max_size=6), max_size=4))
def test_counting_in_batches_is_counting_at_once_and_survives_the_table(
    batches: list[list[Group]],
) -> None:
    counted = Counted()
    for batch in batches:
        counted = unpack(with_batch(counted, batch).pack())
    whole = with_batch(Counted(), [one for batch in batches for one in batch])
    assert counted == whole
    assert counted.total == counted.people + sum(counted.by_reason().values())
    assert sum(counted.by_region().values()) == counted.people
    assert sum(counted.phones.values()) == counted.by_channel().get("sms", 0)
