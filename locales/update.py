"""Bring the template and every catalogue up to the code: `python -m locales.update [LANGUAGE …]`.

Languages named on the command line get a new, empty catalogue. Prints the keys without a text.
"""

import sys
from collections.abc import Sequence

from locales import po
from locales.catalog import DIRECTORY


def main(new: Sequence[str]) -> int:
    """Update all catalogues and start those of the `new` languages; 0 when every key has a text."""
    uses = po.extract()
    po.write_template(po.TEMPLATE, uses)
    started = [DIRECTORY / language / "LC_MESSAGES" / "messages.po" for language in new]
    empty = 0
    for path in sorted({*po.files(DIRECTORY), *started}):
        for key in po.update(path, uses):
            print(f"{po.language_of(path)}: {key} has no text")
            empty += 1
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
