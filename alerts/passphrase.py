"""Words by which a reporter knows that it is really the institute who writes."""

from collections.abc import Callable

# Seven signs at most, or B6 becomes two SMS; without accents, which GSM-7 lacks in capitals.
WORDS = (
    "NARANJA", "MANGO", "CANELA", "COMAL", "TORTUGA", "VENADO", "MAGUEY", "CEIBA", "PITAYA",
    "GUAYABA", "TAMBOR", "CAMPANA", "REBOZO", "PETATE", "NOPAL", "QUETZAL", "GARZA", "LUCERO",
    "MONTE", "MILPA", "MOLINO", "CANASTA", "BANDERA", "PALMERA", "CARACOL", "PALOMA", "CACAO",
    "GIRASOL", "TRENZA", "FAROL", "PERICO", "IGUANA", "CEDRO", "ROBLE", "NIEVE", "LLUVIA",
)  # fmt: skip


def new_word(pick: Callable[[int], int]) -> str:
    """A word for one case; `pick(n)` gives a number below n."""
    return WORDS[pick(len(WORDS))]
