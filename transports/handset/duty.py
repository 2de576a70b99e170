"""Whose phone is one of the people on duty: a port, for the staff stands elsewhere."""

from collections.abc import Set
from datetime import datetime
from typing import Protocol

from db.session import Session
from transports.handset.model import Phone


class Duty(Protocol):
    """The people on duty, as the handset needs them. Each works in the unit of its caller."""

    async def numbers(self, session: Session) -> Set[str]:
        """The numbers of phones whose holder may be called for a case."""

    async def take_on(self, session: Session, phone: Phone, now: datetime) -> None:
        """Put the holder of a phone among the people on duty. Nothing happens the second time."""

    async def let_off(self, session: Session, phone: Phone, now: datetime) -> None:
        """Take them out of it again; Refused when they are the last."""


class Nobody:
    """A handset that stands alone has no staff."""

    async def numbers(self, session: Session) -> Set[str]:
        """None."""
        return frozenset()

    async def take_on(self, session: Session, phone: Phone, now: datetime) -> None:
        """There is nothing to be put into."""

    async def let_off(self, session: Session, phone: Phone, now: datetime) -> None:
        """There is nothing to be taken out of."""
