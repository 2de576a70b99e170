"""`/guardias/simulador`: who would be paged when, for a call for help that could come."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import Response

from alerts.model import Times, Urgency
from alerts.simulator import KINDS, Question, foresee
from console.cases.words import KINDS as KIND_WORDS
from console.cases.words import URGENCIES
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.roster import words
from console.roster.bits import HERE, Bits
from console.roster.clocks import read, shown
from console.roster.sentences import told
from kit.errors import Invalid
from locales.languages import language_codes, language_of
from locales.text import _
from staff.model import Right

SIMULATOR = f"{HERE}/simulador"
FARTHEST = timedelta(days=366)


def add_simulator(pages: StaffPages, times: Times) -> None:
    """The question and its answer on one page: nothing is written, nobody is paged."""

    @pages.get(SIMULATOR, needs=Right.SEE_ROSTER)
    async def show(visit: Visit) -> Response:
        typed, trouble = _typed(visit), ""
        try:
            question = question_of(typed, visit)
        except Invalid as problem:
            question = Question(visit.now)
            trouble = visit.text(problem.key, **problem.params)
        async with visit.database.read() as session:
            found = await foresee(session, visit.member, question, times)
        return visit.page(
            "roster/simulator.html",
            status=422 if trouble else 200,
            typed=typed,
            trouble=trouble,
            found=None if trouble else found,
            policy=told(found.policy, times.page, found.names, found.rotas),
            kinds=[(kind, KIND_WORDS[kind]) for kind in KINDS],
            urgencies=list(URGENCIES.items()),
            languages=[(code, words.language_name(code, visit.language)) for code in _languages()],
            ways=words.WAYS,
            half=times.page / 2,
            bits=Bits(visit),
        )


def question_of(typed: Mapping[str, str], visit: Visit) -> Question:
    """A call for help from what was chosen. Raises Invalid."""
    kind = next((one for one in KINDS if one == typed["tipo"]), None)
    urgency = next((one for one in Urgency if one == typed["urgencia"]), None)
    if kind is None or urgency is None or typed["lengua"] not in _languages():
        raise Invalid(_("console.simulator.choose"))
    at = read(typed["cuando"], visit.member.zone)
    if abs(at - visit.now) > FARTHEST:
        raise Invalid(_("console.simulator.far"))
    return Question(_at(at, visit), kind, urgency, typed["lengua"])


def _at(at: datetime, visit: Visit) -> datetime:
    """What was not moved from the minute that is now is now."""
    return visit.now if shown(at, "UTC") == shown(visit.now, "UTC") else at


def _typed(visit: Visit) -> Mapping[str, str]:
    return {
        "tipo": visit.query("tipo") or "unknown",
        "urgencia": visit.query("urgencia") or "unsorted",
        "lengua": visit.query("lengua") or "es",
        "cuando": visit.query("cuando") or shown(visit.now, visit.member.zone),
    }


def _languages() -> tuple[str, ...]:
    """Spanish, English, and the families of those of Oaxaca."""
    codes = [code for code in language_codes() if _is_family(code)]
    return ("es", "en", *sorted(code for code in codes if code not in ("es", "en")))


def _is_family(code: str) -> bool:
    found = language_of(code)
    return found is not None and found.family is None
