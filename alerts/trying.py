"""Trying the ways to reach somebody of the staff, so that each is known to lead to them."""

from dataclasses import replace
from datetime import datetime

from alerts.speaking import STAFF_LANGUAGE
from db.session import Session
from delivery import holding
from delivery import service as delivery
from delivery.content import Content, Option, compose
from delivery.model import Lane, NewMessage
from kit.errors import Invalid, Refused
from locales.catalog import render
from locales.text import Text, _
from staff.model import Member

OK = "OK"
"""What is answered, by button, key or word. From an endpoint of the staff it confirms it."""

#: To a colleague, on each way to reach them. Says nothing of cases.
TRIAL = Text(_("sms.duty.trial"), _("chat.duty.trial"))
#: The same in a call: 1 is the answer, 9 says it again.
TRIAL_SPOKEN = _("voice.duty.trial")
BUTTON_OK = Text.same(_("button.trial_ok"))


def about_trial(member: Member) -> str:
    """What marks the trial messages of somebody."""
    return f"trial:{member.id}"


async def try_methods(session: Session, member: Member, now: datetime) -> int:
    """Queue one message for each way to reach somebody; gives how many.

    At once and at any hour: who asks for it is with them, or on the phone. An earlier trial that
    has not left is held back. Refused for somebody who has left, Invalid when nothing reaches them.
    """
    if not member.active:
        raise Refused(_("staff.has_left"))
    if not member.methods:
        raise Invalid(_("staff.no_methods"))
    about = about_trial(member)
    await holding.skip_pending_about(session, about, now)
    content = _content()
    for endpoint in member.endpoints:
        new = NewMessage((endpoint,), content, Lane.URGENT, STAFF_LANGUAGE, about=about)
        await delivery.queue(session, new, now)
    return len(member.endpoints)


def _content() -> Content:
    content = compose(TRIAL, STAFF_LANGUAGE, options=(Option(OK, BUTTON_OK),))
    return replace(content, spoken=render(TRIAL_SPOKEN, STAFF_LANGUAGE))
