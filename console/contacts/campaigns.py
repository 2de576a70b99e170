"""What of campaigns stands in the copy of a person's data; the command line asks for it, too."""

from alerts.rights.export import messages
from campaigns.replies import of_contact
from console.contacts.document import Campaigns
from db.session import Session
from staff.model import Member


async def campaigns_of(session: Session, member: Member, contact_id: int) -> Campaigns:
    """What was sent to somebody whose copy is made, and what they answered."""
    sent, replies = await messages(session, member, contact_id)
    answers = await of_contact.answers_of(session, member, contact_id)
    ids = {one.campaign_id for one in sent if one.campaign_id is not None}
    ids |= {one.campaign_id for one in answers}
    titles = await of_contact.titles(session, member, ids)
    wrote = await of_contact.wrote_after(session, member, contact_id)
    return Campaigns(sent, replies, answers, wrote, titles)
