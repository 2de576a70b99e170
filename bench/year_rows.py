"""Rows of years of work that no campaign brings: cases, letters, arrivals, consents, the audit.

The database makes most of them itself out of the contacts' ids. What is sealed says the same in all
of them: it is opened no faster or slower for that.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from alerts.model import CaseState, Kind, MayWrite, Minor, Timer, Urgency
from alerts.people.store import person_name, person_phone
from alerts.store import case
from alerts.timers import timer
from bench import figures
from bench.crowd import keyring
from db.session import Database
from delivery.content import Content
from kit.channels import Channel
from kit.fold import fold
from kit.ids import new_folio
from staff.audit import chain
from staff.audit.model import Line, content
from staff.audit.store import PURPOSE, audit

CLOSED = 20_000
LIVE = 400
LETTERS = 5_000
ARRIVALS = 50_000
ATTENTIONS = 77_520
AUDIT = 300_000
LONG_CASE = 1_500
"""Lines of the longest case."""

CHUNK = 5_000
FIRST_REPORTER = 9_200_000_000
LINES = (
    "called", "paged", "acknowledged", "said", "replied", "location", "media", "kind", "acted",
    "said", "replied", "closed",
)  # fmt: skip
"""The lines of a case of some length."""

SYLLABLES = [a + b + c for a in ("xo", "na", "ti", "lu") for b in ("mar", "chi", "ra") for c in
             ("nez", "ta", "lo", "co", "ña", "vel")]  # fmt: skip
ACTS = ("case.open", "campaigns.report", "case.reply", "signin.ok", "case.reveal")


@dataclass(frozen=True, slots=True)
class Sql:
    """What the two databases write each in its own way. `people` is how many contacts there are."""

    is_sqlite: bool
    now: datetime
    people: int

    def instant(self, at: datetime) -> object:
        """An instant as a bound value."""
        return at.strftime("%Y-%m-%d %H:%M:%S.%f") if self.is_sqlite else at

    def ago(self, seconds: str) -> str:
        """So many seconds before now; `seconds` is an expression."""
        at = self.now.strftime("%Y-%m-%d %H:%M:%S")
        if self.is_sqlite:
            return f"datetime('{at}', '-' || ({seconds}) || ' seconds') || '.000000'"
        return f"(timestamptz '{at}+00' - ({seconds}) * interval '1 second')"

    def day_ago(self, days: str) -> str:
        """The day so many days before today."""
        on = self.now.date().isoformat()
        if self.is_sqlite:
            return f"date('{on}', '-' || ({days}) || ' days')"
        return f"(date '{on}' - CAST({days} AS integer))"

    def sealed(self, words: str, purpose: str) -> str:
        """Words as a sealed column keeps them."""
        return self._bytes(keyring().seal(words, purpose))

    def blind(self, value: str, purpose: str) -> str:
        """The print of a value."""
        return self._bytes(keyring().blind(value, purpose))

    def own(self, number: str) -> str:
        """Bytes of its own for each number, in the place of a print."""
        return f"CAST({number} AS BLOB)" if self.is_sqlite else f"int8send({number})"

    def numbers(self, most: int) -> str:
        """A table `n` with `id` from 1 on."""
        return f"(SELECT id FROM contact WHERE id <= {min(most, self.people)}) AS n"

    def _bytes(self, value: bytes) -> str:
        return f"X'{value.hex()}'" if self.is_sqlite else f"'\\x{value.hex()}'::bytea"


async def fill(database: Database, sql: Sql, on_duty: Sequence[int], now: datetime) -> None:
    """Add them all. `on_duty` are ids of members."""
    await _cases(database, on_duty, now)
    await figures.run_all(database, *_of_cases(sql, on_duty[0]), *_of_people(sql, on_duty[0]))
    await _names(database)
    await _audit(database, on_duty, now)


async def _names(database: Database) -> None:
    """Names and phones of the people of cases, most of them of one case alone."""
    chance = random.Random(21)
    async with database.write() as session:
        for begin in range(1, CLOSED + LIVE + 1, CHUNK):
            ids = range(begin, min(begin + CHUNK, CLOSED + LIVE + 1))
            names = [" ".join(chance.choices(SYLLABLES, k=2)).title() for _ in ids]
            await session.execute(
                person_name.insert(),
                [
                    {"person_id": one, "position": 0, "name": name, "name_index": fold(name)}
                    for one, name in zip(ids, names, strict=True)
                ],
            )
            phones = [f"+1213555{one % 9_000:04}" for one in ids]
            await session.execute(
                person_phone.insert(),
                [
                    {"person_id": one, "position": 0, "phone": phone, "phone_index": phone}
                    for one, phone in zip(ids, phones, strict=True)
                ],
            )


async def _cases(database: Database, on_duty: Sequence[int], now: datetime) -> None:
    """Closed ones, and live ones that nobody is to be woken for while the pages are measured."""
    chance = random.Random(20)
    folios: set[str] = set()
    while len(folios) < CLOSED + LIVE:
        folios.add(new_folio(chance.randrange))
    rows = [_case(number, folio, on_duty, now) for number, folio in enumerate(sorted(folios), 1)]
    for begin in range(0, len(rows), CHUNK):
        async with database.write() as session:
            await session.execute(case.insert(), rows[begin : begin + CHUNK])
    due = now + timedelta(days=5)
    waiting = [
        {
            "case_id": row["id"],
            "kind": Timer.PAGE if row["state"] == CaseState.OPEN else Timer.LEASE,
            "due_at": due,
            "set_at": now,
        }
        for row in rows[CLOSED:]
    ]
    async with database.write() as session:
        await session.execute(timer.insert(), waiting)


def _case(number: int, folio: str, on_duty: Sequence[int], now: datetime) -> dict[str, object]:
    live = number > CLOSED
    # Two or three years of closed ones; those that live began within the last days.
    ended = timedelta(minutes=70 * (CLOSED - number)) if not live else timedelta()
    opened = now - ended - timedelta(minutes=20 * (LIVE + min(CLOSED - number, 0)) + 60)
    owned = not live or number % 2 == 0
    urgencies, kinds = list(Urgency), [kind for kind in Kind if kind is not Kind.CANARY]
    return {
        "id": number,
        "folio": folio,
        "state": CaseState.CLOSED
        if not live
        else CaseState.ACKNOWLEDGED
        if owned
        else CaseState.OPEN,
        "kind": kinds[number % len(kinds)],
        "urgency": urgencies[number % len(urgencies)],
        "channel": Channel.TELEGRAM,
        "endpoint": str(FIRST_REPORTER + number // 2),
        "endpoint_index": str(FIRST_REPORTER + number // 2),
        "language": "mix" if number % 4 == 0 else "es",
        "may_write": MayWrite.NO if number % 9 == 0 else MayWrite.YES,
        "word": "flor",
        "owner_id": on_duty[number % len(on_duty)] if owned else None,
        "paged": 1,
        "outcome": None if live else "attended",
        "minor": Minor.YES if number % 11 == 0 else Minor.UNKNOWN,
        "opened_at": opened,
        "closed_at": None if live else opened + timedelta(minutes=50),
    }


def _of_cases(sql: Sql, member: int) -> list[str]:
    """Timelines, people, messages and referrals of cases."""
    kinds = " ".join(f"WHEN {n} THEN '{kind}'" for n, kind in enumerate(LINES, 1))
    words = sql.sealed("Mi hijo no llega a Nogales, salió el martes de Tlaxiaco.", "words")
    place, photo = sql.sealed("[31.3, -110.9]", "words"), sql.sealed("photo:FILE", "words")
    body = f"CASE n.id WHEN 6 THEN {place} WHEN 7 THEN {photo} ELSE {words} END"
    ours = f"CASE WHEN n.id IN (3, 5, 9, 11, 12) THEN {member} END"
    entry = "INSERT INTO case_entry (case_id, at, kind, member_id, body)"
    longest = CLOSED + LIVE
    talked = sql.ago(f"{LONG_CASE + 1} - n.id")
    plain = sql.sealed("", "person")
    said = Content(chat="Una persona tiene su caso.", sms="Una persona tiene su caso.").pack()
    return [
        f"{entry} SELECT c.id, c.opened_at, CASE n.id {kinds} END, {ours}, {body}"
        f" FROM case_file AS c CROSS JOIN {sql.numbers(len(LINES) - 1)}",
        f"{entry} SELECT id, closed_at, 'closed', {member}, {sql.sealed('attended', 'words')}"
        " FROM case_file WHERE closed_at IS NOT NULL",
        f"{entry} SELECT {longest}, {talked}, CASE WHEN n.id % 2 = 0 THEN 'said' ELSE"
        f" 'replied' END, CASE WHEN n.id % 2 = 0 THEN NULL ELSE {member} END, {words}"
        f" FROM {sql.numbers(LONG_CASE)}",
        "INSERT INTO case_person (id, case_id, role, kinship, language, seen_where, seen_at, note,"
        f" photo, created_at, changed_at) SELECT id, id, 'concerned', {plain}, {plain}, {plain},"
        f" {plain}, {words}, {plain}, opened_at, opened_at FROM case_file",
        "INSERT INTO message (lane, channel, sender, state, endpoints, endpoint_index, content,"
        " position, language, about, created_at, due_at, attempts, killed, settled_at)"
        f" SELECT 'urgent', 'telegram', 'telegram', 'delivered', {_to(sql)}, c.endpoint_index,"
        f" {sql.sealed(said, 'content')}, 0, 'es', 'case:' || c.id, c.opened_at, c.opened_at, 1,"
        f" 0, c.opened_at FROM case_file AS c CROSS JOIN {sql.numbers(5)}",
        "INSERT INTO case_referral (case_id, body, name, state, made_at, made_by)"
        f" SELECT id, 'consulate', {sql.sealed('Consulado', 'referral')}, 'asked', opened_at,"
        f" {member} FROM case_file WHERE id % 5 = 0",
    ]


def _to(sql: Sql) -> str:
    return sql.sealed('[["telegram", "9200000000"]]', "endpoints")


def _of_people(sql: Sql, member: int) -> list[str]:
    """Consents, conversations, tags, letters, arrivals, and services given at the window."""
    words = sql.sealed("Quiero recibir avisos de los talleres", "words")
    index = sql.own("id + 1000000")
    endpoint = sql.sealed("9300000000", "endpoint")
    return [
        "INSERT INTO consent (contact_id, version, given, at, channel, words, source)"
        f" SELECT id, '1', true, joined_at, 'telegram', {words}, 'telegram' FROM contact",
        "INSERT INTO conversation (channel, endpoint_index, language, heard_at)"
        f" SELECT channel, endpoint_index, 'es', {sql.ago('id')} FROM address WHERE id % 10 = 0",
        "INSERT INTO contact_tag (contact_id, tag, at)"
        " SELECT id, 'taller-' || (id % 40), joined_at FROM contact WHERE id % 5 = 0",
        "UPDATE contact SET joined_at = " + sql.ago("id") + f" WHERE id > {sql.people} - 3000",
        "INSERT INTO letter (channel, endpoint, endpoint_index, language, reason, body,"
        " received_at, answered_at, answered_by)"
        f" SELECT 'telegram', {endpoint}, {index}, 'es', CASE id % 4 WHEN 0 THEN 'danger' WHEN 1"
        f" THEN 'verify' ELSE 'free' END, {words}, {sql.ago('id * 600')}, CASE WHEN id > 200 THEN"
        f" {sql.ago('id * 600 - 300')} END, CASE WHEN id > 200 THEN {member} END"
        f" FROM {sql.numbers(LETTERS)}",
        "INSERT INTO inbound (channel, provider_id, raw, state, arrived_at, attempts, begun,"
        f" next_try_at, error) SELECT 'telegram', 'bench-' || id, {sql.sealed('{}', 'inbound')},"
        " CASE WHEN id % 2000 = 0 THEN 'failed' ELSE 'processed' END,"
        f" {sql.ago('id * 30')}, 1, 0, {sql.ago('id * 30')}, CASE WHEN id % 2000 = 0 THEN"
        f" 'ValueError' END FROM {sql.numbers(ARRIVALS)}",
        "INSERT INTO attention (day, given, clave, means, sex, population, member_id,"
        f" registered_at, print) SELECT {sql.day_ago('id % 320')}, 'papers', 20001 + id % 570,"
        " CASE WHEN id % 3 = 0 THEN 'phone' ELSE 'window' END, 'woman', 'abroad',"
        f" {member}, {sql.ago('(id % 320) * 86400 + id % 3600')}, 'bench-' || id"
        f" FROM {sql.numbers(ATTENTIONS)}",
    ]


async def _audit(database: Database, on_duty: Sequence[int], now: datetime) -> None:
    """Lines as the platform writes them, put into the chain."""
    keys = keyring()
    async with database.write() as session:
        first = int(await session.scalar(select(func.coalesce(func.max(audit.c.id), 0)))) + 1
    for begin in range(first, first + AUDIT, CHUNK):
        rows = []
        for number in range(begin, min(begin + CHUNK, first + AUDIT)):
            at = now - timedelta(seconds=60 * (first + AUDIT - number))
            act, by = ACTS[number % len(ACTS)], on_duty[number % len(on_duty)]
            line = Line(number, at, by, act, f"case:{number % CLOSED + 1}")
            rows.append(
                {
                    "id": number,
                    "at": at,
                    "member_id": by,
                    "act": act,
                    "about": line.about,
                    "mac": keys.blind(content(line), PURPOSE),
                }
            )
        async with database.write() as session:
            await session.execute(audit.insert(), rows)
    more = True
    while more:
        async with database.write() as session:
            more = await chain.seal(session, now, CHUNK) > 0
