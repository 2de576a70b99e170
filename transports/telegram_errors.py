"""What the refusals of the Bot API mean. Descriptions: github.com/tdlib/telegram-bot-api."""

from delivery.model import Failure, SendError
from transports.refusal import Refusal, by_status

NOT_MODIFIED = "not_modified"
"""The code of an edit that would change nothing."""

NOT_EDITABLE = "not_editable"
"""The code of an edit whose message is gone or too old."""

NOT_DELETABLE = "not_deletable"
"""The code of a deletion whose message is gone or too old."""

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
    (400, "message to delete not found", Failure.CONTENT_REFUSED, NOT_DELETABLE),
    (400, "message can't be deleted", Failure.CONTENT_REFUSED, NOT_DELETABLE),
    (400, "message identifier is not specified", Failure.CONTENT_REFUSED, NOT_DELETABLE),
    (400, "message_delete_forbidden", Failure.CONTENT_REFUSED, NOT_DELETABLE),
    (400, "message is too long", Failure.CONTENT_REFUSED, "too_long"),
    (400, "message caption is too long", Failure.CONTENT_REFUSED, "caption_too_long"),
    # A file's name is one bot's own and may die; who sends again by it fails again.
    (400, "wrong file identifier", Failure.CONTENT_REFUSED, "no_file"),
    (400, "wrong remote file identifier", Failure.CONTENT_REFUSED, "no_file"),
    (400, "can't use file of type", Failure.CONTENT_REFUSED, "no_file"),
    (400, "voice_messages_forbidden", Failure.CONTENT_REFUSED, "voice_forbidden"),
)


def judge(refusal: Refusal) -> SendError:
    """The error of a refused call. The code is ours: a description may name a chat."""
    for status, words, failure, code in MEANINGS:
        if refusal.status == status and words in refusal.said:
            return refusal.means(failure, code)
    return refusal.means(by_status(refusal.status), str(refusal.status))
