"""What a command does not need it does not load: a second is long for somebody at a prompt."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

OF_THE_PLATFORM = frozenset({"aiogram", "aiohttp", "fastapi", "pgqueuer", "twilio", "uvicorn"})
"""They take three seconds together, aiogram alone more than two."""

NAMES = "import sys, app.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def test_the_command_line_loads_no_library_that_the_running_platform_alone_needs() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", NAMES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(ended.stdout.split())
    assert "typer" in loaded
    assert not loaded & OF_THE_PLATFORM
