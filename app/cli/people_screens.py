"""What `tequio people` prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from alerts.model import Case
from alerts.people import texts
from alerts.people.disclosure import Verdict
from alerts.people.likeness import Likeness
from alerts.people.model import Details, Person
from app.cli.frame import say, screen
from kit import wall
from kit.zones import OAXACA
from locales.catalog import render
from locales.text import _


@dataclass(frozen=True, slots=True)
class Shown:
    """The people of a case, who of them may be told of whom, and whether names are printed."""

    case: Case
    persons: tuple[Person, ...]
    verdicts: Mapping[int, Verdict]
    reveal: bool

    def document(self) -> dict[str, object]:
        """What `--json` prints."""
        return {
            "folio": self.case.folio,
            "minor": self.case.minor,
            "people": [self._person(one) for one in self.persons],
        }

    def _person(self, one: Person) -> dict[str, object]:
        told = self.verdicts.get(one.id)
        shown: dict[str, object] = {
            "id": one.id,
            "role": one.role,
            "known": [name for name in one.details.known if name != "role"],
            "disclosures": [
                {"answer": given.answer, "to": given.to_id, "given_at": given.given_at.isoformat()}
                for given in one.disclosures
            ],
            "check": None if one.check is None else one.check.allowed,
        }
        if told is not None:
            shown["may_be_told"] = [
                {"id": who, "may": told.allows(who), "why": why} for who, why in told.reasons
            ]
        return {**shown, "details": _details(one.details)} if self.reveal else shown


def people(shown: Shown) -> None:
    """The people of a case, a line each, and below them who may be told of whom."""
    columns = (_("cli.people.id"), _("cli.people.role"), _("cli.people.known"))
    table = Table(*(say(column) for column in columns))
    for one in shown.persons:
        known = "\n".join(_lines(one.details)) if shown.reveal else ", ".join(_known(one.details))
        table.add_row(str(one.id), say(texts.ROLE_WORDS[one.role]), Text(known))
    screen.print(table)
    for concerned, verdict in shown.verdicts.items():
        for who, why in verdict.reasons:
            sentence = (
                _("cli.people.may_be_told")
                if verdict.allows(who)
                else _("cli.people.may_not_be_told")
            )
            line = say(sentence, who=who, concerned=concerned, why=say(texts.WHY_WORDS[why]))
            screen.print(line, style=None if verdict.allows(who) else "red")


def saved(person: Person) -> dict[str, object]:
    """What `--json` prints of somebody who was written down: nothing that names them."""
    return {
        "id": person.id,
        "role": person.role,
        "known": [name for name in person.details.known if name != "role"],
    }


def show_saved(person: Person) -> None:
    """That it was written down."""
    screen.print(say(_("cli.people.saved"), id=person.id, role=say(texts.ROLE_WORDS[person.role])))


def likely(found: Sequence[Likeness]) -> None:
    """Cases that may be the same, the likeliest first."""
    if not found:
        screen.print(say(_("cli.people.none_alike")))
        return
    columns = (_("cli.column.folio"), _("cli.people.score"), _("cli.people.reasons"))
    table = Table(*(say(column) for column in columns))
    for one in found:
        reasons = ", ".join(say(texts.REASON_WORDS[reason]) for reason in one.reasons)
        table.add_row(one.folio, str(one.score), reasons)
    screen.print(table)


def _known(details: Details) -> list[str]:
    return [_field(name) for name in details.known if name != "role"]


def _lines(details: Details) -> list[str]:
    shown = _details(details)
    if details.seen_at is not None:
        shown["seen_at"] = wall.shown(details.seen_at, OAXACA).strftime("%Y-%m-%d %H:%M")
    return [
        say(_("cli.people.line"), field=_field(name), value=_plain(shown[name]))
        for name in details.known
        if name != "role"
    ]


def _plain(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _field(name: str) -> str:
    phrase = texts.FIELD_WORDS[name]
    return render(phrase.key, "es", phrase.params)


def _details(details: Details) -> dict[str, object]:
    return {
        "name": details.name,
        "aliases": list(details.aliases),
        "kinship": details.kinship,
        "language": details.language,
        "phones": list(details.phones),
        "seen_where": details.seen_where,
        "seen_at": None if details.seen_at is None else details.seen_at.isoformat(),
        "note": details.note,
        "photo": details.photo,
    }
