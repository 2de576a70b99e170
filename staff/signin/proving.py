"""Whether somebody is who they say, and what it costs them when they are not."""

from datetime import datetime, timedelta

from db.session import Session
from kit.errors import Problem, Refused
from locales.text import _
from staff import rules
from staff import store as staff
from staff.model import Member
from staff.signin import guard, store, totp
from staff.signin.model import Locked, Visit
from staff.store import log

LONGEST_TYPED = 2 * rules.LONGEST_EMAIL
UNKNOWN = "-"
"""What the audit is about when a try names nobody."""


def address_of(email: str) -> str:
    """What was typed as an e-mail, as one is looked up by; it need not be one."""
    typed = email[:LONGEST_TYPED].strip().lower()
    # Half a pair of surrogates has no fingerprint.
    return typed.encode(errors="replace").decode()


async def active(session: Session, address: str) -> tuple[Member | None, store.Credential]:
    """Who has an e-mail, and what they prove themselves with: nothing, when it is nobody. The same
    is asked of the database for both."""
    found = await staff.by_email(session, address)
    who = found if found is not None and found.active else None
    return who, await store.credential_of(session, 0 if who is None else who.id)


def keys_of(session: Session, member: Member, visit: Visit) -> guard.Keys:
    """What a try of a member counts on."""
    return guard.keys_of(session, member.email, member.id, visit.address)


def check(wait: timedelta) -> None:
    """Locked, without a look at what was given, while there is something to wait for."""
    if wait:
        raise Locked(_("console.signin.locked"), wait)


def wrong(wait: timedelta) -> Problem:
    """What a wrong e-mail or password is answered with."""
    if wait:
        return Locked(_("console.signin.wrong_wait"), wait)
    return Refused(_("console.signin.wrong"))


async def code(
    session: Session, member: Member, typed: str, visit: Visit, now: datetime, *, recovery: bool
) -> Problem | None:
    """Use up a code of their app or, if it may be, a recovery code; gives why not.

    A failure is counted by then, so that the unit must be committed before that is raised.
    """
    keys = keys_of(session, member, visit)
    held = await guard.hold(session, keys, now)
    check(guard.longest(held, keys.of_second, now))
    kept = await store.credential_of(session, member.id)
    if kept.second is not None:
        if await _is_now(session, kept.second, member.id, typed, now):
            return None
        spare = totp.read_recovery(typed) if recovery else None
        if spare is not None and await store.take_code(session, member.id, spare, now):
            await log(session, member.id, "signin.recovery", f"member:{member.id}", now)
            return None
    wait = await guard.fail(session, held, keys.of_second, now)
    await log_failure(session, member, wait, now)
    if wait:
        return Locked(_("console.signin.code_wrong_wait"), wait)
    return Refused(_("console.signin.code_wrong"))


async def forgive(session: Session, member: Member, visit: Visit, now: datetime) -> None:
    """They have proven who they are: their own failures are forgotten."""
    keys = keys_of(session, member, visit)
    await guard.clear(session, await guard.hold(session, keys, now), keys, now)


async def log_failure(session: Session, who: Member | None, wait: timedelta, now: datetime) -> None:
    """A line for a failure, without what was typed, and one more when a delay follows."""
    member_id = None if who is None else who.id
    about = UNKNOWN if who is None else f"member:{who.id}"
    await log(session, member_id, "signin.failed", about, now)
    if wait:
        await log(session, member_id, "signin.locked", about, now)


async def _is_now(session: Session, secret: str, member_id: int, typed: str, now: datetime) -> bool:
    """Whether it is a code of about now that was not used."""
    digits = totp.read_code(typed)
    step = None if digits is None else totp.matching_step(secret, digits, now)
    current = totp.step_at(now)
    return step is not None and await store.take_step(session, member_id, step, current, totp.WIDTH)
