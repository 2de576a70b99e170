"""An audience in SQL selects whom a plain reading of it selects."""

import random
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from campaigns.audience import And, Expression, Not, Or, Term, parse
from campaigns.fields import Field
from campaigns.selection import condition
from contacts.model import Relation, Topic
from contacts.places import Region
from contacts.store import contact
from db.session import Database
from kit.channels import WRITTEN, Channel
from tests.stores.campaign_people import Person, people_in

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


VALUES: dict[Field, Sequence[str]] = {
    Field.TOPIC: [*Topic],
    Field.REGION: [*Region][:3],
    Field.ORIGIN: ["20399", "20397"],
    Field.COUNTRY: ["US", "MX"],
    Field.STATE: ["CA", "OR", "OAX"],
    Field.LANGUAGE: LANGUAGES,
    Field.RELATION: [*Relation][:2],
    Field.CHANNEL: [*WRITTEN],
}


def some_person(dice: random.Random) -> Person:
    about: dict[str, object] = {
        "origin_region": dice.choice([None, *VALUES[Field.REGION]]),
        "origin_clave": dice.choice([None, 20399, 20397]),
        "country": dice.choice([None, *VALUES[Field.COUNTRY]]),
        "state": dice.choice([None, *VALUES[Field.STATE]]),
        "relation": dice.choice([None, *VALUES[Field.RELATION]]),
    }
    ways = dice.choice([(), (SMS,), (TELEGRAM,), (SMS, TELEGRAM)])
    return Person(
        ways=ways,
        topics=[topic for topic in Topic if dice.random() < 0.5],
        language=dice.choice(LANGUAGES),
        about=about,
        stopped=[channel for channel in ways if dice.random() < 0.3],
        dead=[channel for channel in ways if dice.random() < 0.2],
    )


def some_expression(dice: random.Random, depth: int = 3) -> str:
    kind = dice.choice(["term", "term", "not", "and", "or"]) if depth else "term"
    if kind == "term":
        field = dice.choice([*VALUES])
        return f"{field}:{dice.choice(VALUES[field])}"
    if kind == "not":
        return f"not ({some_expression(dice, depth - 1)})"
    parts = (some_expression(dice, depth - 1) for _ in range(dice.randint(2, 3)))
    return f" {kind} ".join(f"({part})" for part in parts)


def holds(expression: Expression, person: Person) -> bool:
    """The plain reading: no SQL, no NULL, a missing value equals nothing."""
    match expression:
        case And(parts):
            return all(holds(part, person) for part in parts)
        case Or(parts):
            return any(holds(part, person) for part in parts)
        case Not(part):
            return not holds(part, person)
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
        case Term(field, value):
            return person.about[field] == value


@pytest.mark.parametrize("seed", range(3))
async def test_random_audiences_choose_the_same_people_as_a_plain_reading(
    database: Database, seed: int
) -> None:
    dice = random.Random(seed)
    people = [some_person(dice) for _ in range(60)]
    ids = await people_in(database, *people)
    sizes = set()
    for _ in range(60):
        audience = some_expression(dice)
        expression = parse(audience)
        expected = [
            made for made, person in zip(ids, people, strict=True) if holds(expression, person)
        ]
        assert await chosen(database, audience) == expected, audience
        sizes.add(len(expected))
    # Else the comparison would have compared nothing with nothing.
    assert len(sizes) > 10


async def test_the_largest_audience_that_is_allowed_runs(database: Database) -> None:
    await people_in(database, Person())
    assert await chosen(database, " or ".join(["topic:fraud"] * 200))
    assert await chosen(database, "(" * 50 + "topic:fraud" + ")" * 50)
