"""How a folded word sounds in Spanish, and which known words it may have been meant to be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

# In this order. What people swap when they write by ear: b/v, s/c/z/x, y/ll, c/k/qu, g/j,
# hu/gu/w, n/m, and a silent h.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ch", "0"),
        ("sh", "s"),
        ("ph", "f"),
        ("g(?=[ei])", "j"),
        ("gu(?=[ei])", "g"),
        ("qu(?=[ei])", "k"),
        ("hu(?=[aeio])|gu(?=[ao])|^u(?=[aeio])", "w"),
        ("h", ""),
        ("c(?=[ei])|[zx]", "s"),
        ("[cq]", "k"),
        ("v", "b"),
        ("ll", "y"),
        ("y$", "i"),
        ("n(?=[pb])", "m"),
        ("m$", "n"),
        (r"(.)\1+", r"\1"),
    )
)
SAME_SOUND, ONE_EDIT = 1, 4
"""What a misspelt word costs; no few words that sound the same cost as much as one edit."""


def sound(word: str) -> str:
    """A key that is equal for spellings of a folded word that sound alike in Mexican Spanish."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def allowed_edits(word: str) -> int:
    """How many letters may be wrong: none up to 4 letters, one up to 7, then two."""
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known folded words, ready to be looked up by sound and by spelling."""

    words: Sequence[str]
    known: frozenset[str]
    by_sound: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Vocabulary":
        known = tuple(sorted({word for word in words if word}))
        by_sound: dict[str, list[str]] = {}
        for word in known:
            by_sound.setdefault(sound(word), []).append(word)
        return cls(known, frozenset(known), by_sound)

    def sounding_like(self, word: str) -> list[str]:
        """Other known words that sound the same."""
        return [same for same in self.by_sound.get(sound(word), ()) if same != word]

    def near(self, word: str, most_edits: int = 2) -> list[tuple[str, int]]:
        """Known words that an unknown `word` may be, each with its cost, cheapest first:
        SAME_SOUND, or ONE_EDIT for each letter added, lost, changed or swapped with the next."""
        costs = dict.fromkeys(self.sounding_like(word), SAME_SOUND)
        edits = min(allowed_edits(word), most_edits)
        if edits:
            for known, distance, _ in process.extract(
                word, self.words, scorer=OSA.distance, score_cutoff=edits, limit=None
            ):
                if distance <= allowed_edits(known):
                    costs.setdefault(known, ONE_EDIT * distance)
        return sorted(costs.items(), key=lambda found: (found[1], found[0]))
