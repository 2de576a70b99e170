"""What pages call the states of long work and the columns of a file."""

from collections.abc import Mapping

from campaigns.works.model import State, Step, Work
from locales.text import _

STATES: Mapping[State, str] = {
    State.ARRIVING: _("console.works.state.arriving"),
    State.WAITING: _("console.works.state.waiting"),
    State.RUNNING: _("console.works.state.running"),
    State.CHECKED: _("console.works.state.checked"),
    State.DONE: _("console.works.state.done"),
    State.STOPPED: _("console.works.state.stopped"),
    State.FAILED: _("console.works.state.failed"),
}

LOOKS: Mapping[State, str] = {
    State.ARRIVING: "wait",
    # Between two turns it waits for a moment, which is nobody's concern.
    State.WAITING: "go",
    State.RUNNING: "go",
    State.CHECKED: "ready",
    State.DONE: "done",
    State.STOPPED: "plain",
    State.FAILED: "hot",
}

COLUMNS: Mapping[str, str] = {
    "phone": _("console.imports.column.phone"),
    "telegram_id": _("console.imports.column.telegram_id"),
    "language": _("console.imports.column.language"),
    "origin": _("console.imports.column.origin"),
    "country": _("console.imports.column.country"),
    "state": _("console.imports.column.state"),
    "relation": _("console.imports.column.relation"),
    "topics": _("console.imports.column.topics"),
    "consented_at": _("console.imports.column.consented_at"),
    "consent_source": _("console.imports.column.consent_source"),
}

OVER: Mapping[tuple[State, Step], str] = {
    (State.DONE, Step.BRING): _("console.works.over.done"),
    (State.STOPPED, Step.CHECK): _("console.works.over.left"),
    (State.STOPPED, Step.BRING): _("console.works.over.stopped"),
    (State.FAILED, Step.CHECK): _("console.works.over.unread"),
    (State.FAILED, Step.BRING): _("console.works.over.failed"),
}

WOULD = {
    "read": _("console.works.figure.read"),
    "created": _("console.works.would.created"),
    "updated": _("console.works.would.updated"),
    "rejected": _("console.works.would.rejected"),
}

DID = {
    "read": _("console.works.figure.read"),
    "created": _("console.works.did.created"),
    "updated": _("console.works.did.updated"),
    "rejected": _("console.works.did.rejected"),
}

NEEDED = ("consented_at", "consent_source")


def now_of(work: Work) -> str:
    """What happens now, in a few words."""
    if work.is_under_way and work.step is Step.BRING:
        return _("console.works.bringing")
    if work.is_under_way:
        return _("console.works.checking")
    return STATES[work.state]
