import shlex
from dataclasses import astuple

import click
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.analyses import BackgroundChoice, open_background, prepare
from rbind_core.backgrounds import BACKGROUNDS, GENERATED_NAMES, NAMES, OWN_NAMES, PAPER_NAMES
from rbind_core.cli.background_options import background_options
from rbind_core.data.library import DESIGNED, LIBRARY_NAMES, designed_library
from rbind_core.errors import BackgroundError, RBindError
from rbind_core.model.registry import find_model
from rbind_core.rna.sequences import decode
from tests.toys import TOY_CONTEXT, rna


@pytest.fixture
def model(toy_models):
    return find_model("TOYBP")


@pytest.fixture
def own_file(tmp_path):
    path = tmp_path / "own sequences.fa"
    path.write_text(f">one\n{TOY_CONTEXT}\n>two\n{TOY_CONTEXT * 5}\n")
    return str(path)


def choice_of(name, own_file, *more):
    return BackgroundChoice(name, *more, gc=0.3, context=TOY_CONTEXT, fasta=own_file)


@pytest.mark.parametrize("name", NAMES)
def test_a_choice_fixes_the_background_sequences(name, model, additive, own_file):
    sample = prepare(model, additive, choice_of(name, own_file, 50, 3)).sample
    again = prepare(model, additive, choice_of(name, own_file, 50, 3)).sample
    other = prepare(model, additive, choice_of(name, own_file, 50, 4)).sample
    assert len(sample) == 50
    assert np.array_equal(sample.codes, again.codes)
    assert np.array_equal(sample.codes, other.codes) == (name == "context")


def test_quartiles_of_designed_probes_are_those_of_the_predicted_scores(model, additive):
    background = open_background(model, additive, BackgroundChoice("quartile4"))
    threshold = np.quantile(additive.predict(designed_library().codes), 0.75)
    drawn = background.draw(200, np.random.default_rng(0))
    assert (additive.predict(drawn) >= threshold - 1e-4).all()
    assert set(decode(drawn)) <= set(decode(designed_library().codes))
    assert "predicted scores" in background.description


@pytest.mark.parametrize("name", ["Profile", "QUARTILE1", "quartile 1", "Markov 2", "GC matched"])
def test_backgrounds_may_be_named_with_capitals_and_spaces(name, model, additive):
    choice = BackgroundChoice(name)
    assert choice.background == name.lower().replace(" ", "")
    assert type(open_background(model, additive, choice)) is choice.kind


def test_an_unknown_background_is_refused(model, additive):
    with pytest.raises(BackgroundError, match="'nonsense' is not a background"):
        prepare(model, additive, BackgroundChoice("nonsense"))


def test_the_settings_of_a_choice_reach_its_background(model, additive, own_file):
    assert open_background(model, additive, BackgroundChoice("gc", gc=0.7)).gc == 0.7
    assert open_background(model, additive, BackgroundChoice("context", context=TOY_CONTEXT)).context == TOY_CONTEXT
    assert open_background(model, additive, BackgroundChoice("file", fasta=own_file)).sequences == (TOY_CONTEXT, TOY_CONTEXT * 5)


@pytest.mark.parametrize("name", [*PAPER_NAMES, *GENERATED_NAMES, *OWN_NAMES])
def test_settings_that_a_background_does_not_need_make_no_difference(name, own_file):
    given = {"gc": 0.3, "context": TOY_CONTEXT, "fasta": own_file}
    needed = {"gc": "gc", "context": "context", "file": "fasta"}.get(name)
    with_all, with_needed = (
        BackgroundChoice(name, **given),
        BackgroundChoice(name, **{k: v for k, v in given.items() if k == needed}),
    )
    assert with_all == with_needed
    assert hash(with_all) == hash(with_needed)
    assert set(with_all.own_settings) == ({needed} if needed else set())


def test_equal_contexts_are_equal_choices_however_they_are_typed():
    assert BackgroundChoice("context", context="acgta cgtac gtacg") == BackgroundChoice("CONTEXT", context="ACGUACGUACGUACG")


