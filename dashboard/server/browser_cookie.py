"""A cookie that tells browsers apart on a shared server. It holds a random token, which no script of a page can read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from dashboard.server.added_headers import AddedHeaders

if TYPE_CHECKING:
    from starlette.types import Scope

    from dashboard.server.added_headers import Header

NAME = "rbind_browser"
_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one; it begins anew with each visit


def is_token(text: str) -> bool:
    """Tell whether a cookie's value is one of ours, and so may name a folder."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


class BrowserCookie(AddedHeaders):
    """ASGI middleware: every page that is opened gives the browser its token, the one it has or a new one."""

    def added(self, scope: Scope, there: Iterable[Header]) -> Iterable[Header]:
        """The cookie, where a page is opened."""
        return [(b"set-cookie", _cookie(scope).encode())] if _opens_a_page(scope) else []


def _opens_a_page(scope: Scope) -> bool:
    """Told by what is asked for, since the answer may be that the page is the one the browser still has."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _cookie(scope: Scope) -> str:
    token = _token_in(scope)
    attributes = f"Max-Age={_SECONDS}; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if scope.get("scheme") == "https" else "")
    return f"{NAME}={token if is_token(token) else secrets.token_hex(16)}; {attributes}"


def _token_in(scope: Scope) -> str:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue
    return cookies[NAME].value if NAME in cookies else ""
