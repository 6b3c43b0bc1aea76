"""Folders of the bundled files and of the user's data."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel has the files inside the package, the source tree beside it.
PRETRAINED = _PACKAGE / "pretrained" if (_PACKAGE / "pretrained").is_dir() else _PACKAGE.parent / "pretrained"
BUNDLED_MODELS = PRETRAINED / "models"
TRUNK = PRETRAINED / "trunk"
PANELS = PRETRAINED / "panels"
PROFILE = PRETRAINED / "profile.json"
ATLAS = "atlas.parquet"


def is_part_of_installed_package(path: Path) -> bool:
    """Tell whether a file is in an installed package, whose next version replaces it.

    Returns
    -------
    bool
        False in the source tree, where the bundled models are made.
    """
    return PRETRAINED.parent == _PACKAGE and path.is_relative_to(PRETRAINED)


def _among_user_data(variable: str, name: str) -> Path:
    """The folder named by a variable, or one among the user's data."""
    import platformdirs

    return Path(os.environ.get(variable) or Path(platformdirs.user_data_dir("rbind")) / name)


def own_models_folder() -> Path:
    """Folder of the user's own models: `RBIND_MODELS_DIR`, or a folder among the user's data; it may not exist yet."""
    return _among_user_data("RBIND_MODELS_DIR", "models")


def own_runs_folder() -> Path:
    """Folder of the user's training runs: `RBIND_RUNS_DIR`, or a folder among the user's data; it may not exist yet."""
    return _among_user_data("RBIND_RUNS_DIR", "runs")


def browsers_folder() -> Path:
    """Folder of one folder per browser on a shared server: `RBIND_BROWSERS_DIR`, or among the user's data; it may not exist yet."""
    return _among_user_data("RBIND_BROWSERS_DIR", "browsers")


def imported_folder() -> Path:
    """Folder of the user's imports: `RBIND_IMPORT_DIR`, or a folder among the user's data; it may not exist yet."""
    return _among_user_data("RBIND_IMPORT_DIR", "imported")


def model_folders() -> list[Path]:
    """Folders that hold models: the bundled ones, then the user's own.

    Returns
    -------
    list of Path
        Each has one folder per model, with `card.json` and `weights.safetensors`.
    """
    return [BUNDLED_MODELS, own_models_folder()]


def atlas_file(models: Path) -> Path:
    """File of the atlas of a folder of models.

    Parameters
    ----------
    models : with one folder per model.

    Returns
    -------
    Path
        In that folder, or beside it for the bundled models; it may not exist.
    """
    return (PRETRAINED if models == BUNDLED_MODELS else models) / ATLAS
