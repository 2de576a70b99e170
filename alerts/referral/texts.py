"""What staff are told of follow-ups, and the words for referrals. A locked screen shows the first
two: folio, days and whether the person may be written to."""

from collections.abc import Mapping
from types import MappingProxyType

from alerts.referral.model import Body, Means, PaperState, ReferralState
from locales.text import Text, _

#: To the owner. {folio}, {days}: since the close or the referral, {safety}: as in a page.
FOLLOW_UP = Text.same(_("sms.duty.follow_up"))
#: To the coordinators, when the owner is gone. {folio}, {days}, {safety}
FOLLOW_UP_OF_NOBODY = Text.same(_("sms.duty.follow_up_nobody"))

BODY_WORDS: Mapping[Body, str] = MappingProxyType(
    {
        Body.CONSULATE: _("referrals.body.consulate"),
        Body.GRUPOS_BETA: _("referrals.body.grupos_beta"),
        Body.PROSECUTOR: _("referrals.body.prosecutor"),
        Body.SEARCH_COMMISSION: _("referrals.body.search_commission"),
        Body.CIVIL_ASSOCIATION: _("referrals.body.civil_association"),
        Body.HOSPITAL: _("referrals.body.hospital"),
        Body.OTHER: _("referrals.body.other"),
    }
)
STATE_WORDS: Mapping[ReferralState, str] = MappingProxyType(
    {
        ReferralState.TO_DO: _("referrals.state.to_do"),
        ReferralState.ASKED: _("referrals.state.asked"),
        ReferralState.ACCEPTED: _("referrals.state.accepted"),
        ReferralState.ATTENDED: _("referrals.state.attended"),
        ReferralState.REFUSED: _("referrals.state.refused"),
        ReferralState.CLOSED: _("referrals.state.closed"),
    }
)
MEANS_WORDS: Mapping[Means, str] = MappingProxyType(
    {
        Means.PHONE: _("referrals.means.phone"),
        Means.MESSAGE: _("referrals.means.message"),
        Means.EMAIL: _("referrals.means.email"),
        Means.LETTER: _("referrals.means.letter"),
        Means.IN_PERSON: _("referrals.means.in_person"),
        Means.OTHER: _("referrals.means.other"),
    }
)
PAPER_WORDS: Mapping[PaperState, str] = MappingProxyType(
    {
        PaperState.MISSING: _("referrals.paper.missing"),
        PaperState.ASKED: _("referrals.paper.asked"),
        PaperState.RECEIVED: _("referrals.paper.received"),
        PaperState.NOT_NEEDED: _("referrals.paper.not_needed"),
    }
)
