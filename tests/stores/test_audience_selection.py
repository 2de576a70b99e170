"""An audience in SQL selects whom a plain reading of it selects."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.audience.fields import Field, read_value
from campaigns.audience.language import And, Expression, Not, Or, Saved, Term, parse, written
from campaigns.audience.selection import condition
from contacts import store as contacts
from contacts.model import Relation, Topic
from contacts.places import Region
from contacts.store import contact
from contacts.tags import tag
from db.session import Database, Session
from delivery.content import Content
from delivery.model import Lane, State
from delivery.runs import NewRun, open_run
from delivery.store import message
from kit.channels import WRITTEN, Channel
from kit.zones import OAXACA
from tests.stores.campaign_people import NOON, Person, people_in

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM

# Mixtec at large, two of its variants, and one that is none.
LANGUAGES = ("es", "en", "mixteco", "mix", "mim", "zai")
MIXTEC = {"mixteco", "mix", "mim"}


async def chosen(database: Database, audience: str) -> list[int]:
    async with database.read() as session:
        rows = await session.all(
            select(contact.c.id).where(condition(parse(audience))).order_by(contact.c.id)
        )
    return [row["id"] for row in rows]


async def test_whoever_has_not_said_where_they_are_is_not_known_to_be_in_california(
    database: Database,
) -> None:
    in_california, in_oregon, somewhere, abroad = await people_in(
        database,
        Person(about={"country": "US", "state": "CA"}),
        Person(about={"country": "US", "state": "OR"}),
        Person(about={"country": "US"}),
        Person(),
    )
    assert await chosen(database, "country:US and not state:CA") == [in_oregon, somewhere]
    assert await chosen(database, "not country:US") == [abroad]
    assert await chosen(database, "state:CA") == [in_california]
    assert await chosen(database, "not (country:US and state:CA)") == [
        in_oregon,
        somewhere,
        abroad,
    ]


async def test_a_family_of_languages_stands_for_each_of_its_variants(database: Database) -> None:
    ids = await people_in(database, *(Person(language=code) for code in LANGUAGES))
    by_code = dict(zip(LANGUAGES, ids, strict=True))
    assert await chosen(database, "language:mixteco") == [by_code[code] for code in LANGUAGES[2:5]]
    assert await chosen(database, "language:mix") == [by_code["mix"]]
    assert await chosen(database, "not language:mixteco and not language:zai") == ids[:2]


async def test_a_channel_counts_only_while_its_address_lives_and_nobody_said_no(
    database: Database,
) -> None:
    both, _stopped, _dead, _telegram, other_stopped = await people_in(
        database,
        Person(ways=(SMS, TELEGRAM)),
        Person(stopped=[SMS]),
        Person(dead=[SMS]),
        Person(ways=[TELEGRAM]),
        Person(ways=(SMS, TELEGRAM), stopped=[TELEGRAM]),
    )
    assert await chosen(database, "channel:sms") == [both, other_stopped]


async def test_whoever_a_run_skipped_or_did_not_reach_has_not_received_its_campaign(
    database: Database,
) -> None:
    sent, delivered, failed, skipped, later, other, nobody = await people_in(
        database, *[Person()] * 7
    )
    async with database.write() as session:
        first, second = [await a_run(session, 1, hours) for hours in (1, 2)]
        of_another = await a_run(session, 2, 1)
        await rows_in(session, first, {sent: State.SENT, delivered: State.DELIVERED})
        await rows_in(session, first, {failed: State.FAILED, skipped: State.SKIPPED})
        await rows_in(session, first, {later: State.UNDELIVERED})
        await rows_in(session, second, {later: State.DELIVERED, sent: State.SENT})
        await rows_in(session, of_another, {other: State.SENT})
    assert await chosen(database, "received:1") == [sent, delivered, later]
    assert await chosen(database, "not received:1") == [failed, skipped, other, nobody]
    assert await chosen(database, "received:3") == []


async def test_whoever_goes_batch_by_batch_finds_the_same_people(database: Database) -> None:
    everybody = await people_in(database, *[Person()] * 7)
    async with database.write() as session:
        first, second = [await a_run(session, 1, hours) for hours in (1, 2)]
        await rows_in(session, first, dict.fromkeys(everybody[:3], State.SENT))
        await rows_in(session, second, dict.fromkeys(everybody[2:5], State.DELIVERED))
    for audience in ("received:1", "not received:1", "topic:fraud and not received:1"):
        found = []
        for among in ((0, everybody[1]), (everybody[1], everybody[4]), (everybody[4], 10**9)):
            which = condition(parse(audience), among)
            here = (contact.c.id > among[0], contact.c.id <= among[1])
            async with database.read() as session:
                rows = await session.all(select(contact.c.id).where(which, *here))
            found += sorted(row["id"] for row in rows)
        assert found == await chosen(database, audience)


async def test_the_day_of_joining_ends_at_midnight_in_oaxaca(database: Database) -> None:
    before, first, last, after = await people_in(database, *[Person()] * 4)
    midnight = datetime(2026, 1, 1, 6, tzinfo=UTC)
    joined = {
        before: midnight - STEP,
        first: midnight,
        last: midnight + DAY - STEP,
        after: midnight + DAY,
    }
    async with database.write() as session:
        for who, at in joined.items():
            await contacts.change(session, who, {"joined_at": at})
    assert await chosen(database, "joined:2026-01-01") == [first, last]
    assert await chosen(database, "joined:>2026-01-01") == [after]
    assert await chosen(database, "joined:>=2026-01-01") == [first, last, after]
    assert await chosen(database, "joined:<2026-01-01") == [before]
    assert await chosen(database, "joined:<=2026-01-01") == [before, first, last]
    assert await chosen(database, 'joined:">2026-01-01T06:00Z"') == [last, after]
    assert await chosen(database, 'joined:"2026-01-01T00:00-06:00"') == [first]


async def test_an_audience_that_nobody_has_looked_up_chooses_nobody_by_accident() -> None:
    with pytest.raises(ValueError, match="looked up"):
        condition(Saved("everybody"))


STEP = timedelta(microseconds=1)
DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 6, 2, 6, tzinfo=UTC)
JOINED = (NOON, MIDNIGHT, MIDNIGHT - STEP, MIDNIGHT + DAY, MIDNIGHT + DAY / 2, MIDNIGHT - 9 * DAY)
VALUES: dict[Field, Sequence[str]] = {
    Field.TOPIC: [*Topic],
    Field.REGION: [*Region][:3],
    Field.ORIGIN: ["20399", "20397"],
    Field.COUNTRY: ["US", "MX"],
    Field.STATE: ["CA", "OR", "OAX"],
    Field.LANGUAGE: LANGUAGES,
    Field.RELATION: [*Relation][:2],
    Field.CHANNEL: [*WRITTEN],
    Field.JOINED: [
        f"{sign}{at}"
        for sign in ("", ">", ">=", "<", "<=")
        for at in ("2026-06-01", "2026-06-02", "2026-06-02T06:00:00Z", "2026-11-23T06:00-06:00")
    ],
    Field.TAG: ["feria", "poll-1-2", "nobody"],
    Field.RECEIVED: ["1", "2", "3"],
}
RUNS = {1: 2, 2: 1}
"""Campaign to how many runs it had; the third has none."""


@dataclass(frozen=True)
class Somebody:
    """A person, and what happened to them: the states of their rows, by campaign and run."""

    person: Person
    joined_at: datetime
    tags: frozenset[str]
    rows: Mapping[tuple[int, int], State]


@dataclass(frozen=True)
class Crowd:
    """Everybody in one database by id, and how many each question chose."""

    database: Database
    people: Mapping[int, Somebody]
    sizes: set[int] = field(default_factory=set)


async def a_run(session: Session, campaign_id: int, hours: int) -> int:
    content = {"es": Content("Hola", "Hola")}
    due_at = NOON + timedelta(hours=hours)
    new = NewRun(campaign_id, due_at, content, topic="fraud", channels=(SMS,))
    made = await open_run(session, new, NOON)
    assert made is not None
    return made


async def rows_in(session: Session, run_id: int, states: Mapping[int, State]) -> None:
    for who, state in states.items():
        await session.execute(
            message.insert().values(
                lane=Lane.BULK,
                channel=SMS,
                state=state,
                run_id=run_id,
                contact_id=who,
                language="es",
                created_at=NOON,
                due_at=NOON,
            )
        )


def some_person(dice: random.Random) -> Somebody:
    about: dict[str, object] = {
        "origin_region": dice.choice([None, *VALUES[Field.REGION]]),
        "origin_clave": dice.choice([None, 20399, 20397]),
        "country": dice.choice([None, *VALUES[Field.COUNTRY]]),
        "state": dice.choice([None, *VALUES[Field.STATE]]),
        "relation": dice.choice([None, *VALUES[Field.RELATION]]),
    }
    ways = dice.choice([(), (SMS,), (TELEGRAM,), (SMS, TELEGRAM)])
    person = Person(
        ways=ways,
        topics=[topic for topic in Topic if dice.random() < 0.5],
        language=dice.choice(LANGUAGES),
        about=about,
        stopped=[channel for channel in ways if dice.random() < 0.3],
        dead=[channel for channel in ways if dice.random() < 0.2],
    )
    return Somebody(
        person,
        dice.choice(JOINED),
        frozenset(name for name in ("feria", "poll-1-2") if dice.random() < 0.3),
        {
            (campaign, run): dice.choice([*State])
            for campaign, runs in RUNS.items()
            for run in range(runs)
            if dice.random() < 0.6
        },
    )


@pytest.fixture
async def crowd(database: Database) -> AsyncIterator[Crowd]:
    """Ninety people, in the database once for all questions."""
    dice = random.Random(2026)
    everybody = [some_person(dice) for _ in range(90)]
    ids = await people_in(database, *(one.person for one in everybody))
    people = dict(zip(ids, everybody, strict=True))
    async with database.write() as session:
        for who, one in people.items():
            await contacts.change(session, who, {"joined_at": one.joined_at})
            for name in one.tags:
                await tag(session, who, name, NOON)
        for campaign, runs in RUNS.items():
            for run in range(runs):
                rows = {
                    who: one.rows[campaign, run]
                    for who, one in people.items()
                    if (campaign, run) in one.rows
                }
                await rows_in(session, await a_run(session, campaign, run), rows)
    asked = Crowd(database, people)
    yield asked
    # Else the comparison would have compared nothing with nothing.
    assert len(asked.sizes) > 20


ORDER = {">=": {0, 1}, "<=": {-1, 0}, ">": {1}, "<": {-1}, "": {0}}
"""Before, at the same time or after: what each sign takes."""


def joined(value: str, at: datetime) -> bool:
    """By comparing days of a calendar in Oaxaca, or instants."""
    sign = next(sign for sign in ORDER if value.startswith(sign))
    said = value.removeprefix(sign)
    if "T" in said:
        instant = datetime.fromisoformat(said)
        return (at > instant) - (at < instant) in ORDER[sign]
    day, asked = at.astimezone(ZoneInfo(OAXACA)).date(), date.fromisoformat(said)
    return (day > asked) - (day < asked) in ORDER[sign]


def holds(expression: Expression, one: Somebody) -> bool:
    """The plain reading: no SQL, no NULL, a missing value equals nothing."""
    person = one.person
    match expression:
        case And(parts):
            return all(holds(part, one) for part in parts)
        case Or(parts):
            return any(holds(part, one) for part in parts)
        case Not(part):
            return not holds(part, one)
        case Term(Field.TOPIC, value):
            return value in set(map(str, person.topics))
        case Term(Field.CHANNEL, value):
            out = {*person.stopped, *person.dead}
            return any(channel == value and channel not in out for channel in person.ways)
        case Term(Field.LANGUAGE, value):
            return person.language == value or (value == "mixteco" and person.language in MIXTEC)
        case Term(Field.ORIGIN, value):
            return person.about["origin_clave"] == int(value)
        case Term(Field.REGION, value):
            return person.about["origin_region"] == value
        case Term(Field.JOINED, value):
            return joined(value, one.joined_at)
        case Term(Field.TAG, value):
            return value in one.tags
        case Term(Field.RECEIVED, value):
            got = {State.SENT, State.DELIVERED}
            return any(
                campaign == int(value) and state in got
                for (campaign, _run), state in one.rows.items()
            )
        case Term(asked, value):
            return person.about[asked] == value
        case Saved():
            raise AssertionError("nothing is saved here")


def compound(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(inner.map(Not), parts.map(And), parts.map(Or))


TERMS = st.sampled_from([*VALUES]).flatmap(
    lambda asked: st.sampled_from(VALUES[asked]).map(
        lambda value: Term(asked, read_value(asked, value))
    )
)
EXPRESSIONS = st.recursive(TERMS, compound, max_leaves=8)


@settings(
    max_examples=150,
    deadline=None,
    # The questions change nothing, so that all of them may ask one database.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(expression=EXPRESSIONS)
async def test_any_audience_chooses_the_same_people_as_a_plain_reading(
    crowd: Crowd, expression: Expression
) -> None:
    expected = [who for who, one in crowd.people.items() if holds(expression, one)]
    assert await chosen(crowd.database, written(expression)) == expected
    crowd.sizes.add(len(expected))


async def test_each_value_of_each_field_chooses_the_same_people_and_not_the_others(
    crowd: Crowd,
) -> None:
    for asked, values in VALUES.items():
        for value in values:
            term = Term(asked, read_value(asked, value))
            for expression in (term, Not(term)):
                expected = [who for who, one in crowd.people.items() if holds(expression, one)]
                assert await chosen(crowd.database, written(expression)) == expected, expression
                crowd.sizes.add(len(expected))


async def test_the_largest_audience_that_is_allowed_runs(database: Database) -> None:
    await people_in(database, Person())
    assert await chosen(database, " or ".join(["topic:fraud"] * 200))
    assert await chosen(database, "(" * 50 + "topic:fraud" + ")" * 50)
