"""The table of conversations: what was asked last, in which language, and what was told."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, String, Table, select

from bot.flows.model import Question
from db.base import metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from delivery.content import Content
from kit.channels import Endpoint

conversation = Table(
    "conversation",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("endpoint_index", Blind("endpoint"), primary_key=True),
    Column("language", String(12), nullable=False),
    # Sealed: a question may hold a town that somebody typed before any yes.
    Column("question", Sealed("question")),
    # How it was put, to ask it once more.
    Column("asked", Sealed("content")),
    Column("unread_told_at", Instant),
    Column("heard_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered of a conversation."""

    language: str = "es"
    question: Question | None = field(default=None, repr=False)
    unread_told_at: datetime | None = None
    asked: Content | None = field(default=None, repr=False)


async def load(session: Session, endpoint: Endpoint, now: datetime) -> Conversation:
    """The conversation with an endpoint, held against other writers until the unit ends."""
    if not session.is_sqlite:
        # A row that does not exist cannot be held: two first messages would run side by side.
        await session.execute(
            session.insert(conversation)
            .values(
                channel=endpoint.channel,
                endpoint_index=endpoint.value,
                language="es",
                heard_at=now,
            )
            .on_conflict_do_nothing()
        )
    query = select(conversation).where(
        conversation.c.channel == endpoint.channel,
        conversation.c.endpoint_index == endpoint.value,
    )
    row = await session.first(query if session.is_sqlite else query.with_for_update())
    if row is None:
        return Conversation()
    packed = row["question"]
    return Conversation(
        row["language"],
        None if packed is None else _unpack(packed),
        row["unread_told_at"],
        None if row["asked"] is None else Content.unpack(row["asked"]),
    )


async def save(session: Session, endpoint: Endpoint, state: Conversation, now: datetime) -> None:
    """Remember where the conversation stands."""
    values = {
        "language": state.language,
        "question": None if state.question is None else _pack(state.question),
        "asked": None if state.asked is None else state.asked.pack(),
        "unread_told_at": state.unread_told_at,
        "heard_at": now,
    }
    await session.execute(
        session.insert(conversation)
        .values(channel=endpoint.channel, endpoint_index=endpoint.value, **values)
        .on_conflict_do_update(
            index_elements=[conversation.c.channel, conversation.c.endpoint_index], set_=values
        )
    )


async def forget(session: Session, endpoint: Endpoint) -> None:
    """Take a conversation out."""
    await session.execute(
        conversation.delete().where(
            conversation.c.channel == endpoint.channel,
            conversation.c.endpoint_index == endpoint.value,
        )
    )


def _pack(question: Question) -> str:
    return json.dumps(
        {
            "name": question.name,
            "asked_at": question.asked_at.isoformat(),
            "options": question.options,
            "data": dict(question.data),
            "misses": question.misses,
            "labels": question.labels,
        }
    )


def _unpack(packed: str) -> Question:
    raw = json.loads(packed)
    return Question(
        name=raw["name"],
        asked_at=datetime.fromisoformat(raw["asked_at"]),
        options=tuple(raw["options"]),
        data=raw["data"],
        misses=raw["misses"],
        labels=tuple(raw["labels"]),
    )
