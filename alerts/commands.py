"""What staff type about a case: `A FOLIO`, `P FOLIO`, `R FOLIO text`, `C FOLIO outcome`."""

from dataclasses import dataclass, field
from enum import StrEnum

from alerts.model import Outcome
from kit.fold import fold
from kit.ids import read_folio


class Act(StrEnum):
    """The letters of the contract."""

    ACCEPT = "A"
    PASS_ON = "P"
    REPLY = "R"
    CLOSE = "C"


@dataclass(frozen=True, slots=True)
class CaseCommand:
    """One command; `rest` is the text of a reply, or the word for an outcome."""

    act: Act
    folio: str
    rest: str = field(default="", repr=False)


OUTCOME_WORDS = {
    "localizada": Outcome.LOCATED,
    "localizado": Outcome.LOCATED,
    "repatriada": Outcome.REPATRIATED,
    "repatriado": Outcome.REPATRIATED,
    "canalizada": Outcome.REFERRED,
    "canalizado": Outcome.REFERRED,
    "atendida": Outcome.ATTENDED,
    "atendido": Outcome.ATTENDED,
    "sin contacto": Outcome.NO_CONTACT,
    "falsa alarma": Outcome.FALSE_ALARM,
    "repetido": Outcome.DUPLICATE,
    "otro": Outcome.OTHER,
}


def read_command(text: str) -> CaseCommand | None:
    """The command in a message of staff, or None when it is not one."""
    parts = text.strip().replace(":", " ", 1).split(maxsplit=2)
    if len(parts) < 2 or len(parts[0]) != 1 or parts[0].upper() not in set(Act):
        return None
    folio = read_folio(parts[1])
    if folio is None:
        return None
    return CaseCommand(Act(parts[0].upper()), folio, parts[2].strip() if len(parts) > 2 else "")


def read_outcome(text: str) -> Outcome | None:
    """An outcome by its code or its Spanish word."""
    wanted = fold(text)
    for outcome in Outcome:
        if wanted == fold(outcome.value):
            return outcome
    return OUTCOME_WORDS.get(wanted)
