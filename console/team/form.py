"""The form of somebody who works here."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from console.frame.forms import Form
from contacts.phones import normalise
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, Problem
from kit.zones import OAXACA
from locales.text import _
from staff import rules
from staff.managing import Wanted
from staff.methods import checked
from staff.model import LATER, Method, Quiet, Role
from staff.reading import read_quiet

Value = TypeVar("Value")

NOTHING = timedelta()
PHONE_CHANNELS = (Channel.SMS, Channel.VOICE)
WAITS = (0, 60, 120, 180, 300, 600, 900, 1800)
"""Seconds that the form offers; others that somebody has stay."""

USUAL = {str(kind): int(wait.total_seconds()) for kind, wait in LATER.items()}

# Telegram's ids are whole numbers of at most 52 bits, those of groups below nothing.
_CHAT = re.compile(r"-?[1-9][0-9]{0,15}", re.ASCII)

FIELDS: Mapping[str, str] = {
    "name": _("console.team.field.name"),
    "email": _("console.team.field.email"),
    "role": _("console.team.field.role"),
    "languages": _("console.team.field.languages"),
    "zone": _("console.team.field.zone"),
    "quiet": _("console.team.field.quiet"),
    "telegram": _("console.team.field.telegram"),
    "phone": _("console.team.field.phone"),
    "waits": _("console.team.field.waits"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form shows, as texts; `ways` are the kinds that are ticked, `waits` in seconds."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    role: str = ""
    languages: tuple[str, ...] = ("es",)
    zone: str = OAXACA
    quiet_from: str = ""
    quiet_until: str = ""
    telegram: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    ways: frozenset[str] = frozenset({Channel.SMS})
    waits: Mapping[str, int] = field(default_factory=lambda: dict(USUAL))


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says: what is wanted, or the sentences of what is wrong, by field."""

    wanted: Wanted | None
    faults: Mapping[str, Problem]


def typed_in(form: Form) -> Typed:
    """A form as it was sent, to be shown again."""
    waits = {}
    for kind in LATER:
        given = form[f"wait_{kind}"]
        usable = given.isascii() and given.isdigit() and len(given) < 6
        waits[str(kind)] = int(given) if usable else USUAL[kind]
    return Typed(
        form["name"].strip(),
        form["email"].strip(),
        form["role"],
        tuple(dict.fromkeys(code for code in form.several("languages") if code)),
        form["zone"],
        form["quiet_from"],
        form["quiet_until"],
        form["telegram"].strip(),
        form["phone"].strip(),
        frozenset(form.several("ways")),
        waits,
    )


def typed_of(wanted: Wanted) -> Typed:
    """Somebody as they are, as their form shows them."""
    by_kind = {method.endpoint.channel: method for method in wanted.methods}
    chat = by_kind.get(Channel.TELEGRAM)
    phones = [by_kind[kind].endpoint.value for kind in PHONE_CHANNELS if kind in by_kind]
    waits = {
        str(kind): int((by_kind[kind].after if kind in by_kind else LATER[kind]).total_seconds())
        for kind in LATER
    }
    quiet = wanted.quiet
    return Typed(
        wanted.name,
        wanted.email,
        wanted.role,
        wanted.languages,
        wanted.zone,
        "" if quiet is None else f"{quiet.begins:%H:%M}",
        "" if quiet is None else f"{quiet.ends:%H:%M}",
        "" if chat is None else chat.endpoint.value,
        phones[0] if phones else "",
        frozenset(str(kind) for kind in PHONE_CHANNELS if kind in by_kind),
        waits,
    )


def read(typed: Typed) -> Read:
    """What a form says, read by the rules of the team."""
    faults: dict[str, Problem] = {}
    called = _tried("name", lambda: rules.name_of(typed.name), faults)
    address = _tried("email", lambda: rules.email_of(typed.email), faults)
    spoken = _tried("languages", lambda: rules.languages_of(typed.languages), faults)
    quiet = _tried("quiet", lambda: _quiet(typed), faults)
    methods = _methods(typed, faults)
    try:
        rules.check_zone(typed.zone)
    except Problem as problem:
        faults["zone"] = problem
    role = Role(typed.role) if typed.role in list(Role) else None
    if role is None:
        faults["role"] = Invalid(_("console.team.choose_role"))
    if faults or role is None or called is None or address is None or spoken is None:
        return Read(None, faults)
    return Read(Wanted(called, address, role, spoken, typed.zone, quiet, methods), {})


def differences(theirs: Typed, ours: Typed) -> Sequence[tuple[str, str, str]]:
    """What stands there by now and what a form says otherwise: a field's key, theirs, ours."""
    both = [(_shown(theirs)[name], _shown(ours)[name], key) for name, key in FIELDS.items()]
    return [(key, one, other) for one, other, key in both if one != other]


def _shown(typed: Typed) -> Mapping[str, str]:
    waits = {kind: typed.waits[kind] for kind in sorted(typed.waits) if _has(typed, kind)}
    return {
        "name": typed.name,
        "email": typed.email.lower(),
        "role": typed.role,
        "languages": ", ".join(typed.languages),
        "zone": typed.zone,
        "quiet": f"{typed.quiet_from}-{typed.quiet_until}".strip("-"),
        "telegram": typed.telegram,
        "phone": normalise(typed.phone, "MX") or typed.phone,
        "waits": ", ".join(f"{kind} {wait} s" for kind, wait in waits.items()),
    }


def _tried(name: str, work: Callable[[], Value], faults: dict[str, Problem]) -> Value | None:
    """What a rule makes of a field; what it says against it is kept."""
    try:
        return work()
    except Problem as problem:
        faults[name] = problem
        return None


def _has(typed: Typed, kind: str) -> bool:
    if kind == Channel.TELEGRAM:
        return bool(typed.telegram)
    return bool(typed.phone) and kind in typed.ways


def _quiet(typed: Typed) -> Quiet | None:
    if not typed.quiet_from and not typed.quiet_until:
        return None
    return read_quiet(f"{typed.quiet_from}-{typed.quiet_until}")


def _methods(typed: Typed, faults: dict[str, Problem]) -> tuple[Method, ...]:
    """The ways to wake somebody in the order of their waits; the first is tried at once, whatever
    its wait says."""
    ways: list[Method] = []
    if typed.telegram:
        if _CHAT.fullmatch(typed.telegram):
            ways.append(_way(Channel.TELEGRAM, typed.telegram, typed))
        else:
            faults["telegram"] = Invalid(_("staff.telegram_wrong"))
    ticked = [kind for kind in PHONE_CHANNELS if kind in typed.ways]
    if typed.phone:
        number = normalise(typed.phone, "MX")
        if number is None:
            faults["phone"] = Invalid(_("staff.phone_wrong"))
        elif not ticked:
            faults["phone"] = Invalid(_("console.team.tick_way"))
        else:
            ways += [_way(kind, number, typed) for kind in ticked]
    ordered = sorted(ways, key=lambda method: method.after)
    if ordered:
        ordered[0] = replace(ordered[0], after=NOTHING)
    try:
        return checked(ordered)
    except Problem as problem:
        faults["waits"] = problem
        return ()


def _way(kind: Channel, value: str, typed: Typed) -> Method:
    return Method(Endpoint(kind, value), timedelta(seconds=typed.waits[str(kind)]))
