"""Headers that a shared server adds to its answers; there are none on one's own computer.

A cookie identifies a browser by a random token, which no script of a page can read. The other headers keep other sites
from showing this one in a frame and from learning the addresses of its pages.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Header = tuple[bytes, bytes]

SHARED = "RBIND_SHARED"  # set by the launcher; a server started in another way may be open to everybody
COOKIE = "rbind_browser"
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'self'; object-src 'none'; base-uri 'self'"),
)
_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie; renewed at each visit


def is_shared() -> bool:
    """Whether this server is shared, which it is unless the launcher says otherwise."""
    return os.environ.get(SHARED) != "0"


def is_token(text: str) -> bool:
    """Tell whether a cookie's value is one of ours, and so may name a folder."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


class SharedServer:
    """ASGI middleware: on a shared server every answer has `HEADERS`, and opening a page gives a browser its token.

    Headers set by the application stay, and so does a browser's token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_added(scope, message["headers"])]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" and is_shared() else send)


def _added(scope: Scope, there: Iterable[Header]) -> Iterator[Header]:
    names = {name.lower() for name, _ in there}
    yield from (header for header in HEADERS if header[0] not in names)
    if _opens_a_page(scope):
        yield b"set-cookie", _cookie(scope).encode()


def _opens_a_page(scope: Scope) -> bool:
    """Whether a request opens a page; the answer does not tell, since it may be that the browser's copy is current."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _cookie(scope: Scope) -> str:
    token = _token_in(scope)
    attributes = f"Max-Age={_SECONDS}; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if scope.get("scheme") == "https" else "")
    return f"{COOKIE}={token if is_token(token) else secrets.token_hex(16)}; {attributes}"


def _token_in(scope: Scope) -> str:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue
    return cookies[COOKIE].value if COOKIE in cookies else ""
