"""A desk at which files of contacts come in, and what came of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from contacts import store
from contacts.csv_import import COLUMNS
from contacts.gazetteer import load_gazetteer
from contacts.import_report import ImportReport
from contacts.importing import Import
from contacts.model import Contact
from db.session import Database
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADER = ",".join(COLUMNS)
CONSENT = "2026-03-01,Hoja 12"
DAY = timedelta(days=1)


def phone(number: int) -> Endpoint:
    return Endpoint(Channel.SMS, f"+1213555{number:04}")


def chat(number: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(number))


@dataclass(frozen=True)
class Desk:
    """Imports rows into a database and looks at what came of them."""

    database: Database
    folder: Path

    def file(self, *rows: str) -> Path:
        path = self.folder / "contacts.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return path

    async def bring(
        self,
        *rows: str,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda read: None,
    ) -> ImportReport:
        path = self.file(*rows)
        return await Import(self.database, load_gazetteer(), NOW, dry_run, progress).run(path)

    async def find(self, endpoint: Endpoint) -> Contact | None:
        async with self.database.read() as session:
            return await store.find(session, endpoint)

    async def known(self, endpoint: Endpoint) -> Contact:
        found = await self.find(endpoint)
        assert found is not None
        return found

    async def opted_out(self, endpoint: Endpoint) -> bool:
        async with self.database.read() as session:
            return await store.opted_out(session, endpoint)

    async def addresses(self, endpoint: Endpoint) -> set[Endpoint]:
        contact = await self.known(endpoint)
        async with self.database.read() as session:
            return {one.endpoint for one in await store.addresses(session, contact.id)}

    async def count(self) -> dict[str, int]:
        tables = (store.contact, store.address, store.subscription, store.consent)
        async with self.database.read() as session:
            return {
                table.name: await session.scalar(select(func.count()).select_from(table))
                for table in tables
            }


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.read, report.created, report.updated, report.rejected


def faults(report: ImportReport) -> list[tuple[int, str, str]]:
    return [
        (error.line, error.column, error.key.removeprefix("import.")) for error in report.errors
    ]
