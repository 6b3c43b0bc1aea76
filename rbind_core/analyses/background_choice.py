"""The background that a user chose: sampler, N, seed, and the probe library it draws from."""

from __future__ import annotations

from dataclasses import dataclass

from rbind_core.backgrounds import BACKGROUNDS, LABELS, Background, canonical_name
from rbind_core.data.library import DESIGNED, library_label
from rbind_core.system.quoting import in_python, in_shell

_SETTINGS = ("gc", "context", "fasta")


@dataclass(frozen=True)
class BackgroundChoice:
    """Everything that fixes the background sequences: sampler, N, seed and the library it draws from.

    `gc` is the GC content for the background 'gc', 0 to 1; `context` the RNA of 11-41 nt for 'context'; `fasta` the path
    of the user's sequences for 'file'. Where the background does not need them they are set back to their defaults, so that
    equal choices compare equal. `library` is kept, since its probes are also the ones to browse.
    """

    background: str = "profile"
    samples: int = 1000
    seed: int = 0
    library: str = DESIGNED
    gc: float = 0.5
    context: str = ""
    fasta: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "background", canonical_name(self.background))
        for field in _SETTINGS:
            default = getattr(BackgroundChoice, field)
            own = field == self.kind.setting
            object.__setattr__(self, field, self.kind.checked(getattr(self, field)) if own else default)

    @property
    def kind(self) -> type[Background]:
        """The class of the sampler."""
        return BACKGROUNDS[self.background]

    @property
    def own_settings(self) -> dict[str, float | str]:
        """The settings that only this background needs, by name: `gc`, `context`, `fasta`, or none."""
        setting = self.kind.setting
        return {setting: getattr(self, setting)} if setting else {}

    @property
    def label(self) -> str:
        """The background as users read it, such as 'dinucleotide shuffle' or 'GC 60 %'."""
        setting = self.kind.setting
        return self.kind.labelled(getattr(self, setting)) if setting else LABELS[self.background]

    @property
    def drawn(self) -> str:
        """N as users read it: a single RNA is N = 1, however often it is drawn."""
        if self.kind.is_one_rna and self.samples > 1:
            return f"1, {self.samples:,} draws"
        return f"{self.samples:,}"

    def source(self, measured_in: str) -> str:
        """Where the sequences come from, as users read it.

        Parameters
        ----------
        measured_in : experiment whose measured probes the library 'measured' holds.

        Returns
        -------
        str
            Such as 'designed probes', or 'no library'.
        """
        return library_label(self.library, measured_in) if self.kind.draws_from_library else self.kind.source

    def describe(self, measured_in: str) -> str:
        """Background, N and seed, for the subtitle of a figure or the head of a table.

        Parameters
        ----------
        measured_in : experiment whose measured probes the library 'measured' holds.

        Returns
        -------
        str
            Such as 'shuffle background of designed probes, N = 1,000, seed 0'.
        """
        of = f" of {self.source(measured_in)}" if self.kind.draws_from_library else ""
        return f"{self.label} background{of}, N = {self.drawn}, seed {self.seed}"

    def describe_everywhere(self) -> str:
        """N and seed for a result under all of the paper's backgrounds.

        Returns
        -------
        str
            Such as 'the seven backgrounds of the paper, N = 1,000, seed 0'.
        """
        return f"the seven backgrounds of the paper, N = {self.samples:,}, seed {self.seed}"

    def command_options(self) -> str:
        """Command-line options that make this choice.

        Returns
        -------
        str
            Such as '--background gc --gc 0.6 --samples 1000 --seed 0 --library designed', quoted for a shell.
        """
        options = {"background": self.background, **self.own_settings}
        options |= {"samples": self.samples, "seed": self.seed, "library": self.library}
        return " ".join(f"--{name} {in_shell(value)}" for name, value in options.items())

    def python(self) -> str:
        """Python that makes this choice, such as 'BackgroundChoice("gc", 1000, 0, "designed", gc=0.6)'."""
        own = "".join(f", {name}={in_python(value)}" for name, value in self.own_settings.items())
        return f"BackgroundChoice({in_python(self.background)}, {self.samples}, {self.seed}, {in_python(self.library)}{own})"
