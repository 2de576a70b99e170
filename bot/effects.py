"""Carrying out what a flow decided, in the unit of the arrival."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from alerts import service as alerts
from alerts.model import Case, Report, Times
from bot.flows.model import (
    AddToCase,
    AnswerMayWrite,
    CountPoster,
    Effect,
    Erase,
    ForgetChat,
    Input,
    KeepForPerson,
    KeepPress,
    MarkKeyword,
    OpenCase,
    SayWell,
    SetKind,
    SetLanguage,
    SetOrigin,
    SetPlace,
    SetRelation,
    SetTopics,
    SilentExit,
    Stop,
    Subscribe,
)
from bot.heard import Heard
from bot.inbox import letters
from campaigns.posters import service as invitations
from campaigns.replies import answers, posters
from contacts import service as contacts
from contacts import store as people
from contacts.model import Contact
from contacts.service import Words
from db.session import Session
from delivery import senders, withdrawing

Pick = Callable[[int], int]


@dataclass(slots=True)
class Carried:
    """What is true after the effects so far. `results` fill placeholders of replies."""

    contact: Contact | None
    case: Case | None
    language: str
    results: dict[str, object] = field(default_factory=dict)
    erased: bool = False


async def carry_out(
    session: Session,
    effect: Effect,
    carried: Carried,
    heard: Heard,
    times: Times,
    now: datetime,
    pick: Pick = secrets.randbelow,
) -> None:
    """Do one effect and keep what it gave."""
    if isinstance(effect, OpenCase | AddToCase | SayWell | AnswerMayWrite | SilentExit | SetKind):
        carried.case = await _to_case(session, effect, carried, heard, times, now, pick)
        if carried.case is not None:
            carried.results["folio"] = carried.case.folio
    elif isinstance(effect, Subscribe):
        said = Words(heard.sender, heard.given.words, now)
        carried.contact = await contacts.subscribe(session, said, carried.language)
    elif isinstance(effect, Stop):
        await contacts.stop(session, Words(heard.sender, heard.given.words, now))
    elif isinstance(effect, Erase):
        carried.erased = await contacts.erase(session, heard.sender, now)
        await senders.forget(session, heard.sender)
        carried.contact = None
    elif isinstance(effect, ForgetChat):
        await withdrawing.withdraw_to(session, heard.sender, now)
    elif isinstance(effect, KeepForPerson):
        body = _body(heard.given)
        await letters.write(session, heard.sender, carried.language, effect.reason, body, now)
    elif isinstance(effect, KeepPress | MarkKeyword):
        await _to_campaign(session, effect, carried.contact, now)
    elif isinstance(effect, CountPoster):
        await invitations.count(session, effect.code, agreed=effect.agreed)
    else:
        await _to_contact(session, effect, carried, now)


async def _to_campaign(
    session: Session, effect: KeepPress | MarkKeyword, contact: Contact | None, now: datetime
) -> None:
    """What somebody of whom we know nothing says of a campaign is not kept."""
    if contact is None:
        return
    if isinstance(effect, KeepPress):
        await answers.keep(session, effect.pressed, contact.id, now)
    else:
        await posters.mark(session, contact.id, effect.keyword, now)


async def _to_case(
    session: Session,
    effect: OpenCase | AddToCase | SayWell | AnswerMayWrite | SilentExit | SetKind,
    carried: Carried,
    heard: Heard,
    times: Times,
    now: datetime,
    pick: Pick,
) -> Case | None:
    given, case = heard.given, carried.case
    report = Report(heard.sender, carried.language, now, given.text, given.media, given.location)
    if isinstance(effect, OpenCase):
        return await alerts.open_case(
            session, report, effect.urgency, times, pick, story=effect.story
        )
    if case is None:
        return None
    if isinstance(effect, AddToCase):
        return await alerts.add(session, case, report, times, raises=effect.raises)
    if isinstance(effect, SayWell):
        return await alerts.say_well(session, case, report, times)
    if isinstance(effect, AnswerMayWrite):
        return await alerts.answer_may_write(session, case, effect.answer, times, now)
    if isinstance(effect, SetKind):
        return await alerts.set_kind(session, case, effect.kind, times, now)
    return await alerts.silence(session, case, times, now)


async def _to_contact(
    session: Session,
    effect: SetOrigin | SetPlace | SetLanguage | SetRelation | SetTopics,
    carried: Carried,
    now: datetime,
) -> None:
    if isinstance(effect, SetLanguage):
        carried.language = effect.code
    contact = carried.contact
    if contact is None:
        return
    if isinstance(effect, SetOrigin):
        await contacts.set_origin(session, contact.id, effect.origin)
    elif isinstance(effect, SetPlace):
        await contacts.set_place(session, contact.id, effect.place)
    elif isinstance(effect, SetLanguage):
        await contacts.set_language(session, contact.id, effect.code)
    elif isinstance(effect, SetRelation):
        await contacts.set_relation(session, contact.id, effect.relation)
    else:
        await contacts.set_topics(session, contact.id, effect.topics)
    await contacts.chose(session, contact, now)
    carried.contact = await people.get(session, contact.id)


def _body(given: Input) -> str:
    """An input as a person will read it."""
    parts = [given.text, *given.media]
    if given.location is not None:
        parts.append("geo:{:.5f},{:.5f}".format(*given.location))
    return "\n".join(part for part in parts if part)
