"""What the description of the API (OpenAPI) says beside the shapes of the answers."""

from collections.abc import Mapping
from typing import Any

from console.api.desk import IDEMPOTENCY_KEY, LONGEST_KEY
from console.api.problems import MEDIA_TYPE

Description = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

WHY: Mapping[int, str] = {
    400: "The body cannot be read.",
    401: "No token, or one that opens nothing.",
    403: "The token is not for this, or the role of its member does not allow it.",
    404: "There is no such thing.",
    409: "The rules do not allow it now, or the same request is still at work.",
    412: "It is not what was read any more (`If-Match`).",
    413: "The body is too large.",
    415: "The body is of a type that is not taken.",
    422: "Something in it is wrong; of a file, each fault with line and column.",
    503: "The database does not answer; try again.",
}

_FAULT = {
    "type": "object",
    "required": ["line", "column", "message"],
    "properties": {
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "message": {"type": "string"},
    },
}
PROBLEM: Description = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:tequio:[a-z_]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FAULT},
        "position": {"type": "integer", "description": "The sign of an audience, from 1."},
    },
}

EVERYWHERE = (401, 403, 422, 503)
WITH_BODY = (400, 409, 413, 415)
TO_ONE = (404, 409, 413)


def problems(*statuses: int) -> Responses:
    """What may go wrong, besides what may everywhere."""
    schema = {"content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    return {
        status: {"description": WHY[status], **schema}
        for status in sorted({*EVERYWHERE, *statuses})
    }


_LABELLED = {"label": {"type": "string", "minLength": 1, "maxLength": 64}}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
CAMPAIGN: Description = {
    "title": "CampaignDocument",
    "description": "The same document as the campaign file: see docs/commands.md.",
    "type": "object",
    "required": ["title", "topic", "audience", "content"],
    "additionalProperties": False,
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 120},
        "topic": {"enum": ["programs", "fraud", "emergency"]},
        "class": {"enum": ["normal", "emergency"]},
        "audience": {"type": "string", "maxLength": 4000, "examples": ["topic:fraud"]},
        "channels": {"type": "array", "minItems": 1, "items": {"enum": ["telegram", "sms"]}},
        "content": {
            "type": "object",
            "required": ["es"],
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sms": {"type": "string"},
                    "buttons": {
                        "type": "array",
                        "maxItems": 8,
                        "items": {
                            "type": "object",
                            "required": ["label"],
                            "properties": {
                                **_LABELLED,
                                "url": {"type": "string", "format": "uri"},
                                "reply": {"type": "string"},
                                "helped": {"const": True},
                            },
                        },
                    },
                    "poll": {
                        "type": "object",
                        "required": ["question", "answers"],
                        "properties": {
                            "question": {"type": "string", "maxLength": 300},
                            "answers": {
                                "type": "array",
                                "minItems": 2,
                                "maxItems": 4,
                                "items": {"type": "string"},
                            },
                        },
                    },
                },
            },
        },
        "schedule": {
            "anyOf": [
                {"const": "now"},
                {
                    "type": "object",
                    "properties": {
                        "at": {"type": "string"},
                        "timezone": {"type": "string"},
                        "cron": {"type": "string"},
                        "every": {"type": "string"},
                        "after": {"const": "joined"},
                        "days": {"type": "integer", "minimum": 0},
                        "start": {"type": "string", "format": "date"},
                        "end": {"type": "string", "format": "date"},
                        "skip": {"type": "array", "items": {"type": "string", "format": "date"}},
                    },
                },
            ]
        },
        "stale_after": {"type": "string", "examples": ["6h"]},
        "reason": {"type": "string", "maxLength": 400},
        "cohort": {"anyOf": [{"type": "string", "examples": ["1%"]}, {"type": "object"}]},
        "keyword": {"type": "string", "maxLength": 20},
        "warning": {
            "type": "object",
            "properties": {
                "event": {"anyOf": [{"type": "string"}, _TEXTS]},
                "area": {"anyOf": [{"type": "string"}, _TEXTS]},
                "expires": {"type": "string", "examples": ["48h"]},
            },
        },
    },
}


def body_of(*types: str, schema: Description, key: bool = True) -> Description:
    """A body that must be there; with `key` as of a POST, which may be made again."""
    content = {kind: {"schema": schema} for kind in types}
    body = {"requestBody": {"required": True, "content": content}}
    return body | KEYED if key else body


def an_object(**properties: Description) -> Description:
    """An object of exactly these fields."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


_KEY = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "Made again with the same key within a day, the same request is answered and not"
    " done again.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": 'The `content_hash` that was read, in double quotes: "…".',
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
}
KEYED: Description = {"parameters": [_KEY]}
SEEN: Description = {"parameters": [_IF_MATCH]}
KEYED_SEEN: Description = {"parameters": [_KEY, _IF_MATCH]}
