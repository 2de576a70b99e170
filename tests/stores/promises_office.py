"""Who works here in a random walk, when they are on duty, and by which policy they are called."""

from collections.abc import Sequence
from datetime import time, timedelta
from random import Random

from alerts import policies, texts
from alerts.model import Kind, Urgency
from alerts.policy import Policy, PolicyStep, Target, Who
from alerts.shifts import store as shifts
from alerts.shifts.rota import Override, Rota
from kit.channels import Channel, Endpoint
from kit.errors import Problem
from kit.zones import OAXACA
from staff import service as staff
from staff.model import LATER, Member, Method, Right, Role
from tests.stores.promises_world import By, Deed, Play

MOST_PEOPLE = 5
ROLES = (Role.DUTY, Role.DUTY, Role.DUTY, Role.COORDINATOR, Role.ADMIN, Role.AUDITOR)
LANGUAGES = (("es",), ("es",), ("es", "en"), ("es", "mixe"))
WAITS = (None, timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=45))


async def somebody_comes(play: Play, random: Random) -> Deed | None:
    """A new colleague."""
    if len(play.seen.members) >= MOST_PEOPLE:
        return None
    number = play.number()
    role = random.choice(ROLES)
    try:
        async with play.database.write() as session:
            await staff.add(
                session,
                name=f"Persona {number}",
                email=f"p{number}@example.org",
                role=role,
                endpoints=[one.endpoint for one in _methods(number, random)],
                now=play.now,
                pick=random.randrange,
                languages=random.choice(LANGUAGES),
            )
    except Problem:
        return None
    return Deed(f"a new colleague: {role}", By.OFFICE)


async def somebody_leaves(play: Play, random: Random) -> Deed | None:
    """A colleague is there no more, or is back."""
    member = _one(play, random)
    if member is None:
        return None
    try:
        async with play.database.write() as session:
            change = staff.deactivate if member.active else staff.activate
            await change(session, member, play.now)
    except Problem:
        return None
    return Deed(f"member {member.id} {'leaves' if member.active else 'is back'}", By.OFFICE)


async def a_role_changes(play: Play, random: Random) -> Deed | None:
    """Somebody may handle cases no more, or does now."""
    member = _one(play, random)
    role = random.choice(ROLES)
    if member is None:
        return None
    try:
        async with play.database.write() as session:
            await staff.change(session, member, play.now, role=role)
    except Problem:
        return None
    return Deed(f"member {member.id} is {role}", By.OFFICE)


async def methods_change(play: Play, random: Random) -> Deed | None:
    """Other ways to reach somebody, fewer of them, or none."""
    member = _one(play, random)
    if member is None:
        return None
    methods: Sequence[Method] = _methods(play.number(), random)
    if random.random() < 0.4:
        methods = member.methods[:-1]
    try:
        async with play.database.write() as session:
            await staff.set_methods(session, member, methods, play.now)
    except Problem:
        return None
    return Deed(f"member {member.id} has {len(methods)} methods", By.OFFICE)


async def a_rota_changes(play: Play, random: Random) -> Deed | None:
    """A rota is made, or taken away."""
    async with play.database.write() as session:
        rotas = (await shifts.plan(session)).rotas
        if len(rotas) > 1 or (rotas and random.random() < 0.5):
            await shifts.remove(session, rotas[0].id)
            return Deed("a rota is taken away", By.OFFICE)
        ids = list(play.seen.members)
        members = tuple(random.sample(ids, random.randint(1, len(ids)))) if ids else ()
        covers = random.choice([None, None, (time(9), time(18)), (time(20), time(8))])
        since = (play.now - timedelta(days=random.randrange(-1, 9))).date()
        new = Rota(
            0,
            f"rota {play.number()}",
            members,
            since,
            random.choice([1, 1, 7]),
            time(random.choice([0, 8, 20])),
            OAXACA,
            covers,
            holidays=random.random() < 0.5,
        )
        await shifts.add(session, new)
    return Deed(f"a rota of {len(members)}", By.OFFICE)


async def a_shift_is_overridden(play: Play, random: Random) -> Deed | None:
    """Somebody else is on duty for some hours, or nobody is."""
    async with play.database.write() as session:
        rotas = (await shifts.plan(session)).rotas
        if not rotas:
            return None
        who = random.choice([None, *play.seen.members])
        starts = play.now - timedelta(hours=random.randrange(6))
        ends = play.now + timedelta(hours=random.randint(1, 30))
        await shifts.add_override(session, Override(random.choice(rotas).id, who, starts, ends))
    return Deed(f"an override: {who}", By.OFFICE)


async def a_holiday_changes(play: Play, random: Random) -> Deed | None:
    """A day on which the office is closed; or it is open after all."""
    day = (play.now + timedelta(days=random.randrange(3))).date()
    async with play.database.write() as session:
        if not await shifts.add_holiday(session, day, "Fiesta"):
            await shifts.remove_holiday(session, day)
    return Deed(f"a holiday: {day}", By.OFFICE)


async def policies_are_replaced(play: Play, random: Random) -> Deed | None:
    """Other policies for what comes; running cases keep theirs."""
    member = _one(play, random)
    if member is None or not member.may(Right.PLAN_DUTY):
        return None
    wanted = [_policy(play, random) for _ in range(random.randrange(3))]
    async with play.database.write() as session:
        await policies.replace(session, wanted, member, play.now)
    return Deed(f"{len(wanted)} policies", By.OFFICE)


def _policy(play: Play, random: Random) -> Policy:
    targets = [
        Target(Who.ON_DUTY),
        Target(Who.NEXT),
        Target(Who.EVERYBODY),
        Target(Who.ROLE, random.choice([Role.COORDINATOR, Role.DUTY, Role.AUDITOR])),
        Target(Who.ROTA, f"rota {random.randint(1, 9)}"),
        Target(Who.MEMBER, str(random.randint(1, 9))),
    ]
    steps = tuple(
        PolicyStep(
            tuple(random.sample(targets, random.randint(1, 2))),
            random.choice(WAITS),
            random.random() < 0.5,
        )
        for _ in range(random.randint(1, 3))
    )
    kinds = (
        frozenset(random.sample([*map(Kind, texts.KIND_BUTTONS)], 3))
        if random.random() < 0.5
        else frozenset[Kind]()
    )
    urgencies = (
        frozenset(random.sample(list(Urgency), 2))
        if random.random() < 0.5
        else frozenset[Urgency]()
    )
    lease = timedelta(minutes=random.choice([1, 15, 60]))
    return Policy(f"P{play.number()}", steps, kinds, urgencies, lease, lease * random.randint(1, 4))


def _methods(number: int, random: Random) -> tuple[Method, ...]:
    """Some of the three ways, each with its usual wait."""
    ends = [
        Endpoint(Channel.TELEGRAM, str(900_000 + number)),
        Endpoint(Channel.SMS, f"+121355501{number % 80 + 10:02}"),
        Endpoint(Channel.VOICE, f"+121355501{number % 80 + 10:02}"),
    ]
    chosen = [one for one in ends if random.random() < 0.6] or ends[:1]
    return tuple(Method(one, LATER[one.channel]) for one in chosen)


def _one(play: Play, random: Random) -> Member | None:
    """Somebody; half of the time who owns a case."""
    everybody = list(play.seen.members.values())
    owners = {one.owner_id for one in play.seen.cases.values()}
    busy = [one for one in everybody if one.id in owners]
    found = busy if busy and random.random() < 0.5 else everybody
    return random.choice(found) if found else None
