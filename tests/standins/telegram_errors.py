"""How the Bot API refuses, as errors of the stand-in and as faults that a test scripts.

The descriptions are those of github.com/tdlib/telegram-bot-api where they are known. Code that
reads them should rely on the ones below that have a function of their own, and on no other.
"""

from collections.abc import Mapping

from tests.standins.faults import Fault


class ApiError(Exception):
    """The Bot API would answer this call with an error."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description

    @property
    def body(self) -> dict[str, object]:
        """The error as JSON."""
        return error_body(self.code, self.description)


def bad_request(description: str) -> ApiError:
    """An error 400."""
    return ApiError(400, f"Bad Request: {description}")


def error_body(
    code: int, description: str, parameters: Mapping[str, object] | None = None
) -> dict[str, object]:
    """What every refused call is answered with."""
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = dict(parameters)
    return body


def refusal(code: int, description: str) -> Fault:
    """Any error: its HTTP status is the code."""
    return Fault.answer(code, error_body(code, description))


def too_many_requests(retry_after: int) -> Fault:
    """The flood limit; `retry_after` in seconds, and the whole bot is blocked for as long."""
    description = f"Too Many Requests: retry after {retry_after}"
    return Fault.answer(
        429,
        error_body(429, description, {"retry_after": retry_after}),
        {"Retry-After": str(retry_after)},
    )


def blocked() -> Fault:
    """The person blocked the bot."""
    return refusal(403, "Forbidden: bot was blocked by the user")


def deactivated() -> Fault:
    """The person's account is gone."""
    return refusal(403, "Forbidden: user is deactivated")


def chat_not_found() -> Fault:
    """The person never wrote to the bot, or the chat does not exist."""
    return refusal(400, "Bad Request: chat not found")


def migrated(chat_id: int) -> Fault:
    """The group became a supergroup with another id."""
    return Fault.answer(
        400,
        error_body(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat_id},
        ),
    )


def server_error() -> Fault:
    """The Bot API itself fails."""
    return refusal(500, "Internal Server Error")


def bad_gateway() -> Fault:
    """What stands before the Bot API fails, and answers with a page instead of JSON."""
    return Fault.answer(502, "<html><head><title>502 Bad Gateway</title></head></html>")
