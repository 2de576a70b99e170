"""What people find on their phones: the stand-ins' journal, read as it grows."""

import asyncio
from pathlib import Path

from pydantic import TypeAdapter

from tests.standins.records import PlacedCall, Record, Sent, SentSms

ARRIVES_WITHIN = 300
"""Seconds: on a slow machine a process that is killed now and then hardly gets to answer."""

LOOK_EVERY = 0.05

_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def whom(record: Record) -> str:
    """The chat id or the number that a record went to."""
    return str(record.chat_id) if isinstance(record, Sent) else record.to


def words(record: Record) -> str:
    """What the person reads."""
    match record:
        case Sent():
            return record.text
        case SentSms():
            return record.body
        case PlacedCall():
            return record.twiml


class Mailbox:
    """Everything that the providers took, in order."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._read = 0
        self._seen: set[int] = set()
        self.records: list[Record] = []

    def look(self) -> list[Record]:
        """All records until now."""
        if self._journal.exists():
            with self._journal.open("rb") as file:
                file.seek(self._read)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read += len(whole)
            self.records += [_RECORD.validate_json(line) for line in whole.splitlines()]
        return self.records

    def unread(self, to: str, containing: str) -> Record | None:
        """The first record to somebody with these words that nobody has asked for yet."""
        for number, record in enumerate(self.look()):
            if number in self._seen or whom(record) != to or containing not in words(record):
                continue
            self._seen.add(number)
            return record
        return None

    async def reads(self, to: str, containing: str) -> Record:
        """The same, waited for. The error names the words alone."""
        try:
            async with asyncio.timeout(ARRIVES_WITHIN):
                while True:
                    found = self.unread(to, containing)
                    if found is not None:
                        return found
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise AssertionError(f"nothing came that says {containing!r}") from None

    async def chat_reads(self, to: str, containing: str) -> Sent:
        """The same on Telegram."""
        found = await self.reads(to, containing)
        assert isinstance(found, Sent)
        return found
