"""Coming in: passwords, second factors, delays; on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from db.session import Database
from kit.errors import Invalid, NotFound, Problem, Refused
from staff import store
from staff.audit.store import audit
from staff.model import Role
from staff.signin import invitations, sessions
from staff.signin.hashing import Passwords
from staff.signin.model import Entered, Locked, Stage, Visit
from staff.signin.service import SignIn
from staff.signin.store import codes_left, credential, recovery_code, sign_in_failure
from tests.stores.signin_rig import (
    CHEAP,
    EMAIL,
    GOOD,
    HERE,
    MINUTE,
    NOW,
    OTHER,
    SECOND,
    THERE,
    acts,
    app_of,
    hired,
    invited,
    link,
    refusal,
)


@pytest.fixture
def door(database: Database) -> SignIn:
    return SignIn(database, trial=False, passwords=CHEAP)


@pytest.fixture
def trial(database: Database) -> SignIn:
    return SignIn(database, trial=True, passwords=CHEAP)


async def test_from_the_first_link_to_a_second_sign_in_with_a_second_factor(door: SignIn) -> None:
    database = door.database
    async with database.write() as session:
        older = await invitations.first_link(session, NOW)
        path = await invitations.first_link(session, NOW)
    assert path is not None
    assert older is not None
    token = path.removeprefix(invitations.PATH)
    with pytest.raises(NotFound):
        await door.invited(older.removeprefix(invitations.PATH), NOW)
    assert (await door.invited(token, NOW)).member is None
    # What is typed wrongly can be mended, and leaves nobody behind.
    for name, email, password in (
        ("", EMAIL, GOOD),
        ("Ana", "ana", GOOD),
        ("Ana", EMAIL, "short"),
        ("Ana", EMAIL, "x" * 1_000_000),
        ("x" * 10**6, EMAIL, GOOD),
    ):
        with pytest.raises(Invalid):
            await door.accept(token, password, HERE, NOW, name=name, email=email)
    async with database.read() as session:
        assert await store.everybody(session) == ()
    # Two open it at once, and one becomes the administrator.
    done = await asyncio.gather(
        door.accept(token, GOOD, HERE, NOW, name="Ana Ejemplo", email=" ANA@example.org"),
        door.accept(token, OTHER, THERE, NOW, name="Eva Ejemplo", email="eva@example.org"),
        return_exceptions=True,
    )
    ((entered,), (late,)) = (
        [one for one in done if isinstance(one, Entered)],
        [one for one in done if isinstance(one, NotFound)],
    )
    assert late.key == "console.signin.link_over"
    assert entered.signed_in.member.role is Role.ADMIN
    assert entered.signed_in.stage is Stage.ENROL
    password = GOOD if entered.signed_in.member.email == EMAIL else OTHER
    email = entered.signed_in.member.email
    async with database.write() as session:
        assert await invitations.first_link(session, NOW) is None

    again = await door.offer(entered.signed_in)
    assert again.secret == (await door.offer(entered.signed_in)).secret
    wrong = await refusal(door.enrol(entered.signed_in, "000000", HERE, NOW))
    assert isinstance(wrong, Invalid)
    phone, inside = await app_of(door, entered)
    assert inside.signed_in.stage is Stage.IN
    assert inside.cookie != entered.cookie
    assert inside.signed_in.id == entered.signed_in.id
    assert len(inside.codes) == 10
    async with database.read() as session:
        assert await sessions.current(session, entered.cookie, NOW) is None
        assert await sessions.current(session, inside.cookie, NOW) == inside.signed_in
    # Another window that still shows the same picture.
    assert isinstance(
        await refusal(door.enrol(entered.signed_in, phone.at(NOW), HERE, NOW)), Refused
    )
    assert isinstance(await refusal(door.offer(inside.signed_in)), Refused)

    # The code of the enrolment is spent; the next one is good once, also for two at a time.
    later = NOW + MINUTE
    half = await door.enter(email, password, HERE, later)
    assert half.signed_in.stage is Stage.SECOND
    spent = await refusal(
        door.second(half.signed_in, phone.at(NOW + 30 * SECOND - MINUTE), HERE, NOW)
    )
    assert spent.key == "console.signin.code_wrong"
    twin = await door.enter(email, password, THERE, later)
    both = await asyncio.gather(
        door.second(half.signed_in, phone.at(later), HERE, later),
        door.second(twin.signed_in, phone.at(later), THERE, later),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Entered", "Refused"]
    told = [act for act, _who, _about in await acts(database)]
    assert told.count("signin.ok") == 2
    assert {"signin.second", "signin.codes", "signin.password", "staff.add"} <= set(told)


async def test_nothing_tells_whether_an_e_mail_is_known_and_the_right_password_waits_too(
    door: SignIn,
) -> None:
    database = door.database
    who = await hired(database)
    await invited(door, who)
    await hired(database, "without@example.org")
    for number, email in enumerate(
        (EMAIL, "nobody@example.org", "without@example.org", "", "x" * 10**6, "\ud800@x.org")
    ):
        visit = Visit(f"203.0.113.{number}")
        told = []
        for _try in range(3):
            told.append(await refusal(door.enter(email, "wrong", visit, NOW)))
        told.append(await refusal(door.enter(email, GOOD, visit, NOW + 4 * SECOND)))
        assert [one.key.removeprefix("console.signin.") for one in told] == [
            "wrong",
            "wrong",
            "wrong_wait",
            "locked",
        ]
        waits = [one.wait for one in told if isinstance(one, Locked)]
        assert waits == [5 * SECOND, SECOND]
        assert (told[-1].code, told[0].code) == ("locked", "refused")
    # From elsewhere as well; and another account from here.
    assert isinstance(await refusal(door.enter(EMAIL, GOOD, THERE, NOW)), Locked)
    fresh = await refusal(door.enter("new@example.org", GOOD, Visit("203.0.113.0"), NOW))
    assert isinstance(fresh, Locked)
    # When the delay is over it is only the password that counts, and all is forgotten.
    entered = await door.enter(EMAIL, GOOD, THERE, NOW + 5 * SECOND)
    assert entered.signed_in.stage is Stage.ENROL
    await app_of(door, entered, NOW + 5 * SECOND)
    assert (await refusal(door.enter(EMAIL, "wrong", THERE, NOW + 5 * SECOND))).code == "refused"
    lines = await acts(database)
    assert ("signin.failed", who.id, f"member:{who.id}") in lines
    assert ("signin.failed", None, "-") in lines
    assert ("signin.locked", None, "-") in lines
    async with database.read() as session:
        kept = [str(dict(row)) for row in await session.all(select(audit))]
        kept += [str(dict(row)) for row in await session.all(select(sign_in_failure))]
    for secret in ("example", "203.0.113", "198.51", "nobody"):
        assert not any(secret in one for one in kept)


async def test_guesses_at_the_same_time_are_judged_one_after_the_other(door: SignIn) -> None:
    await invited(door, await hired(door.database))
    guesses = [*(f"wrong {number}" for number in range(9)), GOOD, GOOD]
    done = await asyncio.gather(
        *(door.enter(EMAIL, guess, HERE, NOW) for guess in guesses), return_exceptions=True
    )
    keys = [getattr(one, "key", "in") for one in done]
    # Each of the first few either counts or comes in; behind the third failure nothing is judged.
    assert keys.count("console.signin.wrong_wait") <= 1
    assert keys.count("console.signin.wrong") <= 2
    assert keys.count("console.signin.locked") >= 6
    assert all(isinstance(one, Entered | Problem) for one in done)


async def test_a_colleagues_slip_costs_nobody_at_the_same_address(trial: SignIn) -> None:
    people = [await hired(trial.database, f"p{number}@example.org") for number in range(4)]
    for one in people:
        await invited(trial, one)
    for one in people:
        for _try in range(2):
            assert (await refusal(trial.enter(one.email, "wrong", HERE, NOW))).code == "refused"
        await trial.enter(one.email, GOOD, HERE, NOW)
    # Whoever tries other people's accounts gains nothing by entering their own between.
    codes = []
    for one in people[1:]:
        codes.append((await refusal(trial.enter(one.email, "wrong", HERE, NOW))).code)
        if codes[-1] == "refused":
            await trial.enter(people[0].email, GOOD, HERE, NOW)
    assert codes == ["refused", "refused", "locked"]


async def test_the_second_step_has_delays_of_its_own_that_the_password_does_not_clear(
    door: SignIn,
) -> None:
    phone, _inside = await app_of(door, await invited(door, await hired(door.database)))
    at = NOW + MINUTE
    codes = []
    for _try in range(3):
        half = await door.enter(EMAIL, GOOD, HERE, at)
        codes.append((await refusal(door.second(half.signed_in, "000000", HERE, at))).code)
    assert codes == ["refused", "refused", "locked"]
    right = phone.at(at)
    assert isinstance(await refusal(door.second(half.signed_in, right, THERE, at)), Locked)
    inside = await door.second(half.signed_in, right, THERE, at + 5 * SECOND)
    assert inside.signed_in.stage is Stage.IN
    # Not with a session that is further, and not with the old one.
    for one in (inside, half):
        assert isinstance(await refusal(door.second(one.signed_in, right, HERE, at)), Refused)
    for nonsense in ("", "x" * 10**6, "\ud800", "١٢٣٤٥٦"):
        half = await door.enter(EMAIL, GOOD, THERE, at + 3 * MINUTE)
        refused = await refusal(door.second(half.signed_in, nonsense, THERE, at + 99 * MINUTE))
        assert isinstance(refused, Refused)
        at += 60 * MINUTE


async def test_a_recovery_code_opens_once_and_new_ones_take_their_place(door: SignIn) -> None:
    phone, inside = await app_of(door, await invited(door, await hired(door.database)))
    member = inside.signed_in.member
    code = inside.codes[3].lower().replace("-", " ")
    half = await door.enter(EMAIL, GOOD, HERE, NOW)
    twin = await door.enter(EMAIL, GOOD, THERE, NOW)
    both = await asyncio.gather(
        door.second(half.signed_in, code, HERE, NOW),
        door.second(twin.signed_in, code, THERE, NOW),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Entered", "Refused"]
    async with door.database.read() as session:
        assert await codes_left(session, member.id) == 9
        rows = await session.all(select(recovery_code))
        (kept,) = await session.all(select(text("password, second FROM credential")))
    assert not any(inside.codes[0].encode() in bytes(row["code_print"]) for row in rows)
    assert GOOD.encode() not in bytes(kept["password"])
    assert b"argon2" not in bytes(kept["password"])
    assert phone.secret.encode() not in bytes(kept["second"])
    # Others are made for a code of the app alone.
    at = NOW + MINUTE
    spare = await refusal(door.new_codes(inside.signed_in, inside.codes[0], HERE, at))
    assert spare.code == "refused"
    fresh = await door.new_codes(inside.signed_in, phone.at(at), HERE, at)
    assert len(fresh) == 10
    half = await door.enter(EMAIL, GOOD, HERE, at)
    assert (await refusal(door.second(half.signed_in, inside.codes[0], HERE, at))).code == "refused"
    assert (await door.second(half.signed_in, fresh[0], HERE, at)).signed_in.is_in
    assert ("signin.recovery", member.id, f"member:{member.id}") in await acts(door.database)


async def test_a_clock_that_was_put_back_locks_nobody_out(door: SignIn) -> None:
    phone, _inside = await app_of(door, await invited(door, await hired(door.database)))
    ahead = NOW + timedelta(days=400)
    half = await door.enter(EMAIL, GOOD, HERE, ahead)
    await door.second(half.signed_in, phone.at(ahead), HERE, ahead)
    for _try in range(4):
        await refusal(door.enter(EMAIL, "wrong", HERE, ahead + MINUTE))
    back = NOW + MINUTE
    half = await door.enter(EMAIL, GOOD, HERE, back)
    inside = await door.second(half.signed_in, phone.at(back), HERE, back)
    assert inside.signed_in.is_in
    half = await door.enter(EMAIL, GOOD, HERE, back)
    replay = await refusal(door.second(half.signed_in, phone.at(back), HERE, back))
    assert replay.key == "console.signin.code_wrong"


async def test_a_password_that_was_changed_while_it_was_compared_opens_nothing(
    trial: SignIn,
) -> None:
    who = await hired(trial.database)
    await invited(trial, who)
    token = await link(trial.database, who)

    class Slow(Passwords):
        async def matches(self, password: str, kept: str | None) -> tuple[bool, str | None]:
            found = await Passwords.matches(self, password, kept)
            await trial.accept(token, OTHER, THERE, NOW)
            return found

    slow = SignIn(trial.database, trial=True, passwords=Slow(1024, 1))
    assert (await refusal(slow.enter(EMAIL, GOOD, HERE, NOW))).code == "refused"


async def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(trial: SignIn) -> None:
    await invited(trial, await hired(trial.database))
    dearer = SignIn(trial.database, trial=True, passwords=Passwords(2048, 1))
    await dearer.enter(EMAIL, GOOD, HERE, NOW)
    async with trial.database.read() as session:
        kept = await session.scalar(select(credential.c.password))
    assert "m=2048" in kept
    await trial.enter(EMAIL, GOOD, HERE, NOW)
