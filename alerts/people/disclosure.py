"""Whether a relative may be told of the person who was found.

Who seeks may be who was fled from. So an adult is asked first, and a yes counts for the one person
it names; for a minor a supervisor looks into each relative first; and who was found and wants no
contact is never told of to anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from alerts.model import Case, Kind, Minor, Outcome
from alerts.people.model import Answer, Disclosure, Person, PersonRole


class Why(StrEnum):
    """Why a relative may be told, or may not."""

    SAID_YES = "said_yes"
    CHECKED = "checked"
    WANTS_NO_CONTACT = "wants_no_contact"
    SAID_NO = "said_no"
    NOT_ASKED = "not_asked"
    NOT_CHECKED = "not_checked"
    CHECK_FAILED = "check_failed"
    AGE_UNKNOWN = "age_unknown"


MAY = (Why.SAID_YES, Why.CHECKED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for each person of the case but the one concerned, by their id."""

    reasons: tuple[tuple[int, Why], ...]

    def why(self, person_id: int) -> Why:
        """Why somebody may or may not be told. Who is not in the case may not."""
        return dict(self.reasons).get(person_id, Why.NOT_ASKED)

    def allows(self, person_id: int) -> bool:
        """Whether this person may be told."""
        return self.why(person_id) in MAY

    @property
    def tellable(self) -> frozenset[int]:
        """Who may be told."""
        return frozenset(person_id for person_id, why in self.reasons if why in MAY)


def may_tell_relatives(
    case: Case, concerned: Person, persons: Iterable[Person], outcome: Outcome | None = None
) -> Verdict:
    """Who of the case may be told of `concerned`. `outcome` is how the case last ended, whether
    or not it was opened again since: a new message of the seeker must not undo it.

    The reporter counts as a relative: nobody has checked who they are. Of a death the person
    cannot be asked, so that a supervisor's check stands for the yes, but never against a no.
    """
    others = [one for one in persons if one.role is not PersonRole.CONCERNED]
    return Verdict(tuple((one.id, _why(case, concerned, one, outcome)) for one in others))


def answer_to(concerned: Person, relative_id: int) -> Disclosure | None:
    """The newest answer that covers this person: one that names them, or a no to everybody. A yes
    that names nobody opens nothing."""
    found = None
    for one in concerned.disclosures:
        names_them = one.to_id == relative_id
        to_all = one.to_id is None and not one.to_other and one.answer is not Answer.YES
        if (names_them or to_all) and (found is None or one.given_at >= found.given_at):
            found = one
    return found


def _why(case: Case, concerned: Person, relative: Person, outcome: Outcome | None) -> Why:
    if outcome is Outcome.LOCATED_NO_CONTACT:
        return Why.WANTS_NO_CONTACT
    said = answer_to(concerned, relative.id)
    no = said if said is not None and said.answer is Answer.NO else None
    if case.minor is Minor.YES:
        return _checked(relative, no)
    if no is not None:
        return Why.SAID_NO
    if case.kind is Kind.DEATH:
        return _checked(relative, None)
    if case.minor is Minor.UNKNOWN:
        return Why.AGE_UNKNOWN
    return Why.SAID_YES if said is not None and said.answer is Answer.YES else Why.NOT_ASKED


def _checked(relative: Person, no: Disclosure | None) -> Why:
    check = relative.check
    if check is None:
        return Why.NOT_CHECKED
    if not check.allowed:
        return Why.CHECK_FAILED
    # A no that came after the check is something that the supervisor has not seen.
    return Why.SAID_NO if no is not None and no.given_at > check.at else Why.CHECKED
