"""Every act that the platform writes into its audit is a sentence that people read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from console.audit.acts import ACTS, AREAS, OF_PROGRAMS, key_of
from contacts.rights.model import Act
from contacts.rights.steps import ACTS as STEPS
from locales.catalog import render

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("alerts", "app", "bot", "campaigns", "console", "contacts", "directory", "staff")

CHECK_FAILED = "audit.check_failed"
"""Of the log, not of the audit."""

LOGS = {"log": (2, 5), "note": (2, 5), "_tell": (3, 6)}
"""Functions that write a line: where the act stands, and how many things they are given."""

HELD_IN_A_NAME = {
    # By `act`, which is a parameter of theirs; who calls them is found too.
    "alerts/people/service.py", "alerts/referral/service.py",
    # By a name whose values are looked up below.
    "alerts/policies.py", "campaigns/deciding.py", "directory/service.py", "staff/service.py",
    "staff/signin/invitations.py", "console/audit/checking.py",
}  # fmt: skip
"""Where an act is not written in the call itself."""


def calls() -> Iterator[tuple[str, ast.expr]]:
    """The act of each line that is written: a file, and the expression."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place, given = LOGS.get(name, (0, -1))
                if len(node.args) != given:
                    continue
                # Others are called `_tell`, too.
                if name != "_tell" or isinstance(node.args[place], ast.Constant):
                    yield str(path.relative_to(ROOT)), node.args[place]


def written() -> Iterator[tuple[str, str]]:
    """Every text that a call names as its act; one with a part to fill ends in "*"."""
    for file, act in calls():
        match act:
            case ast.Constant(value=str(text)) if "." in text:
                yield file, text
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
                yield file, f"{text}*"
            case _:
                assert file in HELD_IN_A_NAME, f"{file}: an act that this test cannot read"


def named(file: str) -> Iterator[str]:
    """Acts that stand in a name of a file: texts with a point that are no key of a catalogue."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    keys = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in keys:
            area, point, rest = node.value.partition(".")
            if point and area in AREAS and rest.replace("_", "").isalpha():
                yield node.value


def test_every_act_has_a_sentence_in_both_languages_and_an_area() -> None:
    acts = dict(written())
    assert len(acts) > 5
    found = {text for _file, text in written()}
    exact = {text for text in found if not text.endswith("*")}
    assert exact - ACTS.keys() == set()
    for start in {text.removesuffix("*") for text in found - exact} - {OF_PROGRAMS}:
        assert any(act.startswith(start) for act in ACTS), start
    for act, key in ACTS.items():
        assert act.partition(".")[0] in AREAS, act
        assert len(act) <= 40
        for language in ("es", "en"):
            assert render(key, language, {}) not in ("", key), act
    in_names = {name for file in HELD_IN_A_NAME for name in named(file)}
    assert {"staff.deactivate", "directory.wrong", "staff.invite_reset"} <= in_names
    assert in_names - ACTS.keys() - {CHECK_FAILED} == set()
    steps = {f"rights.{act}" for act in (*STEPS.values(), Act.RECEIVED)}
    assert steps <= ACTS.keys()


def test_what_is_not_known_is_shown_as_it_stands() -> None:
    assert "x.y" in render(key_of("x.y"), "es", {"act": "x.y"})
    said = render(key_of("api.campaigns.create"), "es", {"act": "api.campaigns.create"})
    assert said.startswith("Por otro sistema")
