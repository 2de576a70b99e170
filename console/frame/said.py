"""The one sentence with which the next page begins: "Guardado."

It travels in a cookie that lives for a minute, as text: the page escapes it like everything else.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request, Response

COOKIE = "said"
SECONDS = 60
LONGEST = 400


def say(answer: Response, request: Request, sentence: str) -> None:
    """Let the next page say it."""
    packed = urlsafe_b64encode(sentence[:LONGEST].encode()).decode()
    answer.set_cookie(
        COOKIE,
        packed,
        max_age=SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def heard(request: Request) -> str:
    """The sentence for this page, or "" when there is none that can be read."""
    packed = request.cookies.get(COOKIE, "")
    try:
        return urlsafe_b64decode(packed[: LONGEST * 6].encode()).decode()[:LONGEST]
    except ValueError:
        return ""


def clear(answer: Response, request: Request) -> None:
    """It was said. A part of a page says nothing, and leaves it to the whole one."""
    if COOKIE in request.cookies and "hx-request" not in request.headers:
        answer.delete_cookie(COOKIE)
