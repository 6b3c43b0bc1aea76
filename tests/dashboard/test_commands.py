"""Commands and snippets that are copied off pages hold names, constructs and file names as they are, whatever these are made of."""

from __future__ import annotations

import ast
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lessons import LESSONS
from dashboard.views import compare as comparison
from dashboard.views import design, probes, variants
from dashboard.views.long_rna import requests as long_rna
from dashboard.views.long_rna import texts as long_rna_texts
from dashboard.views.sequence import texts as sequence_texts
from dashboard.views.train import work as training
from dashboard.widgets.sidebar import Settings
from rbind_core.analyses import BackgroundChoice
from rbind_core.constructs import parse_construct
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.model.registry import Model, find_model
from rbind_core.probes import ProbeFilter
from rbind_core.report.reproduce import (
    card_command,
    card_python,
    experiment_command,
    experiment_python,
    gia_command,
    gia_python,
    kmers_command,
    kmers_python,
    motif_command,
    motif_python,
)
from rbind_core.rna.pasting import Pasted, Record
from rbind_core.runs import Run, TrainingRequest
from rbind_core.who.records import who_command, who_python

RNA = "ACGUACGUUGCAUGACGUACGUACGUACGU"
PLAIN = "PLAIN00001"
HOSTILE = (
    "NICE; touch PWNED #",
    "../../evil; touch PWNED #",
    'x"); __import__("os").system("touch PWNED") #',
    "$(touch PWNED)",
    "`touch PWNED`",
    "a'b",
    "a' ; touch PWNED ; 'b",
    'a"b',
    "a\\",
    "a&touch PWNED&",
    "a|touch PWNED",
    "a\ntouch PWNED",
    "$HOME",
    "*",
    "{a,b}",
    '"""',
    "'''",
    "{model}",
    "%s",
    "-rf",
    "RBFÖX1 ß",
    "",
)


def model_named(name: str) -> Model:
    return replace(find_model("RBFOX1"), experiment=name, protein=name)


CHOICE = BackgroundChoice("shuffle", 50, 1)


def of_file(name: str) -> BackgroundChoice:
    return BackgroundChoice("file", 50, 1, fasta=f"/{name}")


def wish(name: str) -> design.DesignRequest:
    return design.DesignRequest(model_named(name), replace(model_named(name), weights_sha256="other"))


def question(name: str) -> probes.Answer:
    asked = probes.ProbesRequest(model_named(name), "designed", ProbeFilter("UGCAUG"), "predicted", "highest")
    return probes.Answer(asked, None, None, None, None)  # texts need the request alone


def variant_answer(name: str) -> variants.Measured:
    return variants.Measured(variants.Effects(model_named(name), CHOICE, variants.read_question(RNA, "A5G\nC6U", 3)), [])


@dataclass
class Scans:
    """What the texts of a comparison need."""

    models: tuple[Model, ...]
    scale: str = "z-score"


def scans(name: str) -> Scans:
    return Scans((model_named(name), find_model("MSI1")))


def run_named(name: str) -> Run:
    return Run(Path("run"), TrainingRequest(name or "x", "trunk", Path("models"), "a table", {}), 0.0)


COMMANDS: dict[str, Callable[[str], str]] = {
    "gia": lambda name: gia_command(model_named(name), CHOICE, [parse_construct("UGCAUG@18"), parse_construct("UGCAUG@*")]),
    "gia, file": lambda name: gia_command(find_model("RBFOX1"), of_file(name), [parse_construct("UGCAUG@18")]),
    "kmers": lambda name: kmers_command(model_named(name), CHOICE),
    "card": lambda name: card_command(model_named(name)),
    "motif": lambda name: motif_command(model_named(name)),
    "experiment": lambda name: experiment_command(model_named(name), CHOICE, EXPERIMENTS["sites"].for_model(model_named(name))),
    "experiment, file": lambda name: experiment_command(
        find_model("RBFOX1"), of_file(name), EXPERIMENTS["gcbias"].for_model(find_model("RBFOX1")), all_backgrounds=True
    ),
    "design": lambda name: wish(name).command,
    "probes": lambda name: question(name).command,
    "variants": lambda name: variant_answer(name).command,
    "compare": lambda name: comparison.command(scans(name)),
    "ism": lambda name: sequence_texts.ism_command(model_named(name), RNA, "signed"),
    "slide": lambda name: long_rna_texts.command((model_named(name), find_model("MSI1")), Record(name, RNA), 2, ""),
    "who": lambda name: who_command(RNA, 0, name),
    "train": lambda name: training.command(run_named(name)),
}
SNIPPETS: dict[str, Callable[[str], str]] = {
    "gia": lambda name: gia_python(model_named(name), CHOICE, [parse_construct("UGCAUG@18")]),
    "gia, file": lambda name: gia_python(find_model("RBFOX1"), of_file(name), [parse_construct("UGCAUG@18")]),
    "kmers": lambda name: kmers_python(model_named(name), CHOICE),
    "card": lambda name: card_python(model_named(name)),
    "motif": lambda name: motif_python(model_named(name)),
    "experiment": lambda name: experiment_python(model_named(name), CHOICE, EXPERIMENTS["sites"].for_model(model_named(name))),
    "design": lambda name: wish(name).python,
    "probes": lambda name: question(name).python,
    "variants": lambda name: variant_answer(name).python,
    "compare": lambda name: comparison.python(scans(name)),
    "motifs": lambda name: comparison.motifs_python(scans(name)),
    "ism": lambda name: sequence_texts.ism_python(model_named(name), RNA, "l2"),
    "several": lambda name: sequence_texts.several_python(model_named(name), [RNA, RNA]),
    "gradients": lambda name: sequence_texts.attribution_python(model_named(name), RNA),
    "pairs": lambda name: sequence_texts.epistasis_python(model_named(name), RNA),
    "slide": lambda name: long_rna_texts.python((model_named(name),), Record(name, RNA), 1, ""),
    "window": lambda name: long_rna_texts.window_python(model_named(name), RNA),
    "map": lambda name: long_rna_texts.map_python(model_named(name), Record(name, RNA)),
    "who": lambda name: who_python(RNA, 0, name),
    "train": lambda name: training.python(run_named(name)),
}


