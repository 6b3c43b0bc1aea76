"""A computation as a value: everything that its result depends on, and how to compute it."""

from __future__ import annotations

from typing import Generic, TypeVar

from dashboard.state import sizes

T = TypeVar("T")


class Request(Generic[T]):
    """A request; subclasses are frozen dataclasses, equal if their results are.

    A field that only gives access to what another one identifies, such as the content of a file beside its digest, is left out
    of the comparison.
    """

    def compute(self) -> T:
        """Compute the result, without Streamlit; parts that other requests share come from `result_of`."""
        raise NotImplementedError

    @property
    def expected(self) -> int:
        """Approximate number of sequences to score, for progress."""
        return 1

    @property
    def doing(self) -> str:
        """What is computed, in a few words."""
        return "Computing"

    def size(self, result: T) -> int:
        """Approximate bytes of a kept result."""
        return sizes.size_of(result)
