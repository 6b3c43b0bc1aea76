"""Headers for answers of a shared server: other sites cannot show it in a frame, nor learn addresses of its pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dashboard.server.added_headers import AddedHeaders

if TYPE_CHECKING:
    from starlette.types import Scope

    from dashboard.server.added_headers import Header

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'self'; object-src 'none'; base-uri 'self'"),
)


class SecureHeaders(AddedHeaders):
    """ASGI middleware: every answer has these headers, unless the application has set its own."""

    def added(self, scope: Scope, there: Iterable[Header]) -> Iterable[Header]:
        """Those that are not there."""
        names = {name.lower() for name, _ in there}
        return [header for header in HEADERS if header[0] not in names]
