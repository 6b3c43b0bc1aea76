import inspect
import subprocess
import sys
from multiprocessing import resource_tracker

import distributed

from rbind_core.system.dask_interface import start_resource_tracker, workers_killed_by
from tests.servers import ROOT


def test_a_killed_worker_is_told_from_other_errors():
    assert hasattr(distributed.KilledWorker, "allowed_failures"), "Dask no longer says how many workers died of a task"
    assert workers_killed_by(distributed.KilledWorker("task", None, 3)) == 4
    assert workers_killed_by(ValueError("wrong")) == 0


def test_dask_still_connects_with_what_its_settings_ask_for():
    assert hasattr(distributed, "connect"), "Dask cannot be asked whether a scheduler answers without waiting for it"
    given = distributed.Security().get_connection_args("client")
    inspect.signature(distributed.connect).bind("tcp://127.0.0.1:1", timeout=1, **given)


SPEAKS = """
import logging
from rbind_core.system.dask_interface import silent_dask

logger = logging.getLogger("distributed.worker")
with silent_dask():
    logger.error("not now")
logger.error("but now")
"""


def test_what_dask_logs_is_silent_for_a_while_only():
    """In a process of its own: where pytest listens, Dask makes no handlers."""
    said = subprocess.run([sys.executable, "-c", SPEAKS], cwd=ROOT, capture_output=True, text=True, check=True).stderr
    assert "not now" not in said, "Dask logs by other handlers, so its lines stand between ours"
    assert "but now" in said


def test_python_still_starts_its_resource_tracker_when_asked():
    assert hasattr(resource_tracker, "ensure_running"), "Ctrl-C would reach local workers, which die of it loudly"
    start_resource_tracker()
