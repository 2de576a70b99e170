"""QR codes as SVG inside of a page: no script, no style, no picture from elsewhere."""

from functools import lru_cache

import segno
from markupsafe import Markup, escape

QUIET = 4
"""Modules of white on every side, which the standard asks for (ISO/IEC 18004)."""

LEVEL = "q"
"""A quarter of it may be torn or dirty: posters hang outside."""

KEPT = 1024


@lru_cache(maxsize=KEPT)
def picture(address: str, heard: str) -> Markup:
    """The QR code of an address; `heard` says what it is to who cannot see it."""
    drawn: str = segno.make(address, error=LEVEL, micro=False, boost_error=False).svg_inline(
        border=QUIET, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    named = f'<svg class="code" role="img" aria-label="{escape(heard)}"'
    # The picture is drawn by us from numbers; only the name comes from elsewhere.
    return Markup(named + drawn.removeprefix("<svg"))  # noqa: S704
