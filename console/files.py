"""The files that pages show, ours and those that were installed: read once, packed once."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from console.assets.place import VENDOR

STATIC = Path(__file__).parent / "static"

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class File:
    """A static file as it goes out. `print` names its content, so that a browser may keep it."""

    content: bytes
    packed: bytes
    kind: str
    print: str


@cache
def files() -> Mapping[str, File]:
    """Every static file by name; an installed one never takes the name of ours."""
    folders = [folder for folder in (VENDOR, STATIC) if folder.is_dir()]
    return {
        path.name: _file(path)
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix in KINDS
    }


def is_there(name: str) -> bool:
    """Whether a page may ask for it: what is installed may be missing."""
    return name in files()


def address(name: str) -> str:
    """Where a file is found: another address when its content is another."""
    return f"/static/{name}?v={files()[name].print}"


def _file(path: Path) -> File:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    return File(content, packed, KINDS[path.suffix], sha256(content).hexdigest()[:12])
