"""OK, NO and RELEVO, as people on duty write them or press them."""

from datetime import UTC, datetime

from alerts import texts as alerts_texts
from alerts.shifts import answering, telling, texts
from alerts.shifts.answering import Passed, Which
from db.session import Session
from delivery.content import Params
from kit.fold import fold
from locales.text import Text
from staff.model import Member, Right

COMES = frozenset({"ok", "okay", "okey", "oki", "si", "confirmo"})
CANNOT = frozenset({"no", "no puedo"})
RELIEF = frozenset({"relevo", "pido relevo", "necesito relevo", "relief"})


async def obey(
    session: Session, member: Member, said: str, now: datetime
) -> tuple[Text, Params] | None:
    """Do what somebody says of their shift, and give what to answer.

    None when it is no word of these, or when they were asked nothing: then it is heard like
    anything else. `said` is the text or the value of a button.
    """
    word, which = _read(said)
    answer = await _do(session, member, word, which, now)
    # A button that comes too late is no word to the public either.
    return answer if answer is not None or which is None else (texts.SHIFT_SETTLED, {})


async def _do(
    session: Session, member: Member, word: str, which: Which | None, now: datetime
) -> tuple[Text, Params] | None:
    if word in COMES:
        shift = await answering.confirm(session, member, now, which)
        if shift is None:
            return None
        hours = telling.hours(shift.starts, shift.ends, member.zone, now)
        return alerts_texts.SHIFT_CONFIRMED, {"shift": hours}
    if word in CANNOT:
        passed = await answering.decline(session, member, now, which)
        return None if passed is None else _declined(passed, member, now)
    if word in RELIEF and member.may(Right.HANDLE_CASES):
        try:
            relieved = await answering.relieve(session, member, now)
        except answering.NotOnDuty:
            return texts.NOT_ON_DUTY, {}
        if relieved[0].to is None:
            return texts.RELIEF_NOBODY_NEXT, {}
        return texts.RELIEVED, {"colleague": relieved[0].to.pseudonym}
    return None


def _declined(passed: Passed, member: Member, now: datetime) -> tuple[Text, Params]:
    hours = telling.hours(passed.shift.starts, passed.shift.ends, member.zone, now)
    if passed.offered:
        return texts.OFFER_DECLINED, {}
    if passed.to is None:
        return texts.SHIFT_NOBODY_NEXT, {"shift": hours}
    return alerts_texts.SHIFT_PASSED, {"shift": hours, "colleague": passed.to.pseudonym}


def _read(said: str) -> tuple[str, Which | None]:
    """The word, folded, and the shift that a button names."""
    for begins, word in ((telling.YES, "ok"), (telling.NO, "no")):
        if said.startswith(begins + ":"):
            rota_id, _, second = said.removeprefix(begins + ":").partition(":")
            if not (rota_id + second).isascii() or not (rota_id.isdigit() and second.isdigit()):
                return "", None
            if len(rota_id) > 18 or len(second) > 11:
                return "", None
            return word, (int(rota_id), datetime.fromtimestamp(int(second), UTC))
    return fold(said[:40]), None
