"""Coming in, step by step: password, second factor, in; and choosing anew what one comes in with.

A step loads, compares outside of any unit what takes long to compare, and writes. What it writes
stays also when the step is refused, so that `SignIn` opens its units itself, as an edge does.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from db.session import Database, Session
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff import rules, service
from staff import store as staff
from staff.model import Member, Role
from staff.signin import guard, invitations, proving, sessions, store, totp
from staff.signin.hashing import Passwords
from staff.signin.model import Entered, Invited, SignedIn, Stage, Visit, stage_after
from staff.signin.passwords import checked
from staff.store import log


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that is being set up: the secret to type, or its picture (SVG) to read."""

    secret: str = field(repr=False)
    picture: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The use cases of sign-in; pages translate. Every method raises a `Problem` when it refuses:
    `Locked` while somebody has to wait."""

    database: Database
    trial: bool
    passwords: Passwords = field(default_factory=Passwords)
    pick: Callable[[int], int] = secrets.randbelow

    async def enter(self, email: str, password: str, visit: Visit, now: datetime) -> Entered:
        """The first step: e-mail and password. Nothing tells whether an e-mail is known."""
        address = proving.address_of(email)
        async with self.database.read() as session:
            who, kept = await proving.active(session, address)
            keys = guard.keys_of(session, address, kept.member_id, visit.address)
            proving.check(await guard.waits(session, keys.of_password, now))
        hashed = kept.password
        right, fresh = await self.passwords.matches(password, hashed)
        async with self.database.write() as session:
            held = await guard.hold(session, keys, now)
            proving.check(guard.longest(held, keys.of_password, now))
            # Somebody may have left, or chosen another password, while this one was compared.
            who, kept = await proving.active(session, address)
            if who is not None and right and kept.password == hashed:
                if fresh is not None:
                    await store.rehash(session, who.id, fresh)
                stage = stage_after(kept.has_second, self.trial)
                entered = await sessions.begin(session, who, stage, visit, now)
                if stage is Stage.IN:
                    await self._arrive(session, entered.signed_in, visit, now)
                return entered
            wait = await guard.fail(session, held, keys.of_password, now)
            await proving.log_failure(session, who, wait, now)
        raise proving.wrong(wait)

    async def second(self, signed_in: SignedIn, code: str, visit: Visit, now: datetime) -> Entered:
        """The second step: six digits of an app, or a recovery code; each is good once."""
        _at(signed_in, Stage.SECOND)
        async with self.database.write() as session:
            refused = await proving.code(session, signed_in.member, code, visit, now, recovery=True)
            if refused is None:
                entered = await sessions.advance(session, signed_in, Stage.IN, now)
                await self._arrive(session, entered.signed_in, visit, now)
                return entered
        raise refused

    async def offer(self, signed_in: SignedIn) -> Enrolment:
        """Begin to set up a second factor; a page that is loaded again shows the same one.

        Refused for who has one: a lost one is reset by who manages staff.
        """
        async with self.database.write() as session:
            kept = await store.credential_of(session, signed_in.member.id)
            if kept.has_second or signed_in.stage is Stage.SECOND:
                raise Refused(_("console.signin.second_there"))
            secret = kept.second_offered
            if secret is None:
                secret = totp.new_secret(self.pick)
                await store.offer_second(session, signed_in.member.id, secret)
        address = totp.uri(secret, signed_in.member.pseudonym)
        return Enrolment(secret, totp.picture(address))

    async def enrol(self, signed_in: SignedIn, code: str, visit: Visit, now: datetime) -> Entered:
        """The second factor that was offered is theirs, proven by a code of it; gives ten recovery
        codes. Whoever had to do this first is in.

        A wrong code may be tried again at once: its secret is on the same page.
        """
        async with self.database.write() as session:
            member = signed_in.member
            await guard.hold(session, proving.keys_of(session, member, visit), now)
            kept = await store.credential_of(session, member.id)
            if kept.has_second or kept.second_offered is None:
                raise Refused(_("console.signin.second_there"))
            typed = totp.read_code(code)
            step = None if typed is None else totp.matching_step(kept.second_offered, typed, now)
            if step is None:
                raise Invalid(_("console.signin.enrol_wrong"))
            if not await store.take_second(session, member.id, step):
                raise Refused(_("console.signin.second_there"))
            codes = await self._codes(session, member, now)
            await log(session, member.id, "signin.second", f"member:{member.id}", now)
            entered = await sessions.advance(session, signed_in, Stage.IN, now)
            if signed_in.stage is Stage.ENROL:
                await self._arrive(session, entered.signed_in, visit, now)
            return Entered(entered.signed_in, entered.cookie, codes)

    async def new_codes(
        self, signed_in: SignedIn, code: str, visit: Visit, now: datetime
    ) -> tuple[str, ...]:
        """Ten other recovery codes, for a code of the app; the older ones open nothing any more."""
        _at(signed_in, Stage.IN)
        async with self.database.write() as session:
            refused = await proving.code(
                session, signed_in.member, code, visit, now, recovery=False
            )
            if refused is None:
                await proving.forgive(session, signed_in.member, visit, now)
                return await self._codes(session, signed_in.member, now)
        raise refused

    async def change_password(
        self, signed_in: SignedIn, old: str, new: str, visit: Visit, now: datetime
    ) -> Entered:
        """Another password, for the old one. Every other session of theirs ends."""
        _at(signed_in, Stage.IN)
        member = signed_in.member
        chosen = checked(new, member.email, member.name)
        async with self.database.read() as session:
            keys = proving.keys_of(session, member, visit)
            proving.check(await guard.waits(session, keys.of_password, now))
            kept = await store.credential_of(session, member.id)
        right, _fresh = await self.passwords.matches(old, kept.password)
        hashed = await self.passwords.hashed(chosen) if right else ""
        async with self.database.write() as session:
            held = await guard.hold(session, keys, now)
            proving.check(guard.longest(held, keys.of_password, now))
            there = await store.credential_of(session, member.id)
            if right and there.password == kept.password:
                await proving.forgive(session, member, visit, now)
                await self._new_password(session, member, hashed, now)
                await sessions.end_all(session, member.id, now, by=member.id, except_=signed_in.id)
                return await sessions.advance(session, signed_in, Stage.IN, now)
            wait = await guard.fail(session, held, keys.of_password, now)
            await proving.log_failure(session, member, wait, now)
        raise proving.wrong(wait)

    async def invited(self, token: str, now: datetime) -> Invited:
        """What a link is good for. NotFound for one that opens nothing."""
        async with self.database.read() as session:
            found = await invitations.look(session, token, now)
        if found is None:
            raise NotFound(_("console.signin.link_over"))
        return found

    async def accept(
        self,
        token: str,
        password: str,
        visit: Visit,
        now: datetime,
        *,
        name: str = "",
        email: str = "",
    ) -> Entered:
        """Choose a password by a link; `name` and `email` are for the first administrator alone.

        Every session of theirs ends, and this is the only one. NotFound when the link opens nothing
        any more, Invalid for what was typed: the link can then be used again.
        """
        found = await self.invited(token, now)
        if found.member is None:
            name, email = rules.name_of(name), rules.email_of(email)
        else:
            name, email = found.member.name, found.member.email
        chosen = checked(password, email, name)
        hashed = await self.passwords.hashed(chosen)
        async with self.database.write() as session:
            taken = await invitations.take(session, token, now)
            if taken is None:
                raise NotFound(_("console.signin.link_over"))
            who = taken.member or await self._first(session, name, email, now)
            await guard.hold(session, proving.keys_of(session, who, visit), now)
            if taken.reset_second:
                await store.drop_second(session, who.id)
            await self._new_password(session, who, hashed, now)
            await sessions.end_all(session, who.id, now, by=who.id)
            kept = await store.credential_of(session, who.id)
            stage = stage_after(kept.has_second, self.trial)
            entered = await sessions.begin(session, who, stage, visit, now)
            if stage is Stage.IN:
                await self._arrive(session, entered.signed_in, visit, now)
            return entered

    async def _arrive(
        self, session: Session, signed_in: SignedIn, visit: Visit, now: datetime
    ) -> None:
        """They are in: what they failed at is forgotten."""
        member = signed_in.member
        await proving.forgive(session, member, visit, now)
        await store.came_in(session, member.id, member.role, now)
        await log(session, member.id, "signin.ok", sessions.about(signed_in.id), now)

    async def _codes(self, session: Session, member: Member, now: datetime) -> tuple[str, ...]:
        codes = totp.new_codes(self.pick)
        await store.put_codes(session, member.id, codes)
        await log(session, member.id, "signin.codes", f"member:{member.id}", now)
        return codes

    async def _new_password(
        self, session: Session, member: Member, hashed: str, now: datetime
    ) -> None:
        await store.set_password(session, member.id, hashed, now)
        await invitations.revoke(session, member.id, now)
        await log(session, member.id, "signin.password", f"member:{member.id}", now)

    async def _first(self, session: Session, name: str, email: str, now: datetime) -> Member:
        """The first administrator, made by who opened the link."""
        made = await service.add(
            session,
            name=name,
            email=email,
            role=Role.ADMIN,
            endpoints=(),
            now=now,
            pick=self.pick,
        )
        member = await staff.get(session, made)
        if member is None:
            raise LookupError("a member who was just added is not there")
        return member


def _at(signed_in: SignedIn, stage: Stage) -> None:
    if signed_in.stage is not stage:
        raise Refused(_("console.signin.over"))
