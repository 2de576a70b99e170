"""A campaign file at the command line: read whole, or refused with each of its lines."""

import json
import re
import sys
from pathlib import Path

import typer

from app.cli.beside import Beside
from app.cli.frame import aside, say
from app.conduct import outside
from campaigns.model import CampaignDraft
from campaigns.written import file
from campaigns.written.document import MOST_BYTES, FileError
from kit.clock import Clock
from kit.errors import Invalid
from locales.text import _

FILE = typer.Argument(
    ...,
    exists=True,
    dir_okay=False,
    readable=True,
    metavar="FILE.yaml",
    help="The campaign, in YAML.",
)

_FINGERPRINT = re.compile(r"[0-9a-f]{8,64}", re.ASCII)


def read_draft(path: Path, *, as_json: bool) -> tuple[CampaignDraft, Beside]:
    """The draft in a file, and where its media are. What is wrong is said, each with its line, and
    ends with status 1."""
    beside = Beside(path)
    with path.open("rb") as opened:
        # One byte more than allowed is enough to know that it is too big.
        data = opened.read(MOST_BYTES + 1)
    draft = file.read(data, Clock().now(), outside(beside.open_file))
    if isinstance(draft, CampaignDraft):
        return draft, beside
    details = [
        {"line": error.line, "column": error.column, "message": _sentence(error)} for error in draft
    ]
    message = "\n".join(str(detail["message"]) for detail in details)
    if as_json:
        document = {"error": {"code": Invalid.code, "message": message, "details": details}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        aside.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(1)


def read_fingerprint(typed: str) -> str:
    """The beginning of a content hash, as it was typed; "" for none. Raises Invalid."""
    found = typed.strip().lower()
    if found and _FINGERPRINT.fullmatch(found) is None:
        raise Invalid(_("cli.campaigns.fingerprint_wrong"))
    return found


def _sentence(error: FileError) -> str:
    return say(
        _("cli.campaigns.file_error"), line=error.line, column=error.column, reason=error.phrase
    )
