"""What a flow asks for: looked up in the unit of the arrival, and given back to the flow."""

from datetime import datetime

from bot.flows import router
from bot.flows.model import (
    ContactsFor,
    FirstOf,
    InvitationOf,
    PollOf,
    PosterOf,
    PressOf,
    Turn,
    View,
)
from campaigns.posters import service as invitations
from campaigns.replies import answers, polls, posters
from campaigns.replies.presses import OutOfRange, Poster, Pressed
from db.session import Session
from directory import service as directory
from kit.channels import Endpoint


async def looked_up(
    session: Session, sender: Endpoint, view: View, turn: Turn, now: datetime
) -> Turn:
    """The turn with the answer to its query, if it has one."""
    query = turn.query
    if query is None:
        return turn
    for one in query.queries if isinstance(query, FirstOf) else (query,):
        if isinstance(one, ContactsFor):
            contacts = await directory.contacts_for(session, one.place, now.date())
            return router.resume(view, one, contacts)
        what: router.Found | None
        if isinstance(one, InvitationOf):
            what = await invitations.invitation(session, one.code, view.gazetteer)
        else:
            what = await _of_campaigns(session, sender, view, one, now)
        if what is not None:
            return router.found(view, what, turn)
    return turn


async def _of_campaigns(
    session: Session,
    sender: Endpoint,
    view: View,
    query: PressOf | PollOf | PosterOf,
    now: datetime,
) -> Pressed | Poster | OutOfRange | None:
    contact = view.contact
    if isinstance(query, PosterOf):
        return await posters.poster(
            session, query.word, view.language, contact, now, may_answer=query.may_answer
        )
    if contact is None:
        return None
    if isinstance(query, PressOf):
        return await answers.pressed(session, query.press, contact.id)
    return await polls.answered(session, query.said, sender, contact.id, now, query.beside)
