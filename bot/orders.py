"""What a command of staff does, and what is answered. Refusals change nothing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts import bundling, handling, lease, ownership, passing, policies, relay, store, texts
from alerts.commands import Act, CaseCommand, read_hours, split_outcome
from alerts.model import Case, CaseState, Times
from alerts.shifts import telling
from db.session import Session
from delivery.content import Attachment, Option, Params
from kit.channels import Channel
from kit.errors import Invalid, Problem, Refused
from kit.fold import fold
from locales.text import Text
from staff import store as staff
from staff.model import Member, Quiet
from staff.reading import read_quiet

SHOWN_AT_ONCE = {Channel.SMS: 400, Channel.TELEGRAM: 3500, Channel.VOICE: 0}
"""Signs of the newest words that an answer to V holds."""

MOST_SHOWN = 10
ANY_HOUR = frozenset({"siempre", "cualquier hora", "todas", "any"})


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants what, and when. `file` came with the command; `by` is how they asked."""

    member: Member
    command: CaseCommand
    times: Times
    now: datetime
    by: Channel = Channel.SMS
    file: Attachment | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say; `private` words are deleted from a chat again."""

    text: Text
    params: Params = field(default_factory=dict, repr=False)
    options: tuple[Option, ...] = ()
    private: bool = False
    case: Case | None = None


async def carry_out(session: Session, order: Order) -> Answer:
    """Do it, and say what to answer. Refusals change nothing, so the unit may still commit."""
    folio = order.command.folio
    try:
        case = await ownership.find(session, folio)
        answer = await _DOES[order.command.act](session, case, order)
    except ownership.UnknownFolio:
        answer = Answer(texts.UNKNOWN_FOLIO)
    except ownership.TakenByOther:
        answer = Answer(texts.TAKEN_BY_OTHER, {"colleague": await _owner_name(session, folio)})
    except Invalid as error:
        wrong = texts.HOURS_HOW if order.command.act is Act.HOURS else texts.NOT_YOURS
        answer = Answer(_REFUSALS.get(type(error), wrong), error.params)
    except Problem as error:
        answer = Answer(_REFUSALS.get(type(error), texts.NOT_YOURS), error.params)
    params = {"folio": folio, **answer.params}
    about = await store.by_folio(session, folio)
    return Answer(answer.text, params, answer.options, private=answer.private, case=about)


async def _accept(session: Session, case: Case, order: Order) -> Answer:
    if case.state is CaseState.ACKNOWLEDGED and case.owner_id == order.member.id:
        return Answer(texts.ALREADY_YOURS)
    taken = await ownership.accept(session, case, order.member, order.now)
    return await accepted(session, taken, order.member)


async def accepted(session: Session, case: Case, member: Member) -> Answer:
    """What who has accepted is told: the lease, the safety of the reporter, and what else waits."""
    policy = await policies.of_case(session, case)
    params = {
        "folio": case.folio,
        "safety": texts.SAFETY_WORDS[case.may_write],
        "minutes": round(policy.lease / timedelta(minutes=1)),
    }
    options = [
        Option(f"V:{case.folio}", texts.BUTTON_READ),
        Option(f"P:{case.folio}", texts.BUTTON_PASS),
    ]
    waiting = await bundling.waiting_for(session, member.id)
    options += [Option(f"A:{one.folio}", f"A {one.folio}") for one in waiting[:4]]
    return Answer(texts.ACCEPTED_BY_YOU, params, tuple(options))


async def _pass_on(session: Session, case: Case, order: Order) -> Answer:
    case = await ownership.pass_on(session, case, order.member, order.times, order.now)
    return Answer(_PASSED[await passing.became(session, case, order.now)])


async def _reply(session: Session, case: Case, order: Order) -> Answer:
    if not order.command.rest and order.file is None:
        return Answer(texts.REPLY_EMPTY)
    words = order.command.rest
    await relay.reply(session, case, order.member, words, order.now, order.file)
    if case.unsafe is not None and case.safe_at(order.now) > order.now:
        return Answer(texts.REPLY_LATER, {"hours": f"{case.unsafe.ends:%H:%M}"})
    return Answer(texts.REPLY_SENT)


async def _hours(session: Session, case: Case, order: Order) -> Answer:
    typed = order.command.rest
    if fold(typed) in ANY_HOUR:
        await handling.set_hours(session, case, order.member, None, order.now)
        return Answer(texts.HOURS_ANY)
    safe = read_quiet(typed)
    if safe is None:
        return Answer(texts.HOURS_HOW)
    unsafe = Quiet(safe.ends, safe.begins)
    await handling.set_hours(session, case, order.member, unsafe, order.now)
    return Answer(texts.HOURS_SET, {"hours": f"{safe.begins:%H:%M}", "until": f"{safe.ends:%H:%M}"})


async def _close(session: Session, case: Case, order: Order) -> Answer:
    outcome, words = split_outcome(order.command.rest)
    if outcome is None:
        return Answer(texts.OUTCOME_MISSING, {"options": texts.OUTCOME_CHOICES})
    await ownership.close(session, case, order.member, outcome, order.now, words)
    return Answer(texts.CLOSED_BY_YOU, {"outcome": texts.OUTCOME_WORDS[outcome]})


async def _note(session: Session, case: Case, order: Order) -> Answer:
    await handling.act(session, case, order.member, order.command.rest, order.now)
    return Answer(texts.NOTED_BY_YOU)


async def _show(session: Session, case: Case, order: Order) -> Answer:
    said = await handling.show(session, case, order.member, order.now, MOST_SHOWN)
    room = SHOWN_AT_ONCE[order.by]
    if not said or not room:
        return Answer(texts.NOTHING_SAID)
    shown = said if len(said) <= room else f"…{said[-room:]}"
    return Answer(texts.WORDS_SHOWN, {"text": shown, "word": case.word}, private=True)


async def _can_wait(session: Session, case: Case, order: Order) -> Answer:
    await handling.let_wait(session, case, order.member, order.times, order.now)
    opening = await handling.opening_hours(session, order.times, order.now)
    return Answer(texts.CAN_WAIT_OK, handling.when(opening, opening.opens_at(order.now), order.now))


async def _snooze(session: Session, case: Case, order: Order) -> Answer:
    read = read_hours(order.command.rest)
    if read is None or not read[1]:
        hours = int(lease.LONGEST_SNOOZE[case.urgency] / timedelta(hours=1))
        return Answer(texts.SNOOZE_HOW, {"limit": hours})
    await handling.snooze(session, case, order.member, read[0], read[1], order.now)
    until = telling.moment(order.now + read[0], order.member.zone, order.now)
    return Answer(texts.SNOOZED_BY_YOU, {"until": until})


async def _take_over(session: Session, case: Case, order: Order) -> Answer:
    words = order.command.rest
    taken = await ownership.take_over(session, case, order.member, words, order.now)
    return await accepted(session, taken, order.member)


async def _reveal(session: Session, case: Case, order: Order) -> Answer:
    found = await handling.reveal(session, case, order.member, order.command.rest, order.now)
    if case.reporter.channel is not Channel.SMS:
        return Answer(texts.REVEALED_CHAT)
    return Answer(texts.REVEALED, {"phone": found, "word": case.word}, private=True)


async def _reopen(session: Session, case: Case, order: Order) -> Answer:
    words = order.command.rest
    opened = await ownership.reopen(session, case, order.member, words, order.now)
    return await accepted(session, opened, order.member)


_DOES: Mapping[Act, Callable[[Session, Case, Order], Awaitable[Answer]]] = {
    Act.ACCEPT: _accept,
    Act.PASS_ON: _pass_on,
    Act.REPLY: _reply,
    Act.CLOSE: _close,
    Act.NOTE: _note,
    Act.SHOW: _show,
    Act.CAN_WAIT: _can_wait,
    Act.SNOOZE: _snooze,
    Act.TAKE_OVER: _take_over,
    Act.REVEAL: _reveal,
    Act.REOPEN: _reopen,
    Act.HOURS: _hours,
}

_PASSED: Mapping[passing.Passed, Text] = {
    passing.Passed.PAGED: texts.PASSED_ON,
    passing.Passed.WAITS: texts.PASSED_ON_WAITS,
    passing.Passed.NOBODY: texts.PASSED_ON_NOBODY,
}

_REFUSALS: Mapping[type[Problem], Text] = {
    Refused: texts.NOT_ALLOWED,
    ownership.AlreadyClosed: texts.ALREADY_CLOSED,
    ownership.NotClosed: texts.NOT_CLOSED,
    ownership.ReasonMissing: texts.REASON_MISSING,
    ownership.CloseWordsMissing: texts.CLOSE_WORDS_MISSING,
    handling.NoteMissing: texts.NOTE_MISSING,
    handling.Dangerous: texts.CANNOT_WAIT,
    handling.OfficeOpen: texts.OFFICE_OPEN,
    handling.SnoozeTooLong: texts.SNOOZE_LIMIT,
    relay.DoNotWrite: texts.REPLY_REFUSED,
    relay.TooLong: texts.REPLY_TOO_LONG,
    relay.NoFiles: texts.NO_FILES,
}


async def _owner_name(session: Session, folio: str) -> str:
    case = await ownership.find(session, folio)
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    return owner.pseudonym if owner else "-"


async def act(
    session: Session, member: Member, command: CaseCommand, times: Times, now: datetime
) -> tuple[Text, Params]:
    """What a key pressed in a call does: the same, without anything that only a screen shows."""
    answer = await carry_out(session, Order(member, command, times, now, Channel.VOICE))
    return answer.text, answer.params
