"""The documents are true: settings, commands, paths, names, links and examples."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from app.cli import cli
from app.conduct import outside
from app.settings import ROOT, Settings
from campaigns.audience.language import parse
from campaigns.model import CampaignDraft
from campaigns.written import file

DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part == "var" for part in path.relative_to(ROOT).parts)
)
SETTING = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
COMMAND = re.compile(r"^### `(tequio .+)`$", re.MULTILINE)
CALL = re.compile(r"\btequio(?: [a-z]+(?:-[a-z]+)*)+")
TARGET = re.compile(r"`make ([a-z]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\s]+)`")
NAMED = re.compile(r"(?P<path>[\w.-]*(?:/[\w.-]*)+|[\w-]+\.[a-z]+)(?::(?P<name>[\w.]+))?")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def commands() -> dict[str, frozenset[str]]:
    """Every command with its options but --help."""
    found: dict[str, frozenset[str]] = {}
    waiting = [("tequio", get_command(cli))]
    while waiting:
        name, command = waiting.pop()
        if isinstance(command, TyperGroup):
            waiting += [(f"{name} {part}", below) for part, below in command.commands.items()]
        else:
            options = {option for one in command.params for option in one.opts}
            found[name] = frozenset(one for one in options if one.startswith("--")) - {"--help"}
    return found


def documented() -> dict[str, frozenset[str]]:
    """The headings of docs/commands.md in the same form."""
    found: dict[str, frozenset[str]] = {}
    for usage in COMMAND.findall(read("docs/commands.md")):
        words = CALL.match(usage)
        assert words is not None
        found[words[0]] = frozenset(re.findall(r"--[a-z-]+", usage))
    return found


def expected_row(name: str) -> str:
    setting = Settings.model_fields[name]
    default = setting.default
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return f"| `{name.upper()}` | {f'`{shown}`' if shown else ''} | {setting.description} |"


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_stands_in_the_table_with_its_default_and_its_help(name: str) -> None:
    assert expected_row(name) in read("docs/settings.md").splitlines()


def test_no_setting_is_documented_that_does_not_exist() -> None:
    names = SETTING.findall(read("docs/settings.md"))
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_every_command_is_documented_with_its_options_and_no_other_is() -> None:
    assert documented() == commands()


def test_calls_of_commands_in_any_document_exist() -> None:
    known = {" ".join(name.split()[:size]) for name in commands() for size in (1, 2, 3, 4)}
    for path in DOCUMENTS:
        for code in re.findall(r"`([^`]+)`", path.read_text(encoding="utf-8")):
            for call in CALL.findall(code):
                words = call.split()
                # What follows a whole command are its arguments.
                assert any(" ".join(words[:size]) in commands() for size in (2, 3, 4)) or (
                    call in known
                ), f"{path.name}: {call}"


def test_make_targets_in_any_document_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for path in DOCUMENTS:
        named = set(TARGET.findall(path.read_text(encoding="utf-8")))
        assert named <= targets, path.name


def links() -> Iterator[tuple[Path, str]]:
    for path in DOCUMENTS:
        for link in LINK.findall(path.read_text(encoding="utf-8")):
            if not link.startswith(("http://", "https://", "mailto:")):
                yield path, link


def test_relative_links_lead_somewhere() -> None:
    found = list(links())
    assert found
    for path, link in found:
        target, _, anchor = link.partition("#")
        page = (path.parent / target) if target else path
        assert page.exists(), f"{path.name}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
            assert anchor in anchors, f"{path.name}: {link}"


def named_in(document: str) -> list[tuple[str, str]]:
    """Paths, each with the name that it is said to hold, or an empty one."""
    found = (NAMED.fullmatch(code) for code in CODE.findall(read(document)))
    matches = [match for match in found if match is not None and match["path"][0] != "/"]
    return [(match["path"], match["name"] or "") for match in matches]


def exists(path: str) -> bool:
    """Whether there is such a file; a bare name may be that of the files of several packages."""
    return (ROOT / path).exists() or ("/" not in path and any(ROOT.glob(f"*/{path}")))


@cache
def names_of(path: Path) -> frozenset[str]:
    """What a module defines: `name`, and `Class.name` for what its classes hold."""
    return frozenset(_names(ast.parse(path.read_text(encoding="utf-8")).body, ""))


def _names(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield prefix + node.name
            yield from _names(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.Assign):
            yield from (prefix + one.id for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield prefix + node.target.id


def test_every_path_and_name_of_the_architecture_exists() -> None:
    found = named_in("ARCHITECTURE.md")
    assert len(found) > 100
    wrong = [
        f"{path}:{name}" if name else path
        for path, name in found
        if not exists(path) or (name and name not in names_of(ROOT / path))
    ]
    assert wrong == []


def test_every_package_of_the_house_is_in_the_architecture() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    named = {path.split("/")[0] for path, _ in named_in("ARCHITECTURE.md")}
    assert packages <= named


@pytest.mark.parametrize(
    "document", [str(path.relative_to(ROOT)) for path in DOCUMENTS if path.name != "CHANGELOG.md"]
)
def test_paths_in_other_documents_exist(document: str) -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"docs", "data"}
    for path, name in named_in(document):
        if path.split("/")[0] in packages and "/" in path and "N" not in path:
            made_later = path == "bench/results.json"
            assert made_later or (ROOT / path).exists(), f"{document}: {path}"
            assert not name or name in names_of(ROOT / path), f"{document}: {path}:{name}"


def manual_campaign(schedule: str | None = None, more: str = "") -> str:
    written = re.search(r"```yaml\n(title.+?)```", read("docs/campaigns.md"), re.DOTALL)
    assert written is not None
    text = written[1] + more
    return text if schedule is None else re.sub(r"schedule: .*", f"schedule: {schedule}", text)


def test_the_campaign_in_the_manual_can_be_sent() -> None:
    warning = re.search(r"```yaml\n(warning.+?)```", read("docs/campaigns.md"), re.DOTALL)
    assert warning is not None
    for more in ("", warning[1]):
        data = manual_campaign(more=more).encode()
        draft = file.read(data, datetime(2026, 11, 22, tzinfo=UTC), outside())
        assert isinstance(draft, CampaignDraft), draft


def test_every_schedule_in_the_manual_can_be_read() -> None:
    schedules = re.findall(r"^\| `(now|\{.+?\})`", read("docs/campaigns.md"), re.MULTILINE)
    assert len(schedules) == 6
    for schedule in schedules:
        data = manual_campaign(schedule).encode()
        draft = file.read(data, datetime(2026, 11, 22, tzinfo=UTC), outside())
        assert isinstance(draft, CampaignDraft), (schedule, draft)


def test_every_audience_in_the_manual_can_be_read() -> None:
    manual = read("docs/campaigns.md")
    terms = re.findall(
        r"`((?:[a-z]+):[^`{} ]+)`", "\n".join(re.findall(r"^\| `.*\|", manual, re.M))
    )
    assert len(terms) >= 12
    for term in terms:
        parse(term)


def test_every_record_of_a_decision_is_listed_and_the_reverse() -> None:
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", read("docs/adr/README.md"))
    assert listed == sorted(path.name for path in (ROOT / "docs" / "adr").glob("0*.md"))
