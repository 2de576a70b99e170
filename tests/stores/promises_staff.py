"""What people on duty do in a random walk, by the same calls that commands and the console make.

A refusal is an answer too; the ones that must come are named.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

from alerts import handling, ownership, relay, timeline
from alerts.model import Case, CaseState, EntryKind, Outcome, Urgency
from db.session import Session
from kit.errors import Problem, Refused
from staff import store as staff
from staff.model import Member, Right
from tests.stores.promises_world import PAGES, Broken, By, Deed, Play

Acting = Callable[[Session, Play, Case, Member, Random], Awaitable[Deed]]

REASON = "lo decidió la coordinación"


async def accepts(play: Play, random: Random) -> Deed | None:
    """Somebody takes a case, most often one that they were paged for."""
    return await _act(play, random, _accept, owner=0.1)


async def two_accept_at_once(play: Play, random: Random) -> Deed | None:
    """Two press the same button in the same moment: one has it, the other is told so."""
    open_ = [one for one in play.seen.cases.values() if one.state is CaseState.OPEN]
    able = [one for one in play.seen.members.values() if one.may(Right.HANDLE_CASES)]
    if not open_ or len(able) < 2:
        return None
    case, pair = random.choice(open_), random.sample(able, 2)

    async def accept(member: Member) -> int:
        async with play.database.write() as session:
            found = await ownership.find(session, case.folio)
            await ownership.accept(session, found, member, play.now)
        return member.id

    ends = await asyncio.gather(*map(accept, pair), return_exceptions=True)
    won = [one for one in ends if isinstance(one, int)]
    lost = [one for one in ends if isinstance(one, ownership.TakenByOther)]
    if len(won) != 1 or len(lost) != 1:
        raise Broken(f"of two who accept at once one must have the case: {ends}")
    lines = ((EntryKind.ACKNOWLEDGED, won[0]),)
    return Deed("two accept at once", By.STAFF, case.id, lines)


async def passes_on(play: Play, random: Random) -> Deed | None:
    """The case goes to whoever is next."""
    return await _act(play, random, _pass_on, owner=0.6)


async def replies(play: Play, random: Random) -> Deed | None:
    """Words for the reporter."""
    return await _act(play, random, _reply, owner=0.8)


async def writes_a_note(play: Play, random: Random) -> Deed | None:
    """What was done, written down."""
    return await _act(play, random, _note, owner=0.8)


async def snoozes(play: Play, random: Random) -> Deed | None:
    """Put off with a reason."""
    return await _act(play, random, _snooze, owner=0.9)


async def lets_it_wait(play: Play, random: Random) -> Deed | None:
    """The button that leaves a case for the morning."""
    return await _act(play, random, _let_wait, owner=0)


async def takes_over(play: Play, random: Random) -> Deed | None:
    """From the owner, with a reason."""
    return await _act(play, random, _take_over, owner=0.1)


async def adds_a_helper(play: Play, random: Random) -> Deed | None:
    """A colleague who may read and answer too."""
    return await _act(play, random, _help, owner=0.9)


async def closes(play: Play, random: Random) -> Deed | None:
    """With each outcome."""
    return await _act(play, random, _close, owner=0.9)


async def opens_again(play: Play, random: Random) -> Deed | None:
    """A closed case, with a reason; or one that is not closed."""
    closed = [one for one in play.seen.cases.values() if one.state is CaseState.CLOSED]
    return await _act(play, random, _reopen, owner=0.3, among=closed)


async def looks_at_the_words(play: Play, random: Random) -> Deed | None:
    """Read the newest words, or ask for the number."""
    return await _act(play, random, _read, owner=0.8)


async def _act(
    play: Play, random: Random, do: Acting, *, owner: float, among: list[Case] | None = None
) -> Deed | None:
    """Let somebody do something in some case; the owner, with this chance."""
    owned = [one for one in play.seen.cases.values() if one.state is CaseState.ACKNOWLEDGED]
    found = among or (owned if random.random() < owner else []) or list(play.seen.cases.values())
    everybody = list(play.seen.members.values())
    if not found or not everybody:
        return None
    case = random.choice(found)
    paged = {line.member_id for line in play.lines.get(case.id, ()) if line.kind in PAGES}
    near = [one for one in everybody if one.id in paged]
    actor = random.choice(near if near and random.random() < 0.8 else everybody)
    if case.owner_id is not None and random.random() < owner:
        actor = next((one for one in everybody if one.id == case.owner_id), actor)
    name = do.__name__.strip("_")
    try:
        async with play.database.write() as session:
            now_case = await ownership.find(session, case.folio)
            member = await staff.get(session, actor.id)
            if member is None:
                return None
            return await do(session, play, now_case, member, random)
    except Problem as refusal:
        wanted = _refusal(case, actor, do)
        if wanted is not None and not isinstance(refusal, wanted):
            raise Broken(f"{name} in case {case.id}: {refusal.code}, not {wanted.code}") from None
        return Deed(f"{name}, refused: {refusal.code}", By.STAFF, case.id)


def _refusal(case: Case, actor: Member, do: Acting) -> type[Problem] | None:
    """What must be answered, where a promise says it."""
    if do is _accept and case.state is CaseState.ACKNOWLEDGED and case.owner_id != actor.id:
        return ownership.TakenByOther
    if do is _accept and case.state is CaseState.CLOSED:
        return ownership.AlreadyClosed
    if do is _accept and case.state is CaseState.OPEN:
        return Refused if not actor.may(Right.HANDLE_CASES) else _Never
    if do is _reply and case.owner_id == actor.id and actor.active and case.silenced:
        return relay.DoNotWrite if case.state is CaseState.ACKNOWLEDGED else None
    return None


class _Never(Problem):
    """No refusal is right here."""

    code = "no refusal"


async def _accept(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    theirs = case.state is CaseState.ACKNOWLEDGED and case.owner_id == member.id
    await ownership.accept(session, case, member, play.now)
    lines = () if theirs else ((EntryKind.ACKNOWLEDGED, member.id),)
    return Deed("accepts", By.STAFF, case.id, lines)


async def _pass_on(
    session: Session, play: Play, case: Case, member: Member, random: Random
) -> Deed:
    await ownership.pass_on(session, case, member, play.times, play.now)
    return Deed("passes on", By.STAFF, case.id, ((EntryKind.PASSED_ON, member.id),))


async def _reply(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    await relay.reply(session, case, member, "la estamos buscando", play.now)
    return Deed("replies", By.STAFF, case.id, ((EntryKind.REPLIED, member.id),))


async def _note(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    await handling.act(session, case, member, "hablé con la familia", play.now)
    return Deed("writes a note", By.STAFF, case.id, ((EntryKind.ACTED, member.id),))


async def _snooze(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    wait = timedelta(hours=random.choice([1, 4, 8, 12, 24, 168]))
    await handling.snooze(session, case, member, wait, REASON, play.now)
    return Deed(f"snoozes for {wait}", By.STAFF, case.id, ((EntryKind.SNOOZED, member.id),))


async def _let_wait(
    session: Session, play: Play, case: Case, member: Member, random: Random
) -> Deed:
    waits = case.urgency is Urgency.CAN_WAIT
    await handling.let_wait(session, case, member, play.times, play.now)
    lines = () if waits else ((EntryKind.CAN_WAIT, member.id),)
    name = "lets it wait, by day" if play.seen.opening.is_open(play.now) else "lets it wait"
    return Deed(name, By.STAFF, case.id, lines, waits=True)


async def _take_over(
    session: Session, play: Play, case: Case, member: Member, random: Random
) -> Deed:
    owned = case.state is CaseState.ACKNOWLEDGED
    how = EntryKind.TAKEN_OVER if owned else EntryKind.ACKNOWLEDGED
    theirs = owned and case.owner_id == member.id
    await ownership.take_over(session, case, member, random.choice([REASON, REASON, ""]), play.now)
    return Deed("takes over", By.STAFF, case.id, () if theirs else ((how, member.id),))


async def _help(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    helper = random.choice(list(play.seen.members.values()))
    new = helper.id not in (member.id, *await timeline.helpers(session, case.id))
    await ownership.add_helper(session, case, member, helper, play.now)
    lines = ((EntryKind.HELPER, helper.id),) if new else ()
    return Deed("adds a helper", By.STAFF, case.id, lines)


async def _close(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    outcome = random.choice(list(Outcome))
    words = random.choice([REASON, "", *(one.folio for one in play.seen.cases.values())])
    await ownership.close(session, case, member, outcome, play.now, words)
    lines = ((EntryKind.CLOSED, member.id),)
    return Deed(f"closes as {outcome}", By.STAFF, case.id, lines, closes=True)


async def _reopen(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    await ownership.reopen(session, case, member, REASON, play.now)
    return Deed("opens again", By.STAFF, case.id, ((EntryKind.REOPENED, member.id),))


async def _read(session: Session, play: Play, case: Case, member: Member, random: Random) -> Deed:
    if random.random() < 0.5:
        await handling.show(session, case, member, play.now, 10)
        return Deed("reads the words", By.STAFF, case.id, ((EntryKind.SHOWN, member.id),))
    await handling.reveal(session, case, member, REASON, play.now)
    return Deed("asks for the number", By.STAFF, case.id, ((EntryKind.REVEALED, member.id),))
