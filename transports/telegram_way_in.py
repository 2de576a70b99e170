"""Whether what people write to the bot comes in: what still waits for us at Telegram."""

from datetime import timedelta

from delivery.model import Failure, SendError

FORGETS_AFTER = 60.0
"""What was seen so many seconds ago says nothing of what waits now."""


class WayIn:
    """How long updates have been waiting, by what Telegram says of their number when it is asked.

    A queue that gets shorter is being read, so only one that does not is counted as waiting.
    """

    def __init__(self) -> None:
        self._waiting = 0
        self._since = self._seen = 0.0

    def seen(self, info: object, now: float) -> timedelta:
        """The lag after a look: `info` is the answer to getWebhookInfo, `now` seconds of a clock
        that nobody moves. Raises `SendError` for an answer that nobody can read."""
        waiting = info.get("pending_update_count") if isinstance(info, dict) else None
        if not isinstance(waiting, int) or isinstance(waiting, bool):
            raise SendError(Failure.TRY_LATER, "unreadable")
        first = self._waiting == 0 or now - self._seen > FORGETS_AFTER
        if first or waiting < self._waiting or waiting == 0:
            self._since = now
        self._waiting, self._seen = waiting, now
        return timedelta(seconds=now - self._since)
