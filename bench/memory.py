"""`python -m bench.memory COMMAND ...`: a command of `./rbind` that ends with its peak memory on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

PREFIX = "peak memory in MB: "


def peak_memory() -> float:
    """Peak resident memory of this process.

    Returns
    -------
    float
        MB of 1,000,000 bytes. Linux reports it without the parent process; elsewhere it is the highest known value.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024 / 1e6
    except (OSError, StopIteration):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


if __name__ == "__main__":
    from rbind_core.cli import main

    try:
        main(prog_name="./rbind")
    finally:
        print(f"{PREFIX}{peak_memory():.1f}", file=sys.stderr)
