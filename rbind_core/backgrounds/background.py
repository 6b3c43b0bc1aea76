"""The interface of a background."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from rbind_core.rna.sequences import Codes


@dataclass(frozen=True)
class Background(ABC):
    """A sampler of background RNA; subclasses name it, state what it needs, and draw.

    `name` is its id on the command line and in links, `label` and `help` are for people. A class that stands for several
    backgrounds has `numbers` as people read them: '1 (lowest)' makes 'quartile1' and 'quartile 1 (lowest)'. `source` is where the
    sequences come from if not a probe library, `setting` the field of `BackgroundChoice` that only this background needs.
    The fields of a sampler are named after the arguments of `make_background`.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    numbers: ClassVar[Sequence[str]] = ()
    draws_from_library: ClassVar[bool] = False
    needs_scores: ClassVar[bool] = False
    source: ClassVar[str] = "no library"
    setting: ClassVar[str] = ""
    is_one_rna: ClassVar[bool] = False

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Each name that the class stands for, and its label."""
        return {cls.name + number[:1]: f"{cls.label} {number}".strip() for number in cls.numbers or ("",)}

    @classmethod
    def span(cls) -> str:
        """The numbers, such as '1-4'; '' where there are none."""
        return f"{cls.numbers[0][0]}-{cls.numbers[-1][0]}" if cls.numbers else ""

    @classmethod
    def checked(cls, value: Any) -> Any:
        """Check its own setting and bring equivalent values into one form.

        Raises
        ------
        RBindError
            If the value cannot be used.
        """
        return value

    @classmethod
    def labelled(cls, value: Any) -> str:
        """Label with its own setting.

        Parameters
        ----------
        value : as `checked` gives it.

        Returns
        -------
        str
            Such as 'GC 60 %'.
        """
        return f"{cls.label} {value}"

    @classmethod
    def made_from(cls, given: Mapping[str, Any]) -> Background:
        """Make the sampler from those of the given things that its fields name."""
        return cls(**{one.name: given[one.name] for one in fields(cls)})

    @property
    @abstractmethod
    def description(self) -> str:
        """One sentence: what the sequences are."""

    @property
    @abstractmethod
    def keeps(self) -> str:
        """What the sequences keep of their source, in plain words."""

    @property
    @abstractmethod
    def destroys(self) -> str:
        """What the sequences lose of their source, in plain words."""

    @abstractmethod
    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw sequences.

        Returns
        -------
        Codes
            (n, 41) uint8, padded at the 3' end.
        """
