"""All experiments by name, as defined in the modules of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from rbind_core import experiments
from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Experiment


def _defined() -> Iterator[type[Experiment]]:
    for module in iter_modules(experiments.__path__, f"{experiments.__name__}."):
        if module.name != __name__:
            things = vars(import_module(module.name)).values()
            yield from (one for one in things if isinstance(one, type) and issubclass(one, Experiment) and one is not Experiment)


EXPERIMENTS: Mapping[str, type[Experiment]] = {
    kind.name: kind for kind in sorted(_defined(), key=lambda kind: (kind.place, kind.name))
}
ROBUSTNESS = "robustness"


def find_experiment(name: str) -> type[Experiment]:
    """Find an experiment, to be set up with `for_model`.

    Parameters
    ----------
    name : as in `EXPERIMENTS`, in any case.

    Raises
    ------
    ExperimentError
        If the name is unknown.
    """
    kind = EXPERIMENTS.get(name.strip().lower())
    if kind is None:
        raise ExperimentError(f"{name[:40]!r} is not an experiment; use {', '.join(EXPERIMENTS)}")
    return kind
