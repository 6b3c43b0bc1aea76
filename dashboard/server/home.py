"""A home folder for this process if the user has none: Streamlit looks for settings there, and would not start."""

from __future__ import annotations

import os
import tempfile


def find_home() -> str | None:
    """Replace a home folder that is missing or not accessible by a temporary one.

    Returns
    -------
    str or None
        A note for the user; None if the home folder can be used.
    """
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() fails where there is none
    if os.path.isabs(home) and os.path.isdir(home) and os.access(home, os.R_OK | os.X_OK):  # noqa: PTH112, PTH117
        return None
    os.environ["HOME"] = tempfile.mkdtemp(prefix="rbind-home-")
    return (
        f"the home folder {home} cannot be used; unless RBIND_CACHE_DIR, RBIND_MODELS_DIR and RBIND_RUNS_DIR name other folders, "
        f"what is made here is in {os.environ['HOME']}"
    )
