"""What every front end makes of an arrival."""

from dataclasses import dataclass, field

from bot.flows.model import Input
from kit.channels import Endpoint


@dataclass(frozen=True, slots=True)
class Heard:
    """Who said what. `left` means that the person blocked the bot: a no without words.

    `wrote_to` is the number of ours that they texted, as the provider writes it.
    """

    sender: Endpoint
    given: Input
    language: str = "es"
    callback_id: str = field(default="", repr=False)
    left: bool = False
    wrote_to: str = field(default="", repr=False)


class Unanswerable(Exception):
    """Somebody said something, and no answer can reach them: a person has to see the arrival."""
