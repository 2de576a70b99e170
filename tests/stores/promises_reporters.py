"""What people in need do in a random walk, by the same calls that the bot makes."""

from collections.abc import Awaitable, Callable
from random import Random

from alerts import service, texts
from alerts import store as cases
from alerts.model import (
    MAY_WAIT,
    Case,
    CaseState,
    EntryKind,
    Kind,
    MayWrite,
    Report,
    Urgency,
    ends_waiting,
)
from db.session import Session
from kit.channels import Channel, Endpoint
from tests.stores.promises_world import By, Deed, Play

NAME, PLACE, PHONE = "Zorayda Quintanilla", "San Bartolo Ninguno", "2135550177"
SECRETS = (NAME, "Zorayda", PLACE, "Bartolo", PHONE, "17.06", "-96.72")
"""What only who has the case may learn of a reporter, and never from a locked screen."""

HARMLESS = (
    f"Soy {NAME}, quiero saber de mi trámite",
    f"vivo en {PLACE}, gracias",
    f"mi número es {PHONE}",
    "¿a qué hora abren?",
)
DANGEROUS = (
    f"me tienen encerrada en {PLACE}",
    f"soy {NAME}, me quieren matar",
    "ayúdenme, me secuestraron",
)
REPORTERS = (
    (Endpoint(Channel.SMS, "+12135550101"), "es"),
    (Endpoint(Channel.TELEGRAM, "800102"), "es"),
    (Endpoint(Channel.SMS, "+12135550103"), "en"),
    (Endpoint(Channel.TELEGRAM, "800104"), "mixe"),
    (Endpoint(Channel.SMS, "+12135550105"), "es"),
    (Endpoint(Channel.TELEGRAM, "800106"), "es"),
)

Spoken = Callable[[Session, Play, Case, Report, Random], Awaitable[Deed]]


async def calls_for_help(play: Play, random: Random) -> Deed | None:
    """SOS, or words of danger, from somebody who may have a case already."""
    endpoint, language = random.choice(REPORTERS)
    text = random.choice(["", *HARMLESS, *DANGEROUS])
    async with play.database.write() as session:
        return await _call(session, play, _report(play, endpoint, language, text, random), random)


async def several_call_at_once(play: Play, random: Random) -> Deed | None:
    """Five people call for help within the same minute."""
    for endpoint, language in random.sample(REPORTERS, 5):
        async with play.database.write() as session:
            await _call(session, play, _report(play, endpoint, language, "", random), random)
    return Deed("five people call for help at once", By.REPORTER)


async def _call(session: Session, play: Play, report: Report, random: Random) -> Deed:
    case = await cases.live_of(session, report.reporter, play.now)
    if case is not None:
        await service.add(session, case, report, play.times, raises=True)
        play.dangerous.add(case.id)
        lines = ((EntryKind.DANGER, None), *_said(report))
        return Deed("SOS again", By.REPORTER, case.id, lines, sos=True, danger=True)
    urgency = random.choice([Urgency.UNSORTED, Urgency.UNSORTED, Urgency.POSSIBLE])
    # Only what is no more than the call itself tells nothing.
    story = report.text in DANGEROUS or random.random() < 0.5
    case = await service.open_case(
        session, report, urgency, play.times, random.randrange, story=story
    )
    if report.text in DANGEROUS:
        play.dangerous.add(case.id)
    return Deed(f"SOS: {urgency}", By.REPORTER, case.id)


async def says_something(play: Play, random: Random) -> Deed | None:
    """Words, a photo, a place: whatever joins a case."""
    return await _speak(play, random, _says, random.choice(HARMLESS))


async def says_words_of_danger(play: Play, random: Random) -> Deed | None:
    """Words of danger, without another SOS."""
    return await _speak(play, random, _says, random.choice(DANGEROUS))


async def says_that_all_is_well(play: Play, random: Random) -> Deed | None:
    """False alarm, I am fine, CANCELAR."""
    return await _speak(play, random, _is_well, "ya estoy bien, fue falsa alarma")


