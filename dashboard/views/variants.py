"""The Variants page apart from its figure: requests, answers, and how to reproduce them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dashboard.state import engine
from dashboard.state.requests import Request
from rbind_core.analyses import BackgroundChoice
from rbind_core.model.registry import Model
from rbind_core.system.quoting import in_python, in_shell
from rbind_core.variants import VariantEffect, Variants, example_variants, read_variants, read_wild_type, variant_effects
from rbind_core.variants.records import variants_record


@dataclass(frozen=True)
class Question:
    """The variants of an RNA, and the number of nucleotides to keep on either side."""

    sequence: str
    read: Variants
    flank: int


@dataclass(frozen=True)
class Effects(Request[list[VariantEffect]]):
    """A question to a model, with the background RNAs to average over."""

    model: Model
    choice: BackgroundChoice
    question: Question

    def compute(self) -> list[VariantEffect]:
        """Measure each variant."""
        return variant_effects(engine.analysis(self.model, self.choice), self.question.read.variants, self.question.flank)

    @property
    def expected(self) -> int:
        """Both alleles in each RNA."""
        return 2 * len(self.question.read.variants) * self.choice.samples

    @property
    def doing(self) -> str:
        """In words."""
        count = len(self.question.read.variants)
        return f"Scoring {count} variant{'s' * (count > 1)} on {self.choice.samples:,} RNAs"


@dataclass(frozen=True)
class Measured:
    """Effects of variants, with their request."""

    request: Effects
    effects: list[VariantEffect]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per variant, for CSV files."""
        return [effect.record for effect in self.effects]

    @property
    def record(self) -> dict[str, Any]:
        """The record that the command prints."""
        asked, question = self.request, self.request.question
        return variants_record(asked.model, asked.choice, question.sequence, question.read, self.effects)

    @property
    def command(self) -> str:
        """Command for the same measurement, for a shell in the project's folder."""
        asked, question = self.request, self.request.question
        changes = " ".join(f"--variant {in_shell(variant.text)}" for variant in question.read.variants)
        return (
            f"./rbind variants --rbp {in_shell(asked.model.experiment)} --seq {in_shell(question.sequence)} {changes} "
            f"--flank {question.flank} {asked.choice.command_options()} --json"
        )

    @property
    def python(self) -> str:
        """Python that prints both effects of each variant."""
        asked, question = self.request, self.request.question
        text = "\n".join(variant.text for variant in question.read.variants)
        return f"""from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.variants import read_variants, variant_effects

model = find_model({in_python(asked.model.experiment)})
analysis = prepare(model, load_predictor(model), {asked.choice.python()})
variants = read_variants({in_python(question.sequence)}, {in_python(text)}).variants
for effect in variant_effects(analysis, variants, flank={question.flank}):
    print(effect.variant.label, effect.own.mean, effect.marginalised.mean, effect.marginalised.ci95)
"""


def example(model: Model) -> tuple[str, str]:
    """An RNA with a model's top 6-mer, and changes in it and beside it, in the form of an input."""
    sequence, changes = example_variants(model.top_kmer or "UGCAUG")
    return sequence, "\n".join(changes)


def read_question(sequence: str, changes: str, flank: int) -> Question:
    """Read the input; errors say what is wrong with it."""
    wild_type, notes = read_wild_type(sequence)
    read = read_variants(wild_type, changes)
    return Question(wild_type, replace(read, remarks=(*notes, *read.remarks)), flank)
