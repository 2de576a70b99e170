"""People who work here, and what each role may do."""

from dataclasses import dataclass, field
from enum import StrEnum

from kit.channels import Endpoint


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
    HANDLE_CASES = "handle_cases"
    ANSWER_INBOX = "answer_inbox"


_EVERYTHING = frozenset(Right)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: _EVERYTHING,
    Role.COORDINATOR: _EVERYTHING,
    Role.COMMUNICATOR: frozenset({Right.WRITE_CAMPAIGNS, Right.APPROVE_CAMPAIGNS}),
    Role.DUTY: frozenset({Right.HANDLE_CASES, Right.ANSWER_INBOX}),
    Role.AUDITOR: frozenset(),
}


PSEUDONYMS = (
    "Alba", "Alma", "Ariel", "Aura", "Cruz", "Flor", "Gloria", "Guadalupe", "Isa", "Jade", "Luz",
    "Mar", "Milagros", "Nieves", "Pilar", "Remedios", "Reyes", "Rosario", "Sol", "Trinidad",
)  # fmt: skip
"""Names under which staff speak to the public; none tells who is behind it."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here; the public knows the pseudonym alone."""

    id: int
    role: Role
    active: bool
    pseudonym: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    endpoints: tuple[Endpoint, ...] = field(repr=False, default=())

    def may(self, right: Right) -> bool:
        """Whether the role allows it."""
        return self.active and right in RIGHTS[self.role]
