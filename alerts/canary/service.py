"""The robot: it calls for help, reads its page, accepts and closes. And who is told of trouble."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog

from alerts import paging, timeline, timers
from alerts import store as cases
from alerts.canary import store, texts
from alerts.canary.model import (
    KIND,
    STEADY,
    Canary,
    Plan,
    SmsRound,
    Word,
    call_words,
    follow,
    page_words,
    read_words,
)
from alerts.model import CaseState, EntryKind, Outcome, Report, Timer, Urgency
from alerts.passphrase import new_word
from alerts.speaking import STAFF_LANGUAGE
from db.session import Session
from delivery import senders
from delivery import service as delivery
from delivery.content import Content, compose
from delivery.model import Lane, NewMessage
from kit.channels import Channel, Endpoint
from kit.ids import new_folio
from locales.catalog import render
from staff.model import Member, Right

log = structlog.get_logger(__name__)

FAR_OFF = timedelta(days=1)
"""When the page of a canary's case would be due: it has one like any other, but wakes nobody. What
is wrong with it the self-watch tells."""


def about_canary(canary_id: int) -> str:
    """What marks the messages of a canary in the ledger."""
    return f"canary:{canary_id}"


async def call(session: Session, plan: Plan, channel: Channel, token: str, now: datetime) -> None:
    """Let a canary fly. `token` is 24 hexadecimal digits that nobody can guess."""
    if channel is Channel.SMS and plan.sms is not None:
        await _call_by_sms(session, plan.sms, token, now)
    elif channel is Channel.TELEGRAM and plan.telegram is not None:
        made = await store.add(session, channel, token, now)
        content = Content(chat=render(texts.CANARY_CHAT, STAFF_LANGUAGE, {}), sms="")
        message_id = await _send(session, made, plan.telegram, content, now)
        await store.change(session, made, message_id=message_id)


async def _call_by_sms(session: Session, way: SmsRound, token: str, now: datetime) -> None:
    made = await store.add(
        session,
        Channel.SMS,
        token,
        now,
        call_from=way.calls,
        page_from=way.page_from,
        page_to=way.page_to,
        page_by=way.back,
    )
    to = Endpoint(Channel.SMS, way.answers)
    # Whoever has written to this number of ours before, the call leaves from the first sender.
    await senders.remember(session, to, Channel.SMS.value)
    message_id = await _send(session, made, to, _sms(call_words(token)), now)
    await store.change(session, made, message_id=message_id)


async def hear(session: Session, endpoint: Endpoint, text: str, now: datetime) -> bool:
    """Hear a canary's words; False when these are none, and are heard like anybody's.

    They do something only when they come from the right number of ours and carry a token that is
    awaited. Words of that form are never answered, whoever sent them: two numbers of ours would
    else talk to each other for ever.
    """
    words = read_words(text)
    if words is None or endpoint.channel is not Channel.SMS:
        return False
    if words.is_page:
        found = await store.paged(session, words.token, endpoint)
        if found is not None and found["paged_at"] is not None and found["done_at"] is None:
            await store.change(session, found["id"], done_at=now)
            await _close(session, found["case_id"], now, answered=True)
            return True
    else:
        found = await store.called(session, words.token, endpoint)
        if found is not None and found["heard_at"] is None:
            case_id = await _open_case(session, endpoint, now)
            content = _sms(page_words(words.token))
            to = Endpoint(Channel.SMS, found["page_to"])
            if found["page_by"] is not None:
                await senders.remember(session, to, found["page_by"])
            await _send(session, found["id"], to, content, now)
            await store.change(session, found["id"], heard_at=now, paged_at=now, case_id=case_id)
            return True
    log.warning("canary.stray", known=found is not None)
    return True


async def give_up(session: Session, canary: Canary, now: datetime) -> None:
    """Nobody waits for this canary any more; its case ends with it."""
    await store.change(session, canary.id, alarmed_at=now)
    await _close(session, canary.case_id, now, answered=False)


async def circle(session: Session, now: datetime) -> tuple[Member, ...]:
    """Those on duty, and everybody who supervises."""
    people = await paging.roster(session, now)
    wide = (one for one in people.everybody if one.may(Right.SUPERVISE_CASES))
    return tuple(dict.fromkeys((*people.on_duty, *wide)))


async def coordinators(session: Session, now: datetime) -> tuple[Member, ...]:
    """Everybody who supervises."""
    people = await paging.roster(session, now)
    return tuple(one for one in people.everybody if one.may(Right.SUPERVISE_CASES))


async def is_remembered(session: Session, names: Collection[str]) -> bool:
    """Whether people were told of any of these, and not yet that it is over."""
    return not (await store.notices(session)).keys().isdisjoint(names)


async def follow_trouble(
    session: Session,
    name: str,
    people: Sequence[Member],
    now: datetime,
    *,
    bad: bool,
    since: datetime | None = None,
    steady: timedelta = STEADY,
    silent: Channel | None = None,
) -> None:
    """Remember a trouble, and tell people of it at once, once an hour, and when it is over.

    They are told by each of their ways but the channel that is `silent`, unless they have no other.
    """
    before = (await store.notices(session)).get(name)
    after, word = follow(before, bad=bad, since=since or now, now=now, steady=steady)
    if after == before or not await store.put_notice(session, name, before, after):
        return
    if word is None:
        return
    began = after.since if after is not None else now
    params = {
        "problem": texts.PROBLEMS[name],
        "minutes": int((now - began).total_seconds() // 60),
    }
    content = compose(texts.ALARM if word is Word.ALARM else texts.OVER, STAFF_LANGUAGE, params)
    log.warning("watch.told", trouble=name, word=word, people=len(people))
    for member in people:
        others = [one for one in member.written if one.channel is not silent]
        for endpoint in others or member.written:
            new = NewMessage((endpoint,), content, Lane.URGENT, STAFF_LANGUAGE)
            await delivery.queue(session, new, now)


async def _send(
    session: Session, canary_id: int, to: Endpoint, content: Content, now: datetime
) -> int:
    new = NewMessage((to,), content, Lane.URGENT, about=about_canary(canary_id))
    return await delivery.queue(session, new, now)


def _sms(words: str) -> Content:
    return Content(chat=words, sms=words)


async def _open_case(session: Session, caller: Endpoint, now: datetime) -> int:
    """A case like any other, but for its mark: what breaks the one breaks the other."""
    report = Report(caller, STAFF_LANGUAGE, now)
    made = None
    while made is None:
        folio, word = new_folio(secrets.randbelow), new_word(secrets.randbelow)
        made = await cases.open_case(session, report, folio, word, Urgency.UNSORTED)
    await cases.change(session, made, {"kind": KIND, "exercise": True})
    await timeline.note(session, made, EntryKind.CALLED, now)
    await timeline.note(session, made, EntryKind.PAGED, now)
    await timers.put(session, made, Timer.PAGE, now + FAR_OFF, now)
    return made


async def _close(session: Session, case_id: int | None, now: datetime, *, answered: bool) -> None:
    if case_id is None:
        return
    if answered:
        await timeline.note(session, case_id, EntryKind.ACKNOWLEDGED, now)
    closed = {"state": CaseState.CLOSED, "closed_at": now, "outcome": Outcome.OTHER}
    await cases.change(session, case_id, closed)
    await timers.drop(session, case_id, *Timer)
    await timeline.note(session, case_id, EntryKind.CLOSED, now, body=Outcome.OTHER)
