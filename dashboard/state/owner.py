"""Ownership of models and training runs, which are in the folders of their owner.

On one's own computer the owner is its user, and the command line sees the same folders. Where several people share a
server, each browser owns a folder, identified by a cookie; models of the server's user can be used by all.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.server.middleware import COOKIE, is_shared, is_token
from rbind_core.atlas.files import Atlas, load_atlas
from rbind_core.model.registry import Model, list_models
from rbind_core.system.paths import browsers_folder, model_folders, own_models_folder, own_runs_folder


@dataclass(frozen=True)
class Owner:
    """Folders of one owner's models and training runs; either may not exist yet."""

    models: Path
    runs: Path


def current() -> Owner:
    """The owner of this session."""
    if not is_shared():
        return Owner(own_models_folder(), own_runs_folder())
    folder = browsers_folder() / _browser()
    return Owner(folder / "models", folder / "runs")


def _browser() -> str:
    """The token of this browser; one for this session only if it keeps no cookies."""
    token = st.context.cookies.get(COOKIE, "")
    return token if is_token(token) else st.session_state.setdefault("_browser", secrets.token_hex(16))


def models() -> list[Model]:
    """List the models that the owner may use."""
    return list_models(_folders())


def atlas() -> Atlas:
    """Read the atlas of the models that the owner may use."""
    return load_atlas(_folders())


def is_own(model: Model) -> bool:
    """Tell whether a model belongs to the owner, who may rename, export and delete it; others are read-only."""
    return model.folder.parent == current().models


def _folders() -> list[Path]:
    return list(dict.fromkeys([*model_folders(), current().models]))
