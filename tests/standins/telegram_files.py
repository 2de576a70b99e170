"""The files that a stand-in of the Bot API holds, by file id."""

import itertools
from dataclasses import dataclass, field

from tests.standins.telegram_errors import ApiError, bad_request
from tests.standins.telegram_params import Params
from tests.standins.telegram_updates import PHOTO_FILE_ID, VOICE_FILE_ID

# The smallest things that begin as a JPEG and an Ogg file do.
_JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
_OGG = b"OggS\x00\x02" + bytes(22)

# As TDLib calls them in its refusals.
_TYPES = {
    "photo": "Photo",
    "voice": "VoiceNote",
    "video": "Video",
    "animation": "Animation",
    "video_note": "VideoNote",
    "audio": "Audio",
    "document": "Document",
    "sticker": "Sticker",
}

# core.telegram.org/bots/api#sending-files
MAX_PHOTO = 10 * 2**20
MAX_UPLOAD = 50 * 2**20

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file and the path under which it is fetched."""

    file_id: str
    name: str
    path: str
    content: bytes = field(repr=False)
    # Known of the files that every stand-in holds: a photo is never anything else.
    is_photo: bool | None = None

    def described(self) -> dict[str, object]:
        """What getFile tells."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id[-12:]}",
            "file_size": len(self.content),
            "file_path": self.path,
        }


class Files:
    """Every file that was sent or that a test put there."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)
        for file_id in (PHOTO_FILE_ID, f"{PHOTO_FILE_ID}-s"):
            self.add(_JPEG, "photo.jpg", file_id, is_photo=True)
        self.add(_OGG, "voice.oga", VOICE_FILE_ID, is_photo=False)

    def add(
        self,
        content: bytes,
        name: str,
        file_id: str | None = None,
        *,
        is_photo: bool | None = None,
    ) -> str:
        """Hold a file; gives its id."""
        number = next(self._numbers)
        file_id = file_id or f"BQACAgEAAxkBAAIstandin{number:06d}"
        path = f"files/{number}/{name}"
        self._files[file_id] = StoredFile(file_id, name, path, content, is_photo)
        return file_id

    def get(self, file_id: str) -> StoredFile:
        """A file by its id."""
        try:
            return self._files[file_id]
        except KeyError:
            raise bad_request("wrong file_id or the file is temporarily unavailable") from None

    def all(self) -> tuple[StoredFile, ...]:
        """Every file that it holds."""
        return tuple(self._files.values())

    def at(self, path: str) -> StoredFile | None:
        """A file by its path, as /file/ serves it."""
        return next((one for one in self._files.values() if one.path == path), None)

    def sent(self, params: Params, kind: str) -> StoredFile:
        """The file that a sendPhoto or the like means: uploaded, an id, or an address.

        What lies at an address is not fetched.
        """
        value = params.text(kind)
        upload = params.uploads.get(value.removeprefix("attach://") or kind)
        if upload is not None:
            _check_upload(kind, upload.content)
            return self.get(self.add(upload.content, upload.name))
        if value.startswith(("http://", "https://")):
            return self.get(self.add(b"", value.rsplit("/", 1)[-1] or kind))
        if value not in self._files:
            raise bad_request(
                "wrong file identifier/HTTP URL specified"
                if value
                else f"there is no {kind.replace('_', ' ')} in the request"
            )
        file = self._files[value]
        if file.is_photo is not None and file.is_photo != (kind == "photo"):
            held = "Photo" if file.is_photo else _TYPES["voice"]
            raise bad_request(f"can't use file of type {held} as {_TYPES[kind]}")
        return file

    def shown_as(self, params: Params, kind: str) -> str:
        """As what an upload comes back: a video without sound as an animation, a voice note that is
        no Opus as a document."""
        value = params.text(kind)
        upload = params.uploads.get(value.removeprefix("attach://") or kind)
        if upload is not None and kind == "video" and b"soun" not in upload.content:
            return "animation"
        if upload is not None and kind == "voice" and b"OpusHead" not in upload.content:
            return "document"
        return kind


def _check_upload(kind: str, content: bytes) -> None:
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(content) > MAX_PHOTO:
        raise bad_request("file is too big")
    if kind == "photo" and not content.startswith(_PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
