"""What the middleware of a shared server has in common: headers added to answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Header = tuple[bytes, bytes]


class AddedHeaders:
    """ASGI middleware: every answer to an HTTP request gets the headers of `added`.

    Parameters
    ----------
    app : what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def added(self, scope: Scope, there: Iterable[Header]) -> Iterable[Header]:
        """Headers to be added.

        Parameters
        ----------
        scope : of the request.
        there : headers that the application has set.

        Returns
        -------
        Iterable of (bytes, bytes)
            Name and value.
        """
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self.added(scope, message["headers"])]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
