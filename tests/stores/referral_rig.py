"""A referral to a consulate, and what was said there an hour later."""

from datetime import datetime, timedelta

from alerts.model import Case
from alerts.referral import service
from alerts.referral.model import Body, Means, Referral, ReferralState
from db.session import Session
from staff.model import Member
from tests.stores.case_rig import NOW

LATER = NOW + timedelta(hours=1)


async def refer(session: Session, case: Case, owner: Member) -> Referral:
    return await service.add(session, case, owner, Body.CONSULATE, NOW, name="Consulado en Fresno")


async def talk(
    session: Session,
    case: Case,
    owner: Member,
    referral: Referral,
    state: ReferralState | None = None,
    at: datetime | None = None,
) -> Referral:
    return await service.log(
        session,
        case,
        owner,
        referral.id,
        means=Means.PHONE,
        whom="Lic. Robles",
        said="lo buscan en Tucson",
        now=LATER,
        at=at,
        state=state,
    )
