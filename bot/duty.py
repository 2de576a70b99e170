"""What people on duty do from their own phone or chat: `A`, `P`, `R` and `C` with a folio.

An owner who writes without a command is told how: their words about a case are no new case.
"""

from datetime import datetime

from alerts import ownership, speaking, texts
from alerts import store as cases
from alerts.commands import (
    Act,
    CaseCommand,
    looks_like_command,
    read_command,
    read_leading_folio,
    read_outcome,
)
from alerts.model import Case, CaseState, Times
from bot.flows.words import Meaning, Moment, read
from bot.heard import Heard
from db.session import Session
from delivery.content import Params
from kit.errors import Problem
from locales.text import Text
from staff import store as staff
from staff.model import Member

_OWN_WORDS = frozenset({Meaning.SOS, Meaning.STOP, Meaning.WISH_TO_LEAVE})
"""What staff say for themselves: a cry is a case, and a no is a no, whoever has a case in hand."""


async def obey(session: Session, heard: Heard, times: Times, now: datetime) -> bool:
    """Carry out a command of staff; False when this is not one, and is heard like anybody's."""
    member = await staff.by_endpoint(session, heard.sender)
    if member is None or heard.left:
        return False
    said = heard.given.choice or heard.given.text
    command = read_command(said)
    if command is not None:
        text, params = await _carry_out(session, member, command, times, now)
        await _answer(session, heard, text, {"folio": command.folio, **params}, now)
        return True
    if looks_like_command(said):
        await _answer(session, heard, texts.UNKNOWN_FOLIO, {}, now)
        return True
    leading = read_leading_folio(said)
    if leading is not None:
        folio, rest = leading
        known = await cases.by_folio(session, folio) is not None
        if known or not rest:
            text = texts.DUTY_HOW if known else texts.UNKNOWN_FOLIO
            await _answer(session, heard, text, {"folio": folio}, now)
            return True
    if await _for_themselves(session, heard, now):
        return False
    in_hand = await _in_hand(session, member)
    if in_hand is None:
        return False
    await _answer(session, heard, texts.DUTY_HOW, {"folio": in_hand.folio}, now)
    return True


async def _for_themselves(session: Session, heard: Heard, now: datetime) -> bool:
    """Whether somebody of the staff speaks as anybody may, not about a case that they own."""
    if heard.given.choice:
        return True
    has_media = bool(heard.given.media)
    if read(heard.given.text, Moment.IDLE, has_media=has_media).meaning in _OWN_WORDS:
        return True
    own = await cases.live_of(session, heard.sender, now)
    return own is not None and own.state is not CaseState.CLOSED


async def _in_hand(session: Session, member: Member) -> Case | None:
    """The newest case that somebody owns."""
    owned = await cases.in_states(session, CaseState.ACKNOWLEDGED)
    return next((case for case in reversed(owned) if case.owner_id == member.id), None)


async def _carry_out(
    session: Session, member: Member, command: CaseCommand, times: Times, now: datetime
) -> tuple[Text, Params]:
    """Do it, and say what to answer. Refusals change nothing, so this unit may still commit."""
    try:
        case = await ownership.find(session, command.folio)
        if command.act is Act.ACCEPT:
            return await _accept(session, case, member, now)
        if command.act is Act.PASS_ON:
            await ownership.pass_on(session, case, member, times, now)
            return texts.PASSED_ON, {}
        if command.act is Act.REPLY:
            if not command.rest:
                return texts.REPLY_EMPTY, {}
            await ownership.reply(session, case, member, command.rest, now)
            return texts.REPLY_SENT, {}
        return await _close(session, case, member, command, now)
    except ownership.UnknownFolio:
        return texts.UNKNOWN_FOLIO, {}
    except ownership.TakenByOther:
        return texts.TAKEN_BY_OTHER, {"colleague": await _owner_name(session, command.folio)}
    except ownership.AlreadyClosed:
        return texts.ALREADY_CLOSED, {}
    except ownership.DoNotWrite:
        return texts.REPLY_REFUSED, {}
    except ownership.TooLong as error:
        return texts.REPLY_TOO_LONG, error.params
    except Problem:
        return texts.NOT_YOURS, {}


async def _accept(
    session: Session, case: Case, member: Member, now: datetime
) -> tuple[Text, Params]:
    if case.state is CaseState.ACKNOWLEDGED and case.owner_id == member.id:
        return texts.ALREADY_YOURS, {}
    taken = await ownership.accept(session, case, member, now)
    return texts.ACCEPTED_BY_YOU, {"safety": texts.SAFETY_WORDS[taken.may_write]}


async def _close(
    session: Session, case: Case, member: Member, command: CaseCommand, now: datetime
) -> tuple[Text, Params]:
    outcome = read_outcome(command.rest)
    if outcome is None:
        return texts.OUTCOME_MISSING, {"options": texts.OUTCOME_CHOICES}
    await ownership.close(session, case, member, outcome, now)
    return texts.CLOSED_BY_YOU, {"outcome": texts.OUTCOME_WORDS[outcome]}


async def _owner_name(session: Session, folio: str) -> str:
    case = await ownership.find(session, folio)
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    return owner.pseudonym if owner else "-"


async def _answer(
    session: Session, heard: Heard, text: Text, params: Params, now: datetime
) -> None:
    await speaking.tell_endpoints(session, (heard.sender,), text, params, now)
