"""Whether what people write to the bot comes in: what still waits for us at Telegram."""

from datetime import timedelta

from delivery.model import Failure, SendError


class WayIn:
    """How long updates have been waiting, by what Telegram says of their number when it is asked.

    A queue that gets shorter is being read, so only one that does not is counted as waiting.
    """

    def __init__(self) -> None:
        self._waiting = 0
        self._since = 0.0

    def seen(self, info: object, now: float) -> timedelta:
        """The lag after a look: `info` is the answer to getWebhookInfo, `now` seconds of a clock
        that nobody moves. Raises `SendError` for an answer that nobody can read."""
        waiting = info.get("pending_update_count") if isinstance(info, dict) else None
        if not isinstance(waiting, int) or isinstance(waiting, bool):
            raise SendError(Failure.TRY_LATER, "unreadable")
        if waiting == 0 or waiting < self._waiting or self._waiting == 0:
            self._since = now
        self._waiting = waiting
        return timedelta(seconds=now - self._since)
