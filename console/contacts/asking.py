"""What the forms of the law's rights have in common: how one was asked for, and the form again with
what is wrong."""

from enum import StrEnum
from typing import TypeVar

from fastapi import Response

from alerts.rights.fulfil import Asked
from console.contacts.search import address
from console.contacts.words import WORDS
from console.frame.visit import Visit
from contacts.model import Contact
from contacts.rights.model import PROOFS, Identity, Way
from kit.errors import Invalid, Problem
from locales.text import _

Code = TypeVar("Code", bound=StrEnum)


def code(kind: type[Code], typed: str) -> Code:
    """One of a list of choices; Invalid when nothing, or nothing of it, was chosen."""
    try:
        return kind(typed)
    except ValueError:
        raise Invalid(_("console.contacts.choose")) from None


def asked(visit: Visit) -> Asked:
    """How a right was asked for, as a form says; Invalid when it does not."""
    identity = visit.form["identity"]
    return Asked(
        code(Identity, identity) if identity else Identity.NOT_YET,
        code(Way, visit.form["way"]),
    )


def sentence(visit: Visit, trouble: Problem | None) -> str:
    """Why nothing was done, "" when nothing is wrong."""
    return "" if trouble is None else visit.text(trouble.key, **trouble.params)


def form_page(
    visit: Visit,
    template: str,
    contact: Contact,
    trouble: Problem | None = None,
    **values: object,
) -> Response:
    """The form of a right of somebody, with what was typed before."""
    return visit.page(
        template,
        status=422 if trouble else 200,
        contact=contact,
        here=address(contact.id),
        trouble=sentence(visit, trouble),
        typed=visit.form,
        proofs=PROOFS,
        words=WORDS,
        **values,
    )
