"""What people on duty do from their own phone or chat: a letter and a folio, a plain answer to a
message of ours, OK and NO to their shift.

An owner who writes without a command is told how: their words about a case are no new case.
"""

from datetime import datetime

from alerts import bundling, relay, speaking, texts, trying
from alerts import store as cases
from alerts.commands import Act, CaseCommand, looks_like_command, read_command, read_leading_folio
from alerts.model import Case, CaseState, Times
from alerts.shifts import words as shifts
from alerts.speaking import KEPT_WITH_STAFF
from bot.flows.words import Meaning, Moment, read
from bot.heard import Heard
from bot.orders import Answer, Order, carry_out
from campaigns.replies.presses import read_press
from db.session import Session
from delivery import history
from delivery.content import Attachment
from kit.channels import Channel
from kit.fold import fold
from staff import store as staff
from staff.model import Member

_OWN_WORDS = frozenset({Meaning.SOS, Meaning.STOP, Meaning.WISH_TO_LEAVE})
"""What staff say for themselves: a cry is a case, and a no is a no, whoever has a case in hand."""

LIST = frozenset({"casos", "cases", "lista"})


async def obey(session: Session, heard: Heard, times: Times, now: datetime) -> bool:
    """Carry out a command of staff; False when this is not one, and is heard like anybody's."""
    member = await staff.by_endpoint(session, heard.sender)
    if member is None or heard.left:
        return False
    proved = _is_proved(member, heard)
    if not proved:
        # Whoever writes from a phone or a chat of theirs can be reached there.
        await staff.confirm(session, heard.sender, now)
    if read_press(heard.given.choice) is not None:
        # A campaign reached them as one of the public.
        return False
    command = await _command(session, member, heard, now)
    if command is not None:
        by, file = heard.sender.channel, _file(heard)
        answer = await carry_out(session, Order(member, command, times, now, by, file))
        await _answer(session, heard, answer, now)
        return True
    other = await _other(session, member, heard, now)
    if other is None and not proved and fold(heard.given.words) == fold(trying.OK):
        other = Answer(texts.METHOD_CONFIRMED)
    if other is not None:
        await _answer(session, heard, other, now)
        return True
    if await _for_themselves(session, heard, now):
        return False
    in_hand = await _in_hand(session, member)
    if in_hand is None:
        return False
    await _answer(session, heard, Answer(texts.DUTY_HOW, {"folio": in_hand.folio}), now)
    return True


async def _command(
    session: Session, member: Member, heard: Heard, now: datetime
) -> CaseCommand | None:
    """The command that was typed or pressed; an answer to the words of a reporter is a reply."""
    said = heard.given.choice or heard.given.text
    command = read_command(said)
    if command is not None or heard.given.reply_to is None:
        return command
    about = await history.about_of(session, heard.sender, str(heard.given.reply_to), now)
    kind, _, number = (about or "").partition(":")
    if kind != "relay" or not number.isdigit():
        return None
    case = await cases.get(session, int(number))
    return None if case is None else CaseCommand(Act.REPLY, case.folio, heard.given.text)


async def _other(session: Session, member: Member, heard: Heard, now: datetime) -> Answer | None:
    """What is said without a case's command: OK, NO, RELEVO, CASOS, or a folio alone."""
    said = heard.given.choice or heard.given.text
    if fold(said) in LIST:
        return await _waiting(session, member, now)
    about_shift = await shifts.obey(session, member, said, now)
    if about_shift is not None:
        return Answer(*about_shift)
    if looks_like_command(said):
        return Answer(texts.UNKNOWN_FOLIO)
    leading = read_leading_folio(said)
    if leading is None:
        return None
    folio, rest = leading
    known = await cases.by_folio(session, folio) is not None
    if not known and rest:
        return None
    return Answer(texts.DUTY_HOW if known else texts.UNKNOWN_FOLIO, {"folio": folio})


async def _waiting(session: Session, member: Member, now: datetime) -> Answer:
    """Every case without an owner that they were paged for, and those that they own."""
    waiting = await bundling.waiting_for(session, member.id)
    if not waiting:
        return Answer(texts.NO_CASES_WAITING)
    return Answer(texts.CASES_WAITING, speaking.listed(waiting, now), speaking.takes(waiting))


async def _for_themselves(session: Session, heard: Heard, now: datetime) -> bool:
    """Whether somebody of the staff speaks as anybody may, not about a case that they own."""
    if heard.given.choice:
        return True
    has_media = bool(heard.given.media)
    if read(heard.given.text, Moment.IDLE, has_media=has_media).meaning in _OWN_WORDS:
        return True
    own = await cases.live_of(session, heard.sender, now)
    return own is not None and own.state is not CaseState.CLOSED


def _is_proved(member: Member, heard: Heard) -> bool:
    """Whether they are known to be reached where they write from."""
    here = [one for one in member.methods if one.endpoint == heard.sender]
    return bool(here) and here[0].confirmed_at is not None


async def _in_hand(session: Session, member: Member) -> Case | None:
    """The newest case that somebody owns."""
    owned = await cases.owned_by(session, member.id)
    return max(owned, key=lambda case: case.id, default=None)


def _file(heard: Heard) -> Attachment | None:
    """A file that came with a command, if a chat can pass it on."""
    if heard.sender.channel is not Channel.TELEGRAM:
        return None
    for named in heard.given.media:
        kind, _colon, name = named.partition(":")
        if kind in relay.FILES and name:
            return Attachment(kind, name)
    return None


async def _answer(session: Session, heard: Heard, answer: Answer, now: datetime) -> None:
    await speaking.tell_endpoints(
        session,
        (heard.sender,),
        answer.text,
        answer.params,
        now,
        answer.options,
        case=answer.case,
        withdraw_at=now + KEPT_WITH_STAFF if answer.private else None,
    )
