"""Tables of the invented phones and their conversations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    text,
)

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from kit.channels import Channel
from transports.handset.model import Body, Direction, Line, Phone

handset_phone = Table(
    "handset_phone",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Sealed("name"), nullable=False),
    Column("number", Sealed("endpoint"), nullable=False),
    Column("number_index", Blind("endpoint"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("blocked", Boolean, nullable=False, default=False),
    Column("no_signal", Boolean, nullable=False, default=False),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    # Counters that two units never give out twice: each takes the row with an UPDATE.
    Column("messages", Integer, nullable=False, default=0),
    Column("changes", Integer, nullable=False, default=0),
    Index("uq_handset_phone_number_index", "number_index", unique=True),
    Index("uq_handset_phone_chat_id", "chat_id", unique=True),
)

handset_line = Table(
    "handset_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("phone_id", Id, ForeignKey("handset_phone.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("body", Sealed("handset"), nullable=False),
    Column("message_id", Integer),
    Column("at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("changed", Integer, nullable=False),
    Column("until", Instant),
    Index("uq_handset_line_message_id", "phone_id", "message_id", unique=True),
    Index("ix_handset_line_changed", "phone_id", "changed"),
    Index("ix_handset_line_until", "until"),
)


def phone_of(row: RowMapping) -> Phone:
    """A phone from its row."""
    return Phone(
        id=row["id"],
        name=row["name"],
        number=row["number"],
        chat_id=row["chat_id"],
        blocked=row["blocked"],
        no_signal=row["no_signal"],
        changes=row["changes"],
        stopped=row["stopped"],
    )


def line_of(row: RowMapping) -> Line:
    """A line from its row."""
    return Line(
        id=row["id"],
        phone_id=row["phone_id"],
        channel=Channel(row["channel"]),
        direction=Direction(row["direction"]),
        body=Body.unpack(row["body"]),
        message_id=row["message_id"],
        at=row["at"],
        edited_at=row["edited_at"],
        changed=row["changed"],
        until=row["until"],
    )
