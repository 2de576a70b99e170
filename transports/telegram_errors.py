"""What the refusals of the Bot API mean. Descriptions: github.com/tdlib/telegram-bot-api."""

from delivery.model import Failure, SendError
from transports.refusal import Refusal, by_status

NOT_MODIFIED = "not_modified"
"""The code of an edit that would change nothing."""

NOT_EDITABLE = "not_editable"
"""The code of an edit whose message is gone or too old."""

MEANINGS: tuple[tuple[int, str, Failure, str], ...] = (
    # status, words in the description, what they mean, our code
    (403, "blocked by the user", Failure.CONTACT_STOPPED, "blocked"),
    (403, "bot was kicked", Failure.CONTACT_STOPPED, "kicked"),
    (403, "user is deactivated", Failure.ADDRESS_DEAD, "deactivated"),
    (403, "group chat was deleted", Failure.ADDRESS_DEAD, "group_deleted"),
    (403, "can't initiate conversation", Failure.ADDRESS_DEAD, "never_started"),
    (403, "can't send messages to bots", Failure.ADDRESS_DEAD, "is_a_bot"),
    # A 403 without Telegram's word is some proxy's, and says nothing about the person.
    (403, "forbidden", Failure.CONTENT_REFUSED, "forbidden"),
    (400, "chat not found", Failure.ADDRESS_DEAD, "chat_not_found"),
    (400, "user not found", Failure.ADDRESS_DEAD, "user_not_found"),
    (400, "peer_id_invalid", Failure.ADDRESS_DEAD, "chat_not_found"),
    (400, "upgraded to a supergroup", Failure.ADDRESS_DEAD, "migrated"),
    (400, "message is not modified", Failure.CONTENT_REFUSED, NOT_MODIFIED),
    (400, "message can't be edited", Failure.CONTENT_REFUSED, NOT_EDITABLE),
    (400, "message to edit not found", Failure.CONTENT_REFUSED, NOT_EDITABLE),
    (400, "message_id_invalid", Failure.CONTENT_REFUSED, NOT_EDITABLE),
    (400, "message is too long", Failure.CONTENT_REFUSED, "too_long"),
)


def judge(refusal: Refusal) -> SendError:
    """The error of a refused call. The code is ours: a description may name a chat."""
    for status, words, failure, code in MEANINGS:
        if refusal.status == status and words in refusal.said:
            return refusal.means(failure, code)
    return refusal.means(by_status(refusal.status), str(refusal.status))
