"""The user's own models: naming, renaming, exporting and deleting, without a listed model ever being broken."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterable

from rbind_core.data.imported import imported_experiments
from rbind_core.errors import ModelError
from rbind_core.model.card import MODEL_NAME, is_model_name
from rbind_core.model.registry import CARD, WEIGHTS, Model, write_card
from rbind_core.model.weights import read_weights
from rbind_core.system.paths import BUNDLED_MODELS

_DENSITY = "density.json"
_README = """{label}: a model of RNA-protein binding, exported from RBind.

card.json             what it was trained on, how well it predicts held-out probes, its best 6-mers
weights.safetensors   the weights of its network (ResidualBind)
density.json          measured against predicted scores of the held-out probes, as counts in a grid (where it is there)

To use it in RBind, put the folder {folder} into your folder of models. That is the one which the environment
variable RBIND_MODELS_DIR names; without it, the folder rbind/models among your user data. Or start RBind with

    RBIND_MODELS_DIR=/path/to/the/folder/that/holds/{folder} ./rbind app

The model is then listed beside the others. From Python:

    from rbind_core.model.registry import find_model, load_predictor
    predictor = load_predictor(find_model("{name}"))
"""


def check_name(name: str) -> str:
    """Refuse names that cannot name a folder.

    Raises
    ------
    ModelError
        If there are other characters than letters, digits, '-', '_' and '.'.
    """
    if not is_model_name(name):
        raise ModelError(f"{name[:60]!r} cannot be a model's name; use {MODEL_NAME}")
    return name


def check_new_name(name: str, models: Iterable[Model], reserved: Iterable[str] = ()) -> str:
    """Refuse names that cannot name a folder, and ids and proteins of existing models, in any case.

    Parameters
    ----------
    models : all that the user sees.
    reserved : further names in use, such as those of unfinished runs.

    Raises
    ------
    ModelError
        If the name is not allowed or taken.
    """
    check_name(name)
    for model in models:
        if name.upper() in (model.experiment.upper(), model.protein.upper(), model.folder.name.upper()):
            raise ModelError(f"{name} is taken by the model {model.label}; choose another name")
    if name.upper() in {other.upper() for other in reserved}:
        raise ModelError(f"{name} is taken by a training run that is not finished; choose another name")
    return name


def rename_model(model: Model, name: str, models: Iterable[Model], reserved: Iterable[str] = ()) -> None:
    """Rename a model. Its card, which lists it, changes atomically; the name of its folder follows.

    Parameters
    ----------
    model : the user's own.
    name : the new one, which also replaces the protein's name where both were the same.
    models : all that the user sees.
    reserved : further names in use.

    Raises
    ------
    ModelError
        If the model is bundled or broken, the name is not allowed or taken, or the card cannot be written.
    """
    _refuse_bundled(model)
    if model.problem:
        raise ModelError(f"{model.label} cannot be renamed: {model.problem}")
    others = [other for other in models if other.folder != model.folder]
    check_new_name(name, others, reserved)
    try:
        card = json.loads((model.folder / CARD).read_text())
        if model.measured_in in imported_experiments():  # where its measured probes are found
            card["training"]["experiment"] = model.measured_in
        if card["protein"] == card["experiment"]:
            card["protein"] = name
        card["experiment"] = name
        write_card(model.folder, card)
        if model.folder.name != name and not model.folder.with_name(name).exists():
            model.folder.rename(model.folder.with_name(name))
    except OSError as error:
        raise ModelError(f"{model.label} cannot be renamed ({error.strerror or error})") from None


def export_model(model: Model) -> bytes:
    """Pack a model's folder into a zip file, with instructions.

    Parameters
    ----------
    model : a usable one.

    Raises
    ------
    ModelError
        If the model is broken or its weights are damaged.
    """
    if model.problem:
        raise ModelError(f"{model.label} cannot be exported: {model.problem}")
    read_weights(model.folder / WEIGHTS, model.weights_sha256)
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for name in (CARD, WEIGHTS, _DENSITY):
                if name != _DENSITY or (model.folder / name).exists():
                    file.write(model.folder / name, f"{model.experiment}/{name}")
            text = _README.format(label=model.label, folder=model.experiment, name=model.experiment)
            file.writestr(f"{model.experiment}/README.txt", text)
    except OSError as error:
        raise ModelError(f"{model.label} cannot be exported ({error.strerror or error})") from None
    return packed.getvalue()


def delete_model(model: Model) -> None:
    """Delete a model. Its card goes first, so that it is no longer listed whatever happens next.

    Parameters
    ----------
    model : the user's own, which may be broken.

    Raises
    ------
    ModelError
        If the model is bundled or cannot be deleted.
    """
    _refuse_bundled(model)
    try:
        (model.folder / CARD).unlink(missing_ok=True)
        shutil.rmtree(model.folder)
    except OSError as error:
        raise ModelError(f"{model.label} cannot be deleted ({error.strerror or error})") from None


def _refuse_bundled(model: Model) -> None:
    if model.folder.parent.resolve() == BUNDLED_MODELS.resolve():
        raise ModelError(f"{model.label} is bundled with RBind, so it can neither be renamed nor deleted")