def with_name(words: list[str], name: str) -> list[str]:
    """The words that are meant where a plain name stands in their place."""
    return [word.replace(PLAIN, name) for word in words]


@pytest.mark.parametrize("kind", COMMANDS)
@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_words_of_a_command_are_the_ones_that_are_meant(kind, name):
    assert shlex.split(COMMANDS[kind](name)) == with_name(shlex.split(COMMANDS[kind](PLAIN)), name)


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_shell_runs_the_command_that_is_meant_and_nothing_else(kind, tmp_path):
    launcher = tmp_path / "rbind"
    launcher.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\nprintf '\\1'\n")
    launcher.chmod(0o755)
    script = "\n".join(COMMANDS[kind](name) for name in HOSTILE if name)
    printed = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    found = [one.split("\0")[:-1] for one in printed.split("\1")[:-1]]
    plain = shlex.split(COMMANDS[kind](PLAIN))[1:]
    assert found == [with_name(plain, name) for name in HOSTILE if name]
    assert [path.name for path in tmp_path.iterdir()] == ["rbind"]


class _Named(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(node.value.replace(PLAIN, self.name)) if isinstance(node.value, str) else node


@pytest.mark.parametrize("kind", SNIPPETS)
@given(name=st.sampled_from([name for name in HOSTILE if name]) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_name_is_a_literal_in_the_snippet(kind, name):
    meant = _Named(name).visit(ast.parse(SNIPPETS[kind](PLAIN)))
    assert ast.dump(ast.parse(SNIPPETS[kind](name))) == ast.dump(meant)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_variants_and_records_are_kept_as_they_are(name):
    read = variants.read_question(RNA, "A5G", 3)
    [one] = read.read.variants
    named = replace(read, read=replace(read.read, variants=(replace(one, name=name),)))
    answer = variants.Measured(variants.Effects(find_model("RBFOX1"), CHOICE, named), [])
    [variant] = named.read.variants
    assert variant.text in shlex.split(answer.command)
    literals = {node.value for node in ast.walk(ast.parse(answer.python)) if isinstance(node, ast.Constant)}
    assert variant.text in literals
    source = long_rna.Source(Pasted((Record(name, RNA),)))
    python = long_rna_texts.python((find_model("RBFOX1"),), source.pasted.records[0], 1, "")
    assert name in {node.value for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("name", HOSTILE[:6])
def test_lessons_quote_as_well(number, name):
    lesson = LESSONS[number - 1]
    settings = lesson.settings(Settings(find_model("RBFOX1"), replace(CHOICE, samples=10), "Okabe-Ito"))
    outcome = lesson.run(settings)
    taken = lesson.taken_away(replace(settings, model=replace(settings.model, experiment=name)), outcome)
    assert name in shlex.split(taken.command)
    literals = {node.value for node in ast.walk(ast.parse(taken.python)) if isinstance(node, ast.Constant)}
    assert name in literals


def test_no_command_and_no_snippet_is_written_without_quoting():
    """Names go into texts through `in_shell` and `in_python` alone."""
    root = Path(__file__).resolve().parents[2]
    for path in [*root.glob("pages/*.py"), *root.glob("dashboard/**/*.py"), root / "rbind_core/report/reproduce.py"]:
        text = path.read_text()
        assert "shlex" not in text, path
        for bare in (
            "--rbp {m",
            "--rbp {s",
            "--rbp {a",
            '("{model.',
            '("{self.',
            '("{asked.',
            '("{settings.',
            "--seq {r",
            "--seq {s",
        ):
            assert bare not in text, (path, bare)
