"""Commands and Python for the numbers of the Models page."""

from __future__ import annotations

from rbind_core.system.quoting import in_shell


def benchmark_command(expression: str) -> str:
    """Command that prints a result of the benchmark, for a shell in the project's folder."""
    modules = "rbind_core.quality.published_methods", "rbind_core.quality.score_histogram", "rbind_core.model.registry"
    imports = "; ".join(f"from {module} import *" for module in modules)
    return in_shell(".venv/bin/python", "-c", f"{imports}; print({expression})")


def benchmark_python(function: str, arguments: str = "") -> str:
    """Python that prints a result of the benchmark.

    Parameters
    ----------
    function : of `rbind_core.quality.published_methods`.
    arguments : after the models, with a leading comma.
    """
    return f"""from rbind_core.quality.published_methods import {function}
from rbind_core.model.registry import list_models

print({function}(list_models(){arguments}))
"""
