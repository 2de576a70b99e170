"""The two gates through which a case speaks: to its reporter, and to people on duty."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts import texts
from alerts.methods import waits
from alerts.model import Case, Kind
from db.session import Session
from delivery import holding, senders, withdrawing
from delivery import service as delivery
from delivery.captions import parts_of
from delivery.content import Attachment, Content, Option, Params, compose
from delivery.model import Lane, NewMessage, State
from kit.channels import Channel, Endpoint
from locales.catalog import render
from locales.text import Text
from staff import store as staff
from staff.model import Member

STAFF_LANGUAGE = "es"

KEPT_WITH_STAFF = timedelta(hours=47)
"""So long staff keep what a reporter said in their chats: a bot may delete for 48 hours."""

MOST_LISTED = 30
"""So many cases are named in one message for several; all of them are counted."""

MOST_BUTTONS = 8


def about_case(case: Case) -> str:
    """What marks messages to the reporter of a case."""
    return f"case:{case.id}"


def about_page(case: Case) -> str:
    """What marks the pages of a case."""
    return f"page:{case.id}"


def about_relay(case: Case) -> str:
    """What marks the words of a reporter on their way to staff."""
    return f"relay:{case.id}"


def about_bundle(member_id: int) -> str:
    """What marks a message to somebody about several cases."""
    return f"bundle:{member_id}"


async def tell_reporter(
    session: Session,
    case: Case,
    text: Text,
    params: Params,
    now: datetime,
    options: Sequence[Option] = (),
    attachment: Attachment | None = None,
) -> bool:
    """Write to the reporter, on the channel they used and no other, and in their hours; never once
    silenced."""
    if case.silenced:
        return False
    content = compose(text, case.language, {"folio": case.folio, **params}, options)
    content = marked(replace(content, attachment=attachment), case, case.language)
    by_chat = case.reporter.channel is Channel.TELEGRAM
    for part in parts_of(content) if by_chat else (content,):
        new = NewMessage(
            (case.reporter,),
            part,
            Lane.URGENT,
            case.language,
            due_at=case.safe_at(now),
            about=about_case(case),
        )
        await delivery.queue(session, new, now)
    return True


async def hush(session: Session, case: Case, now: datetime) -> None:
    """Hold back what is still on its way to the reporter, whatever it is about."""
    await holding.hush(session, case.reporter, now)


async def page(
    session: Session,
    case: Case,
    member: Member,
    now: datetime,
    *,
    insists: bool = False,
    may_wait: bool = False,
) -> None:
    """Wake somebody, by one of their methods after the other, or with `insists` by all at once.

    A locked screen is read by others: folio, urgency, kind, language and age, and no more. With
    `may_wait` they are offered to leave it until the office opens.
    """
    if insists:
        text = texts.PAGE_NOBODY_YET
    else:
        text = texts.PAGE if case.kind is Kind.UNKNOWN else texts.PAGE_WITH_KIND
    params = _page_params(case, now)
    options = [
        Option(f"A:{case.folio}", texts.BUTTON_TAKE),
        Option(f"P:{case.folio}", texts.BUTTON_PASS),
    ]
    if may_wait:
        options.append(Option(f"E:{case.folio}", texts.BUTTON_CAN_WAIT))
    content = compose(text, STAFF_LANGUAGE, params, options, columns=2)
    spelled = {**params, "folio": " ".join(case.folio)}
    content = replace(content, spoken=render(texts.PAGE_SPOKEN.key, STAFF_LANGUAGE, spelled))
    await _wake(session, member, marked(content, case), about_page(case), now, insists=insists)


async def page_for_several(
    session: Session, cases: Sequence[Case], member: Member, now: datetime
) -> None:
    """Wake somebody for several cases with one message, which counts all of them."""
    params = listed(cases, now)
    content = compose(texts.PAGE_SEVERAL, STAFF_LANGUAGE, params, takes(cases), columns=2)
    spelled = {**params, "folio": " ".join(cases[0].folio)}
    content = replace(
        content, spoken=render(texts.PAGE_SEVERAL_SPOKEN.key, STAFF_LANGUAGE, spelled)
    )
    # In a call there is one key for the first of them, as the words say.
    called = replace(content, buttons=(content.buttons[0][:1],))
    about = about_bundle(member.id)
    await _wake(session, member, content, about, now, insists=False, called=called)


def listed(cases: Sequence[Case], now: datetime) -> dict[str, object]:
    """The words for several cases: `{count}`, the first of them, and `{cases}`, a line each."""
    mark = render(texts.EXERCISE.key, STAFF_LANGUAGE, {})
    lines = [
        (f"{mark} " if one.exercise else "")
        + render(texts.CASE_LINE.key, STAFF_LANGUAGE, _page_params(one, now))
        for one in cases[:MOST_LISTED]
    ]
    folios = ", ".join(one.folio for one in cases[:MOST_LISTED])
    counted = {"count": len(cases), "cases": "\n".join(lines), "folios": folios}
    return {**_page_params(cases[0], now), **counted}


def takes(cases: Sequence[Case]) -> tuple[Option, ...]:
    """A button for each of the first cases, to take it."""
    return tuple(Option(f"A:{one.folio}", f"A {one.folio}") for one in cases[:MOST_BUTTONS])


async def stop_pages(session: Session, case: Case, now: datetime) -> None:
    """Hold back pages that have not left, and end calls that ring: somebody has answered."""
    await holding.skip_pending_about(session, about_page(case), now)
    await withdrawing.withdraw_about(session, about_page(case), now, channel=Channel.VOICE)


async def tell_member(
    session: Session,
    member: Member,
    text: Text,
    params: Params,
    now: datetime,
    options: Sequence[Option] = (),
    *,
    case: Case | None = None,
    can_wait: bool = False,
) -> None:
    """A notice on every way on which somebody reads: a guard may be without data, and must learn of
    "do not write" before the next reply. What can wait leaves them their quiet hours."""
    due_at = member.told_at(now) if can_wait else None
    content = compose(text, STAFF_LANGUAGE, params, options, columns=2)
    content = content if case is None else marked(content, case)
    for endpoint in member.written:
        new = NewMessage((endpoint,), content, Lane.URGENT, STAFF_LANGUAGE, due_at=due_at)
        await delivery.queue(session, new, now)


async def pass_words_on(
    session: Session,
    case: Case,
    member: Member,
    text: str,
    now: datetime,
    attachment: Attachment | None = None,
) -> None:
    """What the reporter said, to somebody who has the case: the words in a chat, which deletes them
    again; by SMS only that there are some, because a locked screen shows them to others."""
    content = compose(texts.CASE_SAYS, STAFF_LANGUAGE, {"folio": case.folio, "text": text})
    content = replace(marked(content, case), attachment=attachment, protected=True)
    for endpoint in member.written:
        chat = endpoint.channel is Channel.TELEGRAM
        for part in parts_of(content) if chat else (content,):
            new = NewMessage(
                (endpoint,),
                part,
                Lane.URGENT,
                STAFF_LANGUAGE,
                about=about_relay(case),
                withdraw_at=now + KEPT_WITH_STAFF,
            )
            await delivery.queue(session, new, now)


LONGEST_PASSED_ON = 3800
"""Signs that a chat takes in one message, with room for what stands before them."""


async def warn_owner(session: Session, case: Case, lost: State, now: datetime) -> None:
    """Tell the owner that messages do not reach the reporter, or that nobody knows: to find another
    way. Only of a phone is it said that it may be called.

    Not of somebody who asked for silence: a call may expose them, and nothing is written to them.
    """
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    if case.silenced or owner is None or not owner.active:
        return
    unknown = lost is State.UNCERTAIN
    if case.reporter.channel is Channel.SMS:
        text = texts.CASE_MAYBE_NOT_REACHED if unknown else texts.CASE_NOT_REACHED
    else:
        text = texts.CHAT_MAYBE_NOT_REACHED if unknown else texts.CHAT_NOT_REACHED
    await tell_member(session, owner, text, {"folio": case.folio}, now, case=case)


async def tell_endpoints(
    session: Session,
    to: tuple[Endpoint, ...],
    text: Text,
    params: Params,
    now: datetime,
    options: Sequence[Option] = (),
    *,
    case: Case | None = None,
    withdraw_at: datetime | None = None,
) -> None:
    """A notice to the endpoints of one person, in order."""
    content = compose(text, STAFF_LANGUAGE, params, options, columns=2)
    content = content if case is None else marked(content, case)
    new = NewMessage(to, content, Lane.URGENT, STAFF_LANGUAGE, withdraw_at=withdraw_at)
    await delivery.queue(session, new, now)


async def _wake(
    session: Session,
    member: Member,
    content: Content,
    about: str,
    now: datetime,
    *,
    insists: bool,
    called: Content | None = None,
) -> None:
    here, working = await _channels(session, now)
    for endpoint, after in waits(member, here, working, insists=insists):
        # After an outage the newest page is enough.
        await holding.supersede(session, about, endpoint, now)
        said = called or content if endpoint.channel is Channel.VOICE else content
        new = NewMessage(
            (endpoint,), said, Lane.URGENT, STAFF_LANGUAGE, due_at=now + after, about=about
        )
        await delivery.queue(session, new, now)


async def _channels(
    session: Session, now: datetime
) -> tuple[frozenset[Channel], frozenset[Channel]]:
    """The channels that this platform has, and those of them that are in order."""
    rows = await senders.all_of(session)
    working = [
        row
        for row in rows
        if row["broken_at"] is None
        and (row["blocked_until"] is None or row["blocked_until"] <= now)
    ]
    return (
        frozenset(Channel(row["channel"]) for row in rows),
        frozenset(Channel(row["channel"]) for row in working),
    )


def _page_params(case: Case, now: datetime) -> dict[str, object]:
    return {
        "folio": case.folio,
        "urgency": texts.URGENCY_WORDS[case.urgency],
        "kind": texts.KIND_WORDS[case.kind],
        "language": texts.LANGUAGE_WORDS.get(case.language, texts.LANGUAGE_WORDS["other"]),
        "minutes": int((now - case.opened_at).total_seconds() // 60),
    }


def marked(content: Content, case: Case, language: str = STAFF_LANGUAGE) -> Content:
    """What is only an exercise says so first."""
    if not case.exercise:
        return content
    mark = render(texts.EXERCISE.key, language, {})
    return replace(
        content,
        chat=f"{mark} {content.chat}",
        sms=f"{mark} {content.sms}",
        spoken=f"{mark} {content.spoken}",
    )
