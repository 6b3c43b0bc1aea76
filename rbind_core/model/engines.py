"""Whether OpenVINO can be used here. Without it predictions run on NumPy: the same numbers, several times slower."""

from __future__ import annotations

import logging
from functools import cache
from importlib.util import find_spec

from rbind_core.system.error_messages import remedy

_log = logging.getLogger(__name__)
_found_broken: list[str] = []  # why it did not load, once tried


def openvino_loads() -> bool:
    """Tell whether OpenVINO is installed and loads; if not, log it once.

    Returns
    -------
    bool
        False if it is missing, its libraries do not fit this system, or it does not know the processor.
    """
    try:
        import openvino  # noqa: F401

        if _knows_the_processor():
            return True
        reason = "it knows no processor of this computer"
    except Exception as error:  # whatever an incompatible library may raise
        reason = " ".join(str(error).split())[:100] or type(error).__name__
    if not _found_broken:
        _found_broken.append(reason)
        _log.warning("note: %s", slow_note())
    return False


@cache
def _knows_the_processor() -> bool:
    import openvino

    return "CPU" in openvino.Core().available_devices


def slow_note() -> str | None:
    """Say that predictions are slow here and what to do, in one sentence without a full stop; None where OpenVINO works."""
    if find_spec("openvino") is None:
        why = "is not installed"
    elif _found_broken:
        why = f"does not load ({_found_broken[0]})"
    else:
        return None
    return f"engine NumPy (slow): OpenVINO {why} here, so the same numbers take about five times as long; {remedy('openvino')}"
