"""From the code to the catalogue files and back."""

from pathlib import Path

import pytest

from locales import po

PROJECT = """
[tool.hatch.build.targets.wheel]
packages = ["bot", "console"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    for folder in ("bot", "console/templates", "tests", "console/static"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def _catalogue(project: Path) -> Path:
    return project / "locales" / "es" / "LC_MESSAGES" / "messages.po"


def test_keys_are_found_in_code_and_templates_of_the_packages_only(project: Path) -> None:
    (project / "bot" / "texts.py").write_text(
        '#: A1\nASK = Text(_("sms.ask"), _("chat.ask"))\n_(name)\n', encoding="utf-8"
    )
    (project / "console" / "templates" / "page.html").write_text(
        '<h1>{{ _("console.title") }}</h1>', encoding="utf-8"
    )
    (project / "console" / "static" / "app.py").write_text('_("no.static")', encoding="utf-8")
    (project / "tests" / "test_a.py").write_text('_("no.tests")', encoding="utf-8")
    found = po.extract(project)
    assert set(found) == {"sms.ask", "chat.ask", "console.title"}
    assert found["sms.ask"].files == {"bot/texts.py"}
    assert found["sms.ask"].notes == ["A1"]


def test_an_update_keeps_texts_and_comments_and_names_the_empty_keys(project: Path) -> None:
    path = _catalogue(project)
    assert po.update(path, {"sms.a": po.Use({"bot/texts.py"})}) == ["sms.a"]
    written = path.read_text(encoding="utf-8")
    path.write_text(
        written.replace(
            '#: bot/texts.py\nmsgid "sms.a"\nmsgstr ""',
            '# Por SMS, sin acentos.\n#: bot/texts.py\nmsgid "sms.a"\nmsgstr "señora"',
        ),
        encoding="utf-8",
    )
    assert po.update(path, {"sms.a": po.Use({"bot/a.py"}), "sms.b": po.Use()}) == ["sms.b"]
    assert po.read(path) == {"sms.a": "señora", "sms.b": ""}
    assert "# Por SMS, sin acentos." in path.read_text(encoding="utf-8")


def test_an_update_that_changes_nothing_leaves_the_file_as_it_is(project: Path) -> None:
    path = _catalogue(project)
    uses = {"sms.b": po.Use({"bot/b.py"}, ["B1"]), "sms.a": po.Use({"bot/a.py"})}
    po.update(path, uses)
    before = path.read_bytes()
    po.update(path, uses)
    assert path.read_bytes() == before


def test_a_key_that_comes_back_finds_its_text_again(project: Path) -> None:
    path = _catalogue(project)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "sms.a"\nmsgstr "Hecho."\n', encoding="utf-8")
    po.update(path, {"sms.b": po.Use()})
    assert po.read(path) == {"sms.b": ""}
    assert '#~ msgid "sms.a"' in path.read_text(encoding="utf-8")
    po.update(path, {"sms.a": po.Use(), "sms.b": po.Use()})
    assert po.read(path) == {"sms.a": "Hecho.", "sms.b": ""}
    assert "#~" not in path.read_text(encoding="utf-8")


def test_an_entry_that_stands_twice_is_found(project: Path) -> None:
    path = _catalogue(project)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\nmsgstr "1"\n\nmsgid "a"\nmsgstr "2"\n', encoding="utf-8")
    assert po.repeated(path) == ["a"]


def test_the_template_holds_keys_and_no_texts(project: Path) -> None:
    path = project / "messages.pot"
    po.write_template(path, {"sms.a": po.Use({"bot/texts.py"}, ["A1"])})
    assert po.read(path) == {"sms.a": ""}
    assert "#. A1\n#: bot/texts.py\n" in path.read_text(encoding="utf-8")