@pytest.mark.parametrize(
    ("name", "settings", "says"),
    [
        ("gc", {"gc": 60}, "GC content 60: it must be between 0 and 1"),
        ("gc", {"gc": -0.1}, "between 0 and 1"),
        ("gc", {"gc": float("nan")}, "between 0 and 1"),
        ("context", {}, "needs its RNA: a sequence of 11-41 nt"),
        ("context", {"context": "  "}, "needs its RNA"),
        ("context", {"context": "ACGUX"}, "'X' at position 5 is not a nucleotide"),
        ("context", {"context": "ACGU"}, "4 nt long; allowed are 11-41 nt"),
        ("file", {}, "needs a file of sequences"),
    ],
)
def test_a_choice_that_cannot_be_drawn_is_refused(name, settings, says):
    with pytest.raises(RBindError, match=says):
        BackgroundChoice(name, **settings)


@st.composite
def choices(draw):
    return BackgroundChoice(
        draw(st.sampled_from(NAMES)),
        draw(st.integers(1, 100_000)),
        draw(st.integers(0, 2**40)),
        draw(st.sampled_from(LIBRARY_NAMES)),
        draw(st.floats(0, 1)),
        draw(rna(min_size=11)),
        draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)),
    )


@given(choices())
def test_the_command_of_a_choice_gives_an_equal_choice(choice):
    asked = []

    @click.command()
    @background_options
    def command(choice):
        asked.append(choice)

    result = CliRunner().invoke(command, shlex.split(choice.command_options()), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert asked == [choice]


@given(choices())
def test_the_python_of_a_choice_gives_an_equal_choice(choice):
    assert eval(choice.python(), {"BackgroundChoice": BackgroundChoice}) == choice


@given(choices())
def test_a_choice_is_rebuilt_from_its_fields(choice):
    """The dashboard keeps results under these fields."""
    assert BackgroundChoice(*astuple(choice)) == choice
    assert all(isinstance(value, str | int | float) for value in astuple(choice))


def test_commands_and_python_have_what_is_needed_and_no_more():
    plain, gc = BackgroundChoice("shuffle"), BackgroundChoice("gc", gc=0.6)
    assert plain.command_options() == "--background shuffle --samples 1000 --seed 0 --library designed"
    assert plain.python() == 'BackgroundChoice("shuffle", 1000, 0, "designed")'
    assert gc.command_options() == "--background gc --gc 0.6 --samples 1000 --seed 0 --library designed"
    assert gc.python() == 'BackgroundChoice("gc", 1000, 0, "designed", gc=0.6)'
    context = BackgroundChoice("context", 5, 1, context=TOY_CONTEXT)
    assert f"--context {TOY_CONTEXT} --samples 5 --seed 1" in context.command_options()
    assert "--fasta 'a folder/my file.fa'" in BackgroundChoice("file", fasta="a folder/my file.fa").command_options()


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (BackgroundChoice(), "profile background, N = 1,000, seed 0"),
        (BackgroundChoice("dinucleotide", 50, 3), "dinucleotide shuffle background of designed probes, N = 50, seed 3"),
        (BackgroundChoice("markov2", library="measured"), "Markov order 2 background of measured set B, N = 1,000, seed 0"),
        (BackgroundChoice("gc", gc=0.6), "GC 60 % background, N = 1,000, seed 0"),
        (BackgroundChoice("uniform"), "uniform background, N = 1,000, seed 0"),
        (BackgroundChoice("context", context=TOY_CONTEXT), f"context {TOY_CONTEXT} background, N = 1, 1,000 draws, seed 0"),
        (BackgroundChoice("file", fasta="/x/own.fa"), "own sequences (own.fa) background, N = 1,000, seed 0"),
    ],
)
def test_a_choice_is_described_for_the_subtitle_of_a_figure(choice, says):
    assert choice.describe("RNCMPT00168") == says


def test_a_choice_says_where_its_sequences_come_from(own_file):
    sources = {name: choice_of(name, own_file).source("RNCMPT00168") for name in NAMES}
    drawn_from_probes = {name for name, source in sources.items() if source == "designed probes"}
    assert drawn_from_probes == {name for name, kind in BACKGROUNDS.items() if kind.draws_from_library}
    assert {sources["uniform"], sources["gc"]} == {"no library"}
    assert sources["file"] == "your own file"
    assert BackgroundChoice("shuffle", library="measured").source("VTS1_2009") == "measured test probes"
    assert DESIGNED in sources["shuffle"]
