"""Commands and Python of the models page, to have its numbers again without it."""

from __future__ import annotations

from rbind_core.system.quoting import in_shell


def benchmark_command(expression: str) -> str:
    """The command that prints a result of the benchmark. For a shell, in the project's folder."""
    modules = "rbind_core.quality.published_methods", "rbind_core.quality.score_histogram", "rbind_core.model.registry"
    imports = "; ".join(f"from {module} import *" for module in modules)
    return in_shell(".venv/bin/python", "-c", f"{imports}; print({expression})")


def benchmark_python(function: str, arguments: str = "") -> str:
    """The Python that prints a result of the benchmark.

    Parameters
    ----------
    function : of `rbind_core.quality.published_methods`.
    arguments : after the models, with the comma before them.
    """
    return f"""from rbind_core.quality.published_methods import {function}
from rbind_core.model.registry import list_models

print({function}(list_models(){arguments}))
"""
