"""Where the bundled files are, and which further folders a user has named."""

from __future__ import annotations

import os
from pathlib import Path

PRETRAINED = Path(__file__).resolve().parent.parent / "pretrained"
BUNDLED_MODELS = PRETRAINED / "models"
TRUNK = PRETRAINED / "trunk"
PROFILE = PRETRAINED / "profile.json"


def model_folders() -> list[Path]:
    """Folders that hold models: the bundled ones, then the one named by `RBIND_MODELS_DIR`.

    Returns
    -------
    list of Path
        Each holds one folder per model, with `card.json` and `weights.safetensors`.
    """
    named = os.environ.get("RBIND_MODELS_DIR")
    return [BUNDLED_MODELS, Path(named)] if named else [BUNDLED_MODELS]
