"""The page of one case, and the parts of it that keep themselves up to date."""

from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Response

from alerts import case_view, lease, viewing
from alerts.case_view import CaseView, look
from alerts.chronicle import Line
from alerts.model import EntryKind, Outcome, Times
from alerts.ownership import NEEDS_WORDS
from alerts.part import Act, Part
from alerts.referral import texts as referral_texts
from alerts.referral.model import NEXT, ReferralState
from alerts.roster import CALLED
from console.cases.opening import opened
from console.cases.words import WORDS
from console.frame.forms import Form
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from db.session import Session
from kit.channels import Channel
from kit.errors import NotFound, Problem
from kit.ids import read_folio
from locales.text import _
from staff import store as staff
from staff.model import Member, Right

HERE = "/casos/{folio}"
MOST_ID = 2**53
HOUR = timedelta(hours=1)

PRIVATE = (EntryKind.ACTED, EntryKind.SNOOZED, EntryKind.REVEALED, EntryKind.FOLLOW_UP)
"""Lines whose words are ours alone."""

ABOUT = {
    "contacto": "referral",
    "seguimiento": "follow_up",
    "permiso": "person",
    "revision": "person",
}
"""Acts with several forms on one page, and the field that says of which thing each is."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be done: why, by which form, and what happened meanwhile. What was
    typed stays in the visit's form."""

    sentence: str
    act: str
    meanwhile: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page has beside the case itself."""

    trouble: Trouble | None = None
    number: str = field(default="", repr=False)
    """The reporter's number, shown this once."""


def path_of(folio: str) -> str:
    """Where the page of a case stands."""
    return f"/casos/{folio}"


def after(act: str, form: Form) -> str:
    """What the address of a page ends with after an act: the form that was taken, which begins
    anew, and the place of the sentence that says so. On a phone one is where one was."""
    about = form.number(ABOUT[act], 1, MOST_ID) if act in ABOUT else None
    return f"?hecho={act}#hecho" if about is None else f"?hecho={act}-{about}#hecho"


def add_page(pages: StaffPages, streams: Streams, times: Times) -> None:
    """`/casos/{folio}`, what of it changes by itself, and who writes."""

    @pages.get(HERE, needs=Right.SEE_CASES)
    async def show(visit: Visit) -> Response:
        return await page(visit, times)

    @pages.get(f"{HERE}/ahora", needs=Right.SEE_CASES)
    async def now(visit: Visit) -> Response:
        view, _colleagues = await _looked(visit, times, still=True)
        return visit.page("cases/now.html", status=200, **_values(visit, view))

    @pages.get(f"{HERE}/eventos", needs=Right.SEE_CASES)
    async def stream(visit: Visit) -> Response:
        async with visit.database.read() as session:
            case = await viewing.seen(session, visit.member, visit.word("folio"))

        async def print_now(session: Session) -> str:
            return await case_view.fingerprint(session, case.id, visit.member, pages.clock.now())

        # Nobody sees themselves write, so each has a print of their own.
        return streams.answer(visit, f"case:{case.id}:{visit.member.id}", print_now)

    @pages.post(f"{HERE}/escribiendo", needs=Right.SEE_CASES)
    async def writing(visit: Visit) -> Response:
        async with visit.database.write() as session:
            case = await viewing.seen(session, visit.member, visit.word("folio"))
            await viewing.writes(session, case, visit.member, visit.now)
        return Response(status_code=204)


async def page(
    visit: Visit, times: Times, shown: Shown | None = None, status: int = 200
) -> Response:
    """The whole page. That the case was opened is in the audit before anything of it is shown."""
    shown = shown or Shown()
    typed = visit.word("folio")
    folio = read_folio(typed)
    if folio is not None and folio != typed and visit.request.method == "GET":
        return visit.go(path_of(folio))
    view, colleagues = await _looked(visit, times)
    values = _values(visit, view, colleagues)
    return visit.page(
        "cases/case.html",
        status=status,
        **{
            **values,
            "trouble": shown.trouble,
            "number_shown": shown.number,
            "words_left": _words_left(visit, view, shown.trouble),
        },
    )


async def refused(visit: Visit, times: Times, problem: Problem, act: str) -> Response:
    """The page again, with why it could not be done, what happened since it was drawn, and all that
    was typed."""
    if isinstance(problem, NotFound):
        raise problem
    known = visit.form.number("seen", 0, MOST_ID) or 0
    async with visit.database.read() as session:
        case = await viewing.seen(session, visit.member, visit.word("folio"))
        view = await look(session, case, visit.member, times, visit.now)
    meanwhile = tuple(line for line in view.past.lines if line.id > known) if known else ()
    sentence = visit.text(problem.key, **problem.params)
    if problem.code == "taken_by_other" and view.owner is not None:
        sentence = visit.text(_("console.case.taken_by"), owner=view.owner)
    trouble = Trouble(sentence, act, meanwhile[:5])
    return await page(visit, times, Shown(trouble), status=409)


async def _looked(
    visit: Visit, times: Times, *, still: bool = False
) -> tuple[CaseView, tuple[Member, ...]]:
    """The case as the visitor may see it, and the colleagues to whom it can go. `still` is a page
    that stands there and asks for what is new."""
    await opened(visit, still=still)
    async with visit.database.read() as session:
        case = await viewing.seen(session, visit.member, visit.word("folio"))
        view = await look(session, case, visit.member, times, visit.now)
        colleagues = await staff.with_roles(session, CALLED)
    return view, tuple(one for one in colleagues if one.id != visit.member.id)


def _words_left(visit: Visit, view: CaseView, trouble: Trouble | None) -> str:
    """What somebody wrote whose form is not there any more: it is shown, to be kept elsewhere."""
    forms = {"responder": (Act.REPLY, "words"), "anotar": (Act.NOTE, "note")}
    act, field_name = forms.get("" if trouble is None else trouble.act, (None, ""))
    return "" if act is None or act in view.acts else visit.form[field_name]


def _placed(view: CaseView) -> set[str]:
    """Acts of which the page speaks where they are done; of the others it does at its top."""
    if not view.part.reads:
        return {"responder", "anotar", "bien"}
    return (
        {"responder", "anotar", "bien"}
        | {"canalizar" for _one in view.referrals}
        | {f"contacto-{one.referral.id}" for one in view.referrals}
        | {f"seguimiento-{one.id}" for one in view.follow_ups}
    )


def _values(visit: Visit, view: CaseView, colleagues: tuple[Member, ...] = ()) -> dict[str, object]:
    case = view.case
    return {
        "view": view,
        "case": case,
        "acts": view.acts,
        "here": path_of(case.folio),
        "Act": Act,
        "PRIVATE": PRIVATE,
        "colleagues": colleagues,
        "may_help": [one for one in colleagues if one.pseudonym not in view.helpers],
        "outcomes": list(Outcome),
        "asks": NEEDS_WORDS,
        "longest_pause": int(lease.LONGEST_SNOOZE[case.urgency] / HOUR),
        "by_sms": case.reporter.channel is Channel.SMS,
        "no_way": view.part is Part.OWNER and not visit.member.written,
        "safe_now": case.safe_at(visit.now) <= visit.now,
        "referral_texts": referral_texts,
        "referral_next": {state: sorted(NEXT[state]) for state in ReferralState},
        "referred_to": {one.referral.id: one.referral.name for one in view.referrals},
        "done": visit.query("hecho"),
        "placed": _placed(view),
        "trouble": None,
        "number_shown": "",
        "typed": visit.form,
        **WORDS,
    }
