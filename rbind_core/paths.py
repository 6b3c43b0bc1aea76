"""Where the bundled files are, and which further folders a user has named."""

from __future__ import annotations

import os
from pathlib import Path

PRETRAINED = Path(__file__).resolve().parent.parent / "pretrained"
BUNDLED_MODELS = PRETRAINED / "models"
TRUNK = PRETRAINED / "trunk"
PROFILE = PRETRAINED / "profile.json"
ATLAS = "atlas.parquet"


def own_models_folder() -> Path:
    """Folder of the user's own models: `RBIND_MODELS_DIR`, or a folder among the user's data.

    Returns
    -------
    Path
        The folder; it may not exist yet.
    """
    import platformdirs

    return Path(os.environ.get("RBIND_MODELS_DIR") or Path(platformdirs.user_data_dir("rbind")) / "models")


def imported_folder() -> Path:
    """Folder of the experiments that the user has imported: `RBIND_IMPORT_DIR`, or a folder among the user's data.

    Returns
    -------
    Path
        The folder; it may not exist yet.
    """
    import platformdirs

    return Path(os.environ.get("RBIND_IMPORT_DIR") or Path(platformdirs.user_data_dir("rbind")) / "imported")


def model_folders() -> list[Path]:
    """Folders that hold models: the bundled ones, then the user's own.

    Returns
    -------
    list of Path
        Each holds one folder per model, with `card.json` and `weights.safetensors`.
    """
    return [BUNDLED_MODELS, own_models_folder()]


def atlas_files() -> list[Path]:
    """Files of the atlas: the bundled one, then that of the user's own models.

    Returns
    -------
    list of Path
        Either may not exist.
    """
    return [PRETRAINED / ATLAS, own_models_folder() / ATLAS]
