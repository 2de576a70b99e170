"""Whether a request comes from our own pages."""

from collections.abc import Mapping
from urllib.parse import urlsplit

OURS = ("same-origin", "none")


def is_ours(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something was made by a page of ours, or by no page at all.

    `headers` have small names. Browsers say `Sec-Fetch-Site`, older ones `Origin`; neither can be
    set by a page elsewhere. The token of the form is asked for all the same.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in OURS:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:
        return False


def inside(path: str) -> str | None:
    """A path of ours to go on to, or None: never an address elsewhere."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return None
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    return path if not parts.scheme and not parts.netloc and len(path) <= 500 else None
