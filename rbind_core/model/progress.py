"""Progress of long computations: a predictor that reports how many sequences it has scored, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.model.wrapping import OwnModel, is_checked, wrap
from rbind_core.rna.sequences import Codes

AT_ONCE = 1000  # sequences between two reports; a multiple of the engine's batch, so that scores stay bit-identical

_report: ContextVar[Callable[[int], None] | None] = ContextVar("report", default=None)


@contextmanager
def reporting(report: Callable[[int], None]) -> Iterator[None]:
    """Make every `ReportingPredictor` report its progress, within a `with` block of one thread.

    Parameters
    ----------
    report : called with the number of sequences just scored; an error raised in it ends the computation.
    """
    token = _report.set(report)
    try:
        yield
    finally:
        _report.reset(token)


def report_done(number: int) -> None:
    """Report a number of sequences as done, to any listener in this thread."""
    report = _report.get()
    if report is not None:
        report(number)


@is_checked
class ReportingPredictor:
    """A predictor that scores in parts while its progress is listened to."""

    def __init__(self, predictor: OwnModel) -> None:
        self.predictor: Any = wrap(predictor)

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences; see `Predictor.predict`."""
        report = _report.get()
        if report is None:
            return self.predictor.predict(codes)
        parts = np.split(codes, range(AT_ONCE, len(codes) - AT_ONCE + 1, AT_ONCE))
        scores = []
        for part in parts:
            scores.append(self.predictor.predict(part))
            report(len(part))
        return np.concatenate(scores)
