"""What staff read in the place of codes."""

from datetime import UTC, datetime

import pytest

from alerts.model import Entry, EntryKind
from app.cli.figure_words import why
from app.cli.names import CHANNELS, ENTRIES, LETTERS, channel_name, entry_words, letter_reason
from kit.channels import Channel

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_every_code_has_words() -> None:
    assert set(CHANNELS) == set(Channel)
    assert set(ENTRIES) == set(EntryKind)
    assert {channel_name("sms"), channel_name("telegram")} == {"SMS", "Telegram"}


@pytest.mark.parametrize("reason", [*LETTERS, "subscribe", "contacts"])
def test_why_a_letter_waits_is_said_and_not_its_code(reason: str) -> None:
    assert letter_reason(reason) not in ("", reason)


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        (EntryKind.CALLED, "Auxilio", "pidió ayuda: Auxilio"),
        (EntryKind.PAGED, None, "se avisó a una persona"),
        (EntryKind.KIND, "detained", "dijo qué pasa: persona detenida"),
        (EntryKind.MAY_WRITE, "yes", "si se le puede escribir: se le puede escribir"),
        (EntryKind.CLOSED, "located", "se cerró: localizada"),
        (EntryKind.CLOSED, "other Ya volvió", "se cerró: otro: Ya volvió"),
        (EntryKind.SAFE_HOURS, "-", "horas para escribirle: cualquiera"),
        (EntryKind.SAID, "detained {x}", "escribió: detained {x}"),
    ],
)
def test_a_line_of_a_timeline_is_told_in_words(
    kind: EntryKind, body: str | None, told: str
) -> None:
    assert entry_words(Entry(AT, kind, body=body)) == told


def test_a_code_of_a_provider_is_named_as_one() -> None:
    assert why("30007") == "código 30007 del proveedor"
    assert why("") == "sin motivo conocido"
    assert why("opted_out") != "opted_out"
