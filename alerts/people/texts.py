"""What staff are told around the people of a case. A locked screen shows it: folios and no name."""

from collections.abc import Mapping
from types import MappingProxyType

from alerts.people.disclosure import Why
from alerts.people.likeness import Reason
from alerts.people.model import PersonRole
from locales.text import Phrase, Text, _

#: To coordinators and admins, at once. {folio}
MINOR = Text.same(_("sms.duty.minor"))
#: To the owner of the case that was put below another. {folio}: the one that is kept, {other}.
MERGED = Text.same(_("sms.duty.merged"))
#: To both owners. {folio}, {other}
SEPARATED = Text.same(_("sms.duty.separated"))
#: To the owner of the case that is kept. {folio}, {other}: where the message came in.
OTHER_WROTE = Text.same(_("sms.duty.other_wrote"))

ROLE_WORDS: Mapping[PersonRole, str] = MappingProxyType(
    {
        PersonRole.REPORTER: _("people.role.reporter"),
        PersonRole.CONCERNED: _("people.role.concerned"),
        PersonRole.RELATIVE: _("people.role.relative"),
    }
)
WHY_WORDS: Mapping[Why, str] = MappingProxyType(
    {
        Why.SAID_YES: _("people.why.said_yes"),
        Why.CHECKED: _("people.why.checked"),
        Why.WANTS_NO_CONTACT: _("people.why.wants_no_contact"),
        Why.SAID_NO: _("people.why.said_no"),
        Why.NOT_ASKED: _("people.why.not_asked"),
        Why.NOT_CHECKED: _("people.why.not_checked"),
        Why.CHECK_FAILED: _("people.why.check_failed"),
        Why.AGE_UNKNOWN: _("people.why.age_unknown"),
    }
)
REASON_WORDS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.PHONE: _("people.like.phone"),
        Reason.REPORTER: _("people.like.reporter"),
        Reason.NAME: _("people.like.name"),
        Reason.LIKE_NAME: _("people.like.like_name"),
        Reason.NICKNAME: _("people.like.nickname"),
        Reason.NAMED: _("people.like.named"),
        Reason.PLACE: _("people.like.place"),
        Reason.TIME: _("people.like.time"),
        Reason.OTHER_NAMES: _("people.like.other_names"),
    }
)
FIELD_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "role": Phrase(_("people.field.role")),
        "name": Phrase(_("people.field.name")),
        "aliases": Phrase(_("people.field.aliases")),
        "kinship": Phrase(_("people.field.kinship")),
        "language": Phrase(_("people.field.language")),
        "phones": Phrase(_("people.field.phones")),
        "seen_where": Phrase(_("people.field.seen_where")),
        "seen_at": Phrase(_("people.field.seen_at")),
        "note": Phrase(_("people.field.note")),
        "photo": Phrase(_("people.field.photo")),
    }
)
