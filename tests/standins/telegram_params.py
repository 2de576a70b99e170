"""How a call of the Bot API is read: query, form, multipart or JSON, all to plain strings."""

import json
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from tests.standins.telegram_errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Params:
    """The fields of a call, as the Bot API sees them: objects are JSON texts."""

    fields: dict[str, str]
    uploads: dict[str, Upload]

    def text(self, name: str) -> str:
        """The value of a field, or nothing."""
        return self.fields.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, or the default if there is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return default


async def read_params(request: web.Request) -> Params:
    """All that came with a call; raises `ApiError` if it cannot be read."""
    fields = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        fields |= _from_json(await request.text())
    elif request.content_type == "multipart/form-data":
        # request.post() would keep files open until they are collected, which is a warning.
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            if part.filename is None:
                fields[part.name] = await part.text()
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                content = bytes(await part.read(decode=True))
                uploads[part.name] = Upload(part.filename, kind, content)
    else:
        form = await request.post()
        fields |= {name: value for name, value in form.items() if isinstance(value, str)}
    return Params(fields, uploads)


def _from_json(text: str) -> dict[str, str]:
    try:
        body: object = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return {
        str(name): value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in body.items()
        if value is not None
    }
