"""Where the third-party files stand once they are installed."""

from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE.parent / "vendor"
