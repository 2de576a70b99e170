"""A start that must not be: each is refused with a clear line, and without a traceback.

The console script itself is started in the first.
"""

from pathlib import Path

import pytest

from app.settings import Settings
from tests.cluster.nursery import Nursery
from tests.crash.life import Life, command
from tests.crash.process import (
    TequioProcess,
    console_script,
    environment,
    free_port,
    providers,
)
from tests.databases import Postgres

pytestmark = pytest.mark.xdist_group("refusals")

NOBODY = "http://127.0.0.1:9"
"""The port of `discard`: nothing is sent in these tests."""


def lines(text: str) -> list[str]:
    """What a person reads, line by line."""
    return [line for line in text.splitlines() if line.strip()]


async def test_a_second_start_on_the_same_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tequio.db'}"
    async with TequioProcess(environment(url, free_port()), tmp_path / "tequio.log") as first:
        second = await console_script(environment(url, free_port()), "run", folder=tmp_path)
        assert second.status == 1
        assert len(lines(second.err)) == 1
        assert "Traceback" not in second.err
        assert first.status is None


async def test_a_second_start_on_the_same_postgresql_is_refused(
    tmp_path: Path, born: Nursery, postgres: Postgres
) -> None:
    url = (await postgres.fresh()).render_as_string(hide_password=False)
    async with Life(born, environment(url, free_port()), tmp_path / "tequio.log") as first:
        second = await command(born, environment(url, free_port()), "run", folder=tmp_path)
        assert second.status == 1
        assert "Traceback" not in second.err
        assert first.status is None


async def test_after_a_kill_the_database_is_free_again(tmp_path: Path, born: Nursery) -> None:
    url = f"sqlite:///{tmp_path / 'tequio.db'}"
    env = environment(url, free_port())
    async with Life(born, env, tmp_path / "tequio.log") as first:
        await first.kill()
        async with Life(born, env, tmp_path / "tequio.log") as second:
            assert second.status is None


async def test_a_port_that_is_taken_is_said_in_a_line(tmp_path: Path, born: Nursery) -> None:
    port = free_port()
    env = environment(f"sqlite:///{tmp_path / 'one.db'}", port)
    async with Life(born, env, tmp_path / "tequio.log"):
        other = environment(f"sqlite:///{tmp_path / 'two.db'}", port)
        second = await command(born, other, "run", folder=tmp_path)
    assert second.status == 1
    assert str(port) in second.err
    assert "Traceback" not in second.err


NAMES = tuple(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ("telegram", ["TELEGRAM_WEBHOOK_SECRET"]),
        ("telegram", ["TELEGRAM_WEBHOOK_SECRET", "PUBLIC_URL"]),
        ("telegram", ["TELEGRAM_BOT_TOKEN"]),
        ("twilio", ["TWILIO_AUTH_TOKEN"]),
        ("twilio", ["TWILIO_AUTH_TOKEN", "PUBLIC_URL"]),
        ("twilio", ["TWILIO_ACCOUNT_SID"]),
        ("twilio", ["TWILIO_FROM"]),
    ],
)
async def test_half_given_settings_stop_the_start_with_a_line_for_each(
    given: str, left_out: list[str], tmp_path: Path, born: Nursery
) -> None:
    whole = {
        name: value
        for name, value in providers(NOBODY, NOBODY).items()
        if name == "PUBLIC_URL" or name.startswith(given.upper())
    }
    half = {name: value for name, value in whole.items() if name not in left_out}
    url = f"sqlite:///{tmp_path / 'tequio.db'}"
    ended = await command(born, environment(url, free_port(), **half), "run", folder=tmp_path)
    assert ended.status == 1
    assert ended.out == ""
    assert "Traceback" not in ended.err
    said = lines(ended.err)
    for name in left_out:
        assert sum(name in line for line in said) >= 1, f"nothing is said about {name}"
    assert all(any(name in line for name in NAMES) for line in said), "a sentence is cut in two"


async def test_a_database_that_does_not_answer_is_said_in_a_line(
    tmp_path: Path, born: Nursery
) -> None:
    env = environment("postgresql://ana:secret-word@127.0.0.1:9/tequio", free_port())
    ended = await command(born, env, "run", folder=tmp_path)
    assert ended.status == 1
    assert "secret-word" not in ended.err
    assert "Traceback" not in ended.err
    assert len(lines(ended.err)) == 1


async def test_a_token_that_is_none_is_said_in_a_line(tmp_path: Path, born: Nursery) -> None:
    more = {**providers(NOBODY, NOBODY), "TELEGRAM_BOT_TOKEN": "not-a-token"}
    env = environment(f"sqlite:///{tmp_path / 'tequio.db'}", free_port(), **more)
    ended = await command(born, env, "run", folder=tmp_path)
    assert ended.status == 1
    assert "Traceback" not in ended.err
    assert len(lines(ended.err)) == 1


async def test_wrong_settings_are_named_without_their_value(tmp_path: Path, born: Nursery) -> None:
    wrong = {"PORT": "telephone", "TELEGRAM_MODE": "pigeon", "PAGE_TIMEOUT": "-5"}
    url = f"sqlite:///{tmp_path / 'tequio.db'}"
    env = {**environment(url, free_port()), **wrong}
    ended = await command(born, env, "run", folder=tmp_path)
    assert ended.status == 1
    said = lines(ended.err)
    assert len(said) == len(wrong)
    for name, value in wrong.items():
        assert sum(name in line for line in said) == 1
        assert value not in ended.err
