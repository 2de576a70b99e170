"""An endpoint as it may stand on a page: enough to tell two apart, too little to write to."""

from kit.channels import Endpoint

HIDDEN = "••••"
LAST = 2
SHORTEST = 6
"""Of anything shorter even two signs would tell too much."""


def masked(endpoint: Endpoint) -> str:
    """The last two signs of a number or a chat: `•••• 23`."""
    value = endpoint.value
    return f"{HIDDEN} {value[-LAST:]}" if len(value) >= SHORTEST else HIDDEN
