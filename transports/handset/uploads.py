"""What files are called here that the platform uploads. They are shown as what they are; nothing of
them is kept."""

import re
import secrets

from delivery.content import Attachment

_NAME = re.compile("handset-upload-(photo|voice|video|document)-[0-9a-f]{16}")


def upload_name(kind: str) -> str:
    """A name that no other file has."""
    return f"handset-upload-{kind}-{secrets.token_hex(8)}"


def uploaded_kind(attachment: Attachment) -> str | None:
    """What a file is that the platform uploaded; None for any other."""
    found = _NAME.fullmatch(attachment.file)
    return found[1] if found and found[1] == attachment.kind else None
