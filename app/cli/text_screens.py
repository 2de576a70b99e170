"""How the bot's texts are shown: as a document for programs, as tables for people."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from app.cli.frame import say, screen
from campaigns.texts import rules
from campaigns.texts.model import Override, Wording
from locales.limits import most_segments
from locales.text import _

LIST = (
    _("cli.texts.key"),
    _("cli.texts.language"),
    _("cli.texts.standing"),
    _("cli.texts.spoken"),
)


def document(wording: Wording) -> dict[str, object]:
    """What `--json` prints of a text in one language; `sms` is what each wording takes."""
    faults = wording.faults
    return {
        "key": wording.key,
        "language": wording.language,
        "state": _state(wording),
        "original": wording.original,
        "spoken": wording.spoken,
        "sms": _cost(wording.key, wording.spoken, wording.language),
        "most_segments": _most(wording.key),
        "approved": _override(wording.approved),
        "proposed": _override(wording.proposed),
        "faults": [say(fault.key, **fault.params) for fault in faults],
    }


def print_wordings(found: Sequence[Wording]) -> None:
    """A line for each text and language."""
    table = Table(*(say(key) for key in LIST))
    for one in found:
        cells = (one.key, one.language, say(_name(one)), one.spoken)
        table.add_row(*(Text(cell) for cell in cells))
    screen.print(table)


def print_each(found: Sequence[Wording]) -> None:
    """All that is known of a text in some languages."""
    for one in found:
        print_wording(one)


def print_wording(wording: Wording) -> None:
    """All that is known of a text in one language."""
    title = say(_("cli.texts.title"), name=wording.key, language=wording.language)
    table = Table(show_header=False, title=title)
    table.add_row(say(_("cli.texts.original")), Text(wording.original))
    for name, said in (
        (_("cli.texts.said"), wording.approved),
        (_("cli.texts.waiting"), wording.proposed),
    ):
        if said is not None:
            table.add_row(say(name, id=said.id), Text(said.text))
    for label, text in ((_("cli.texts.cost"), wording.spoken), *_waiting(wording)):
        cost = rules.cost(wording.key, text, wording.language)
        if cost is not None:
            counted = say(
                _("cli.texts.counted"),
                segments=cost.segments,
                most=most_segments(wording.key),
                units=cost.units,
                encoding=cost.encoding,
            )
            table.add_row(say(label), counted)
    for fault in wording.faults:
        table.add_row(say(_("cli.texts.left_out")), Text(say(fault.key, **fault.params)))
    screen.print(table)


def print_change(sentence: str, wording: Wording) -> None:
    """What was done, and how the text stands then."""
    screen.print(sentence, markup=False, highlight=False)
    print_wording(wording)


def _waiting(wording: Wording) -> tuple[tuple[str, str], ...]:
    if wording.proposed is None:
        return ()
    return ((_("cli.texts.cost_waiting"), wording.proposed.text),)


def _override(said: Override | None) -> dict[str, object] | None:
    if said is None:
        return None
    return {
        "id": said.id,
        "text": said.text,
        "sms": _cost(said.key, said.text, said.language),
        "author": said.author_id,
        "proposed_at": said.proposed_at.isoformat(),
        "approver": said.approver_id,
        "approved_at": None if said.approved_at is None else said.approved_at.isoformat(),
    }


def _cost(key: str, text: str, language: str) -> dict[str, object] | None:
    cost = rules.cost(key, text, language)
    if cost is None:
        return None
    return {"encoding": cost.encoding, "units": cost.units, "segments": cost.segments}


def _most(key: str) -> int | None:
    return most_segments(key) if key.startswith("sms.") else None


def _state(wording: Wording) -> str:
    if wording.proposed is not None:
        return "proposed"
    if wording.approved is None:
        return "original"
    return "left_out" if wording.faults else "approved"


def _name(wording: Wording) -> str:
    return {
        "proposed": _("cli.texts.is_proposed"),
        "original": _("cli.texts.is_original"),
        "left_out": _("cli.texts.is_left_out"),
        "approved": _("cli.texts.is_approved"),
    }[_state(wording)]
