"""A computation as a value: everything that its result depends on, and how the result is made."""

from __future__ import annotations

from typing import Generic, TypeVar

from dashboard.state import sizes

T = TypeVar("T")


class Request(Generic[T]):
    """What is asked for; subclasses are frozen dataclasses, equal where their results are.

    A field that only says how to get at what another one identifies, such as the content of a file beside its digest, is left out
    of the comparison.
    """

    def compute(self) -> T:
        """Make the result, without any Streamlit call; parts that others may ask for too come from `result_of`."""
        raise NotImplementedError

    @property
    def expected(self) -> int:
        """About how many sequences are scored, for progress."""
        return 1

    @property
    def doing(self) -> str:
        """What is computed, in a few words."""
        return "Computing"

    def size(self, result: T) -> int:
        """About how many bytes a result takes while it is kept."""
        return sizes.size_of(result)
