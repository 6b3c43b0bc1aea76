"""Faults are real ones: a copy of RBind is damaged, and its processes run in broken surroundings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.installation import Installation, install
from tests.pages.conftest import open_page  # noqa: F401


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A copy of RBind with three models, for one test to damage."""
    return install(tmp_path)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A copy of RBind that stays whole."""
    return install(tmp_path_factory.mktemp("whole"))
