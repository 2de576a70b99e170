"""What a flow asks for: looked up in the unit of the arrival, and given back to the flow."""

from datetime import datetime

from bot.flows import router
from bot.flows.model import ContactsFor, PosterOf, PressOf, Query, Turn, View
from campaigns.replies import answers, posters
from campaigns.replies.presses import Poster, Pressed
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
    if isinstance(query, ContactsFor):
        contacts = await directory.contacts_for(session, query.place, now.date())
        return router.resume(view, query, contacts)
    what = await _of_campaigns(session, sender, view, query, now)
    return turn if what is None else router.found(view, what)


async def _of_campaigns(
    session: Session, sender: Endpoint, view: View, query: Query, now: datetime
) -> Pressed | Poster | None:
    contact = view.contact
    if isinstance(query, PosterOf):
        return await posters.poster(
            session, query.word, view.language, contact, now, may_answer=query.may_answer
        )
    if contact is None or isinstance(query, ContactsFor):
        return None
    if isinstance(query, PressOf):
        return await answers.pressed(session, query.press, contact.id)
    return await answers.poll_answered(session, query.number, sender, contact.id, now)
