"""People who work here, and what each role may do."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kit.channels import WRITTEN, Channel, Endpoint
from kit.zones import OAXACA
from locales.languages import language_of


class Role(StrEnum):
    """What somebody is here for."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    COMMUNICATOR = "communicator"
    DUTY = "duty"
    AUDITOR = "auditor"


class Right(StrEnum):
    """What may be done."""

    WRITE_CAMPAIGNS = "write_campaigns"
    APPROVE_CAMPAIGNS = "approve_campaigns"
    # The bot's own words: they are said to everybody, also to who calls for help.
    WRITE_TEXTS = "write_texts"
    APPROVE_TEXTS = "approve_texts"
    HANDLE_CASES = "handle_cases"
    ANSWER_INBOX = "answer_inbox"
    PLAN_DUTY = "plan_duty"
    SUPERVISE_CASES = "supervise_cases"
    # Reading is a right, too: whoever writes campaigns never sees a case.
    SEE_CAMPAIGNS = "see_campaigns"
    SEE_CASES = "see_cases"
    SEE_FIGURES = "see_figures"
    SEE_AUDIT = "see_audit"
    REGISTER_ATTENTIONS = "register_attentions"
    SET_TARGETS = "set_targets"
    # One person's page, and what the law lets that person ask for.
    SEE_CONTACTS = "see_contacts"
    CHANGE_CONTACTS = "change_contacts"
    IMPORT_CONTACTS = "import_contacts"
    SEE_ROSTER = "see_roster"
    VERIFY_DIRECTORY = "verify_directory"
    MAKE_POSTERS = "make_posters"
    SEE_SYSTEM = "see_system"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_STAFF = "manage_staff"


_EVERYTHING = frozenset(Right)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: _EVERYTHING,
    Role.COORDINATOR: _EVERYTHING - {Right.MANAGE_STAFF, Right.CHANGE_SETTINGS},
    Role.COMMUNICATOR: frozenset(
        {
            Right.WRITE_CAMPAIGNS,
            Right.APPROVE_CAMPAIGNS,
            Right.WRITE_TEXTS,
            Right.SEE_CAMPAIGNS,
            Right.SEE_FIGURES,
            Right.REGISTER_ATTENTIONS,
            Right.SEE_CONTACTS,
            Right.CHANGE_CONTACTS,
            Right.IMPORT_CONTACTS,
            Right.VERIFY_DIRECTORY,
            Right.MAKE_POSTERS,
        }
    ),
    Role.DUTY: frozenset(
        {
            Right.HANDLE_CASES,
            Right.ANSWER_INBOX,
            Right.SEE_CASES,
            Right.SEE_FIGURES,
            Right.REGISTER_ATTENTIONS,
            Right.SEE_CONTACTS,
            Right.CHANGE_CONTACTS,
            Right.SEE_ROSTER,
            Right.VERIFY_DIRECTORY,
            Right.MAKE_POSTERS,
        }
    ),
    # Reads figures and who did what, and nothing of anybody's.
    Role.AUDITOR: frozenset(
        {Right.SEE_CAMPAIGNS, Right.SEE_FIGURES, Right.SEE_AUDIT, Right.SEE_SYSTEM}
    ),
}
"""Who may do what: the one table. Services ask it, so that no page, command or call of the API has
rules of its own."""


PSEUDONYMS = (
    "Alba", "Alma", "Ariel", "Aura", "Cruz", "Flor", "Gloria", "Guadalupe", "Isa", "Jade", "Luz",
    "Mar", "Milagros", "Nieves", "Pilar", "Remedios", "Reyes", "Rosario", "Sol", "Trinidad",
)  # fmt: skip
"""Names under which staff speak to the public; none tells who is behind it."""


LATER = {
    Channel.TELEGRAM: timedelta(),
    Channel.SMS: timedelta(minutes=1),
    Channel.VOICE: timedelta(minutes=3),
}
"""How long after the page each method of somebody follows, when nothing else was chosen. The first
of theirs is always tried at once."""

LONGEST_WAIT = timedelta(minutes=30)
"""No method may follow later than this after the page."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Method:
    """One way to wake somebody, and how long after the page it is tried.

    `confirmed_at` is when they answered on it; one that nobody ever confirmed may lead nowhere.
    """

    endpoint: Endpoint
    after: timedelta = timedelta()
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which somebody wants to hear of nothing that can wait, by their own clock. They may
    pass midnight. A page is never held back.

    Raises ValueError when they never end, or are not those of a wall clock.
    """

    begins: time
    ends: time

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise ValueError("quiet hours that never end")
        if self.begins.tzinfo is not None or self.ends.tzinfo is not None:
            raise ValueError("quiet hours are by the clock of their zone")

    def over_at(self, now: datetime, zone: str) -> datetime:
        """When they are over, in UTC and later than `now`; `now` itself outside of them.

        `now` is aware. The clock's jumps are kept to: each night is a stretch from one instant to
        another. An hour that a day has twice is its first; one that is left out comes as much later
        as clocks are put forward.
        """
        clock = ZoneInfo(zone)
        today = now.astimezone(clock).date()
        over = now
        # In order, so that a night which begins before the last one is over prolongs it.
        for day in (today - DAY, today, today + DAY):
            until = day if self.begins < self.ends else day + DAY
            begins, ends = _instant(day, self.begins, clock), _instant(until, self.ends, clock)
            if begins <= over < ends:
                over = ends
        return over


def _instant(day: date, at: time, clock: ZoneInfo) -> datetime:
    return datetime.combine(day, at, clock).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here; the public knows the pseudonym alone. `methods` are in order."""

    id: int
    role: Role
    active: bool
    pseudonym: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    methods: tuple[Method, ...] = ()
    languages: tuple[str, ...] = ("es",)
    zone: str = OAXACA
    quiet: Quiet | None = None

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every way to reach them, in order."""
        return tuple(method.endpoint for method in self.methods)

    @property
    def written(self) -> tuple[Endpoint, ...]:
        """The ways on which they can read, in order."""
        return tuple(one for one in self.endpoints if one.channel in WRITTEN)

    @property
    def confirmed(self) -> bool:
        """Whether they have ever answered on any way to reach them."""
        return any(method.confirmed_at is not None for method in self.methods)

    def may(self, right: Right) -> bool:
        """Whether the role allows it."""
        return self.active and right in RIGHTS[self.role]

    def speaks(self, language: str) -> bool:
        """Whether a case in a language can be theirs.

        Most people name the family of their language and not the variant, so that a family and one
        of its variants fit each other; two variants do not.
        """
        return any(code == language or _kin(code, language) for code in self.languages)

    def told_at(self, now: datetime) -> datetime:
        """When something that can wait may be told: not in their quiet hours."""
        return now if self.quiet is None else self.quiet.over_at(now, self.zone)


def _kin(one: str, other: str) -> bool:
    """Whether one of two languages is the family of the other."""
    first, second = language_of(one), language_of(other)
    if first is None or second is None:
        return False
    return first.family == second.code or second.family == first.code
