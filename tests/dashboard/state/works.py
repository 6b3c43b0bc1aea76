"""Requests whose work is given."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from dashboard.state.requests import Request


@dataclass(frozen=True)
class Work(Request[Any]):
    """Does what it is told; equal where the keys are."""

    key: Hashable
    work: Callable[[], Any] = field(compare=False)
    expected: int = field(default=1, compare=False)

    def compute(self) -> Any:
        return self.work()


@dataclass(frozen=True)
class Sized(Work):
    """Its results are as large as they are long."""

    def size(self, result: Any) -> int:
        return len(result)
