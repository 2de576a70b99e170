"""The `reason`, `cohort` and `keyword` of a campaign file."""

import re
from collections.abc import Callable
from datetime import timedelta

from campaigns.brakes.cohort import PLACES, Cohort
from campaigns.replies.presses import keyword_form
from campaigns.written.document import Node, Scalar, Table
from campaigns.written.lengths import length_of
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from locales.text import _

COHORT_KEYS = ("share", "wait", "failures", "opt_outs")
LONGEST_REASON = 400
LONGEST_WAIT = timedelta(days=2)
LARGEST_SHARE = PLACES // 2
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))? ?%", re.ASCII)


def read_reason(node: Node, reading: Reading) -> str:
    """Why an emergency does not wait for the morning; "" when it is wrong."""
    scalar = reading.text(node, "reason")
    if scalar is None:
        return ""
    reason = " ".join(scalar.text.split())
    if len(reason) > LONGEST_REASON:
        reading.refuse(scalar, _("campaigns.file.reason_long"), most=LONGEST_REASON)
        return ""
    return reason


def read_cohort(node: Node, reading: Reading) -> Cohort | None:
    """`1%` of the recipients first, or with what lets the others follow:
    `{share: 1%, wait: 30m, failures: 10%, opt_outs: 2%}`."""
    usual = Cohort()
    if isinstance(node, Scalar):
        share = _percent(node, reading, LARGEST_SHARE)
        return None if share is None else Cohort(share=share)
    table = reading.table(node, "cohort")
    if table is None:
        return None
    reading.known_keys(table, COHORT_KEYS)
    share = _given(table, "share", reading, usual.share, LARGEST_SHARE)
    failures = _given(table, "failures", reading, usual.most_failures, PLACES)
    opt_outs = _given(table, "opt_outs", reading, usual.most_opt_outs, PLACES)
    given = reading.given(table, "wait")
    wait = usual.wait if given is None else _wait(given, reading)
    if share is None or failures is None or opt_outs is None or wait is None:
        return None
    return Cohort(share, wait, failures, opt_outs)


def read_keyword(node: Node, reading: Reading, is_reserved: Callable[[str], bool]) -> str | None:
    """The word of a poster as people's words are compared: `feria` for FERIA or "Feria"."""
    scalar = reading.text(node, "keyword")
    if scalar is None:
        return None
    word = keyword_form(scalar.text)
    if word is None:
        reading.refuse(scalar, _("campaigns.file.keyword"), found=shown(scalar.text))
        return None
    if is_reserved(word):
        reading.refuse(scalar, _("campaigns.file.keyword_reserved"), found=shown(scalar.text))
        return None
    return word


def _given(table: Table, name: str, reading: Reading, usual: int, most: int) -> int | None:
    node = reading.given(table, name)
    return usual if node is None else _percent(node, reading, most)


def _wait(node: Node, reading: Reading) -> timedelta | None:
    scalar = reading.text(node, "wait")
    length = None if scalar is None else length_of(scalar.text)
    if scalar is not None and (length is None or length > LONGEST_WAIT):
        reading.refuse(scalar, _("campaigns.file.wait"), found=shown(scalar.text))
        return None
    return length


def _percent(node: Node, reading: Reading, most: int) -> int | None:
    """A share in parts of `PLACES`."""
    scalar = reading.text(node, "cohort")
    if scalar is None:
        return None
    found = _PERCENT.fullmatch(scalar.text.strip())
    share = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 0 < share <= most:
        params = {"found": shown(scalar.text), "most": most // 100}
        reading.refuse(scalar, _("campaigns.file.percent"), **params)
        return None
    return share
