"""What people read in the place of codes of the team."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from console.frame import words as frame
from console.frame.visit import Visit
from console.signin.account import ROLES as ROLES
from console.team.form import WAITS
from kit.channels import Channel
from locales.languages import language_codes, language_of
from locales.text import _
from staff.managing import Colleague
from staff.model import Role

METHODS: Mapping[Channel, str] = {
    Channel.TELEGRAM: _("console.team.method.telegram"),
    Channel.SMS: _("console.team.method.sms"),
    Channel.VOICE: _("console.team.method.voice"),
}
MAY: Mapping[Role, str] = {
    Role.ADMIN: _("console.team.may.admin"),
    Role.COORDINATOR: _("console.team.may.coordinator"),
    Role.COMMUNICATOR: _("console.team.may.communicator"),
    Role.DUTY: _("console.team.may.duty"),
    Role.AUDITOR: _("console.team.may.auditor"),
}
ZONES: Mapping[str, str] = {
    "America/Mexico_City": _("console.team.zone.oaxaca"),
    "America/Tijuana": _("console.team.zone.tijuana"),
    "America/Hermosillo": _("console.team.zone.sonora"),
    "America/Mazatlan": _("console.team.zone.sinaloa"),
    "America/Monterrey": _("console.team.zone.monterrey"),
    "America/Cancun": _("console.team.zone.cancun"),
    "America/Los_Angeles": _("console.team.zone.pacific"),
    "America/Denver": _("console.team.zone.mountain"),
    "America/Phoenix": _("console.team.zone.arizona"),
    "America/Chicago": _("console.team.zone.central"),
    "America/New_York": _("console.team.zone.eastern"),
}


def languages(chosen: Sequence[str], language: str) -> list[tuple[str, str]]:
    """What a form offers to tick: the families and the written languages, and what is chosen
    already: codes and names."""
    found = (language_of(code) for code in language_codes())
    # Three letters are a variant of ISO's whose family is not in the registry.
    common = [
        one.code
        for one in found
        if one is not None and one.family is None and (one.has_catalogue or len(one.code) > 3)
    ]
    more = [code for code in chosen if code not in common and language_of(code) is not None]
    return [(code, frame.language_name(code, language)) for code in (*common, *more)]


def zones(chosen: str, visit: Visit) -> list[tuple[str, str]]:
    """What a form offers, and what is chosen already."""
    offered = [(zone, visit.text(key)) for zone, key in ZONES.items()]
    return offered if chosen in ZONES or not chosen else [*offered, (chosen, chosen)]


def waits(chosen: int, visit: Visit) -> list[tuple[int, str]]:
    """How long after the page, in seconds, and in words."""
    return [
        (
            seconds,
            frame.short(timedelta(seconds=seconds))
            if seconds
            else visit.text(_("console.team.at_once")),
        )
        for seconds in sorted({*WAITS, chosen})
    ]


def state(one: Colleague) -> tuple[str, str]:
    """A key of words for where somebody stands, and whether that is good, wants something, or
    neither."""
    if not one.member.active:
        return _("console.team.state.left"), "off"
    if one.has_password or one.seen_at is not None:
        return _("console.team.state.in"), "good"
    if one.invited_until is not None:
        return _("console.team.state.invited"), "warn"
    return _("console.team.state.no_link"), "warn"
