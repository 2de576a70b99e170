"""What providers do in a random walk: they take messages, refuse them, leave us without an answer,
and tell afterwards what became of them, in any order."""

from datetime import timedelta
from random import Random

from delivery import claims, receipts, settling
from delivery.claims import Claimant
from delivery.judging import Roads, judge
from delivery.model import Claimed, Failure, Lane, Outcome, SendError, State
from delivery.pacing import Pace
from delivery.transport import Receipt
from kit.channels import Channel
from tests.stores.promises_world import BEGIN, WAYS, By, Deed, Play

ROADS = Roads({way.name: way.channel for way in WAYS}, {})
ONE = Claimant("one")
AT_ONCE = 6
BAD = (Failure.ADDRESS_DEAD, Failure.CONTENT_REFUSED, Failure.CONTACT_STOPPED)


async def messages_leave(play: Play, random: Random) -> Deed | None:
    """Some of those that are due are with their provider now, which has not answered yet."""
    rows: list[Claimed] = []
    async with play.database.write() as session:
        for way in random.sample(WAYS, 2):
            taken = await claims.claim(session, Lane.URGENT, way.name, AT_ONCE, ONE, play.now)
            rows += taken.rows
    play.held += rows
    return Deed(f"{len(rows)} messages leave", By.PROVIDER) if rows else None


async def providers_answer(play: Play, random: Random) -> Deed | None:
    """Some are taken, some refused for good or for now, some not answered at all."""
    if not play.held:
        return None
    random.shuffle(play.held)
    some = random.randint(1, len(play.held))
    answered, play.held = play.held[:some], play.held[some:]
    outcomes = [_answered(play, row, random) for row in answered]
    async with play.database.write() as session:
        await settling.write(session, outcomes, lambda _name: Pace(1, BEGIN, BEGIN))
    said = " ".join(sorted(f"{one.claimed.about}:{one.state}" for one in outcomes))
    return Deed(f"a provider answers: {said}", By.PROVIDER)


async def messages_do_not_arrive(play: Play, random: Random) -> Deed | None:
    """All that is due leaves and is refused; or a part of it is."""
    rows: list[Claimed] = []
    async with play.database.write() as session:
        for way in WAYS:
            taken = await claims.claim(session, Lane.URGENT, way.name, AT_ONCE, ONE, play.now)
            rows += taken.rows
        if not rows:
            return None
        outcomes = [
            judge(row, SendError(random.choice(BAD), "1"), play.now, ROADS, 0.5) for row in rows
        ]
        await settling.write(session, outcomes, lambda _name: Pace(1, BEGIN, BEGIN))
    return Deed(f"{len(rows)} messages do not arrive", By.PROVIDER)


async def receipts_come(play: Play, random: Random) -> Deed | None:
    """What became of an SMS or a call."""
    if not play.taken:
        return None
    known, row = play.taken.pop(random.randrange(len(play.taken)))
    state = random.choice([State.DELIVERED, State.UNDELIVERED, State.UNDELIVERED])
    async with play.database.write() as session:
        await receipts.receive(session, Receipt(known, state, "30003"), play.now, row.id)
    return Deed(f"a receipt: {row.about} {state}", By.PROVIDER)


def _answered(play: Play, row: Claimed, random: Random) -> Outcome:
    failure = random.choice([None] * 8 + [*BAD, *Failure])
    if failure is not None:
        error = SendError(failure, "1", timedelta(seconds=5))
        return judge(row, error, play.now, ROADS, 0.5)
    known = f"SM{play.number()}"
    if row.to.channel is not Channel.TELEGRAM:
        play.taken.append((known, row))
    return Outcome(row, State.SENT, play.now, provider_id=known)
