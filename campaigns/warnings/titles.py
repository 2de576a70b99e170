"""What a message is called, so that nobody takes a test or a warning withdrawn for a real one."""

from campaigns.warnings.model import Bulletin, Info, MessageKind, Status
from locales.catalog import render
from locales.text import _

MARKS = {
    Status.TEST: _("warnings.test"),
    Status.EXERCISE: _("warnings.exercise"),
}


def headline_of(bulletin: Bulletin, info: Info) -> str:
    """The headline, behind the word that says what it is not."""
    headline = info.headline
    if bulletin.kind is MessageKind.CANCEL:
        headline = render(_("warnings.withdrawn"), info.language, {"headline": headline})
    mark = MARKS.get(bulletin.status)
    if mark is None:
        return headline
    return render(mark, info.language, {"headline": headline})


def description_of(bulletin: Bulletin, info: Info) -> str:
    """What it says; a cancellation only says that the warning stands no more."""
    if bulletin.kind is MessageKind.CANCEL:
        return render(_("warnings.withdrawn_text"), info.language)
    return info.description