async def asks_not_to_be_written_to(play: Play, random: Random) -> Deed | None:
    """Do not write to me, by a button, by words or by SALIR."""
    return await _speak(play, random, _hushes, "")


async def allows_writing(play: Play, random: Random) -> Deed | None:
    """Yes, I may be written to."""
    return await _speak(play, random, _allows, "")


async def names_the_kind(play: Play, random: Random) -> Deed | None:
    """What happened, by a button."""
    return await _speak(play, random, _names, "")


async def _speak(play: Play, random: Random, say: Spoken, text: str) -> Deed | None:
    """Say something to the case that is theirs; half of them have one that waits, if any has."""
    everywhere = [*play.seen.cases.values()]
    waiting = [one for one in everywhere if one.urgency is Urgency.CAN_WAIT]
    found = waiting if waiting and random.random() < 0.5 else everywhere
    if not found:
        return None
    chosen = random.choice(found)
    async with play.database.write() as session:
        case = await cases.live_of(session, chosen.reporter, play.now)
        if case is None:
            return None
        report = _report(play, case.reporter, case.language, text, random)
        return await say(session, play, case, report, random)


async def _says(session: Session, play: Play, case: Case, report: Report, random: Random) -> Deed:
    await service.add(session, case, report, play.times)
    danger = report.text in DANGEROUS
    if danger:
        play.dangerous.add(case.id)
    name = "words of danger" if danger else "more words"
    return Deed(name, By.REPORTER, case.id, _said(report), danger=danger)


async def _is_well(
    session: Session, play: Play, case: Case, report: Report, random: Random
) -> Deed:
    await service.say_well(session, case, report, play.times)
    lines = ((EntryKind.FALSE_ALARM, None), *_said(report))
    return Deed("says that all is well", By.REPORTER, case.id, lines)


async def _hushes(session: Session, play: Play, case: Case, report: Report, random: Random) -> Deed:
    if random.random() < 0.5:
        await service.silence(session, case, play.times, play.now)
        name = "SALIR"
    else:
        await service.answer_may_write(session, case, MayWrite.NO, play.times, play.now)
        name = "do not write to me"
    return Deed(name, By.REPORTER, case.id, ((EntryKind.SILENCED, None),))


async def _allows(session: Session, play: Play, case: Case, report: Report, random: Random) -> Deed:
    await service.answer_may_write(session, case, MayWrite.YES, play.times, play.now)
    lines = () if case.silenced else ((EntryKind.MAY_WRITE, None),)
    return Deed("yes, write to me", By.REPORTER, case.id, lines)


async def _names(session: Session, play: Play, case: Case, report: Report, random: Random) -> Deed:
    kind = random.choice([Kind.DEATH, Kind.DEATH, Kind.UNPAID, *map(Kind, texts.KIND_BUTTONS)])
    await service.set_kind(session, case, kind, play.times, play.now)
    waits = (
        kind in MAY_WAIT
        and not play.seen.opening.is_open(play.now)
        and case.state is not CaseState.ACKNOWLEDGED
    )
    lines = ((EntryKind.KIND, None),)
    cannot_wait = ends_waiting(kind)
    if cannot_wait:
        play.serious.add(case.id)
    return Deed(f"it is {kind}", By.REPORTER, case.id, lines, waits=waits, cannot_wait=cannot_wait)


def _report(play: Play, endpoint: Endpoint, language: str, text: str, random: Random) -> Report:
    media = ("photo:AgAD",) if random.random() < 0.1 else ()
    place = (17.06, -96.72) if random.random() < 0.1 else None
    return Report(endpoint, language, play.now, text, media, place)


def _said(report: Report) -> tuple[tuple[EntryKind, int | None], ...]:
    said: list[tuple[EntryKind, int | None]] = [(EntryKind.SAID, None)] if report.text else []
    if report.media:
        said.append((EntryKind.MEDIA, None))
    if report.location is not None:
        said.append((EntryKind.LOCATION, None))
    return tuple(said)
