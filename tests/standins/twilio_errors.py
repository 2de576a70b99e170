"""How Twilio refuses, as errors of the stand-in and as faults that a test scripts.

Codes and sentences: www.twilio.com/docs/api/errors.
"""

from tests.standins.faults import Fault

SENTENCES = {
    20001: "Unknown parameters",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21201: "No 'To' number is specified",
    21205: "Url is not a valid URL",
    21211: "The 'To' number is not a valid phone number.",
    21212: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID.",
    21215: "Geo Permission configuration is not permitting call",
    21220: "Call is not in-progress. Cannot redirect.",
    21266: "'To' and 'From' number cannot be the same",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' number is not a valid, message-capable Twilio phone number.",
    21609: "The 'StatusCallback' URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21623: "Number of media files exceeds allowed limit",
    21701: "The Messaging Service does not exist",
    21910: "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel",
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30034: "Message from an Unregistered Number",
    30410: "Provider Timeout Error",
    30450: "Message delivery blocked",
    30453: "Message couldn't be delivered",
}
_STATUS = {20003: 401, 20404: 404, 20429: 429, 20500: 500}


class RestError(Exception):
    """Twilio would answer this call with an error."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return _STATUS.get(self.code, 400)

    @property
    def body(self) -> dict[str, object]:
        """The error as JSON."""
        return {
            "code": self.code,
            "message": SENTENCES.get(self.code, "Error"),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def refused(code: int) -> Fault:
    """The call is answered with this code at once (21610, 21614, 21611, 30001 …)."""
    error = RestError(code)
    return Fault.answer(error.status, error.body)


def unsubscribed() -> Fault:
    """The person has texted STOP to this sender."""
    return refused(21610)


def not_mobile() -> Fault:
    """A landline."""
    return refused(21614)


def too_many_requests(retry_after: int | None = None) -> Fault:
    """Too many calls at once. Twilio names no time to wait, unless `retry_after` seconds say so."""
    if retry_after is None:
        return refused(20429)
    error = RestError(20429)
    return Fault.answer(error.status, error.body, {"Retry-After": str(retry_after)})


def server_error() -> Fault:
    """Twilio itself fails."""
    return refused(20500)


def bad_gateway() -> Fault:
    """What stands before Twilio fails, and answers with a page instead of JSON."""
    return Fault.answer(502, "<html><body>502 Bad Gateway</body></html>")
