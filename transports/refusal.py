"""What a provider says when it will not take a message, before anybody judges it."""

from datetime import timedelta

from delivery.model import Failure, SendError

DEFAULT_WAIT = timedelta(seconds=1)
"""How long a throttled sender waits when the provider did not say."""

_BY_STATUS = {
    401: Failure.SENDER_BROKEN,
    403: Failure.SENDER_BROKEN,
    404: Failure.SENDER_BROKEN,
    408: Failure.TRY_LATER,
    409: Failure.TRY_LATER,
    429: Failure.SENDER_THROTTLED,
    # A gateway gave up waiting for the provider, which may have taken the message all the same.
    504: Failure.UNKNOWN_OUTCOME,
}


class Refusal(Exception):
    """An answer other than success.

    `said` is the provider's description or code, in small letters. It may name a recipient, so
    `str()` gives the HTTP status alone.
    """

    def __init__(self, status: int, said: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(str(status))
        self.status = status
        self.said = said.lower()
        self.retry_after = retry_after

    def means(self, failure: Failure, code: str) -> SendError:
        """The error that tells it to the senders; a throttling always says how long to wait."""
        if failure is Failure.SENDER_THROTTLED:
            return SendError(failure, code, self.retry_after or DEFAULT_WAIT)
        return SendError(failure, code, self.retry_after)


def by_status(status: int) -> Failure:
    """What an HTTP status means when nothing better is known."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return Failure.TRY_LATER
    if status >= 400:
        return Failure.CONTENT_REFUSED
    # A redirection: this is not the provider. A success never comes here.
    return Failure.SENDER_BROKEN
