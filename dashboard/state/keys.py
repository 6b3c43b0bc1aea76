"""How a widget keeps its value in the link and in the session."""

from __future__ import annotations

from typing import Final, Literal, TypedDict


class InLink(TypedDict):
    """Keyword arguments of a widget whose value stands in the link, and stays when another page is looked at."""

    bind: Literal["query-params"]
    persist_state: Literal["session"]


IN_LINK: Final[InLink] = {"bind": "query-params", "persist_state": "session"}


def setting_key(experiment: str, setting: str) -> str:
    """Key of the control of an experiment's setting, and its name in the link."""
    return f"{experiment}_{setting}".replace("-", "_")
