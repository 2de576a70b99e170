"""What a message is called, so that nobody takes a test or a warning withdrawn for a real one."""

from campaigns.warnings.model import Bulletin, Info, MessageKind, Status
from locales.catalog import render
from locales.text import _

MARKS = {
    Status.TEST: (_("warnings.test"), _("warnings.test_alone")),
    Status.EXERCISE: (_("warnings.exercise"), _("warnings.exercise_alone")),
}
WITHDRAWN = (_("warnings.withdrawn"), _("warnings.withdrawn_alone"))
"""What stands before a headline, and in its place where nobody wrote one in the language."""


def headline_of(bulletin: Bulletin, info: Info) -> str:
    """The headline, behind the word that says what it is not; "" where nobody wrote one and there
    is nothing to say of it."""
    headline = info.headline
    if bulletin.kind is MessageKind.CANCEL:
        headline = _marked(WITHDRAWN, info.language, headline)
    mark = MARKS.get(bulletin.status)
    return headline if mark is None else _marked(mark, info.language, headline)


def _marked(mark: tuple[str, str], language: str, headline: str) -> str:
    before, alone = mark
    if not headline:
        return render(alone, language)
    return render(before, language, {"headline": headline})


def description_of(bulletin: Bulletin, info: Info) -> str:
    """What it says; a cancellation only says that the warning stands no more."""
    if bulletin.kind is MessageKind.CANCEL:
        return render(_("warnings.withdrawn_text"), info.language)
    return info.description
