"""A visitor without a browser, who opens pages over the websocket of Streamlit's front end.

Streamlit documents neither that address nor its messages. Tried with Streamlit 1.65 and 1.67.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 120.0  # seconds to wait for each message


def messages(port: int, page: str = "", query: str = "") -> Iterator[ForwardMsg]:
    """Open a page of a dashboard on this computer in a new session.

    Parameters
    ----------
    port : of the dashboard.
    page : its path, '' for the first page.
    query : of the address, without the question mark.

    Yields
    ------
    ForwardMsg
        As sent to a browser, until the page's script has run.
    """
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    ask = BackMsg()
    ask.rerun_script.page_name, ask.rerun_script.query_string = page, query
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, compression=None) as connection:
        connection.send(ask.SerializeToString())
        while True:
            message = ForwardMsg.FromString(connection.recv(timeout=PATIENCE))
            if message.WhichOneof("type") == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return
            yield message


def is_error(message: ForwardMsg) -> bool:
    """Whether a message says that there is no such page or that its script failed."""
    kind = message.WhichOneof("type")
    return kind == "page_not_found" or (kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception")
