from dataclasses import fields

import numpy as np
import pytest

from rbind_core.backgrounds import (
    BACKGROUNDS,
    GENERATED_NAMES,
    KINDS,
    LABELS,
    NAMES,
    OWN_NAMES,
    PAPER_NAMES,
    canonical_name,
    make_background,
)
from rbind_core.data.library import profile
from rbind_core.errors import BackgroundError
from tests.toys import TOY_CONTEXT, random_probes


@pytest.mark.parametrize("name", NAMES)
def test_every_name_makes_the_background_of_that_name(name, tmp_path):
    (tmp_path / "own.fa").write_text(TOY_CONTEXT)
    library, scores = random_probes(20), np.arange(20.0)
    background = make_background(name, profile(), library, scores, gc=0.4, context=TOY_CONTEXT, fasta=str(tmp_path / "own.fa"))
    assert type(background) is BACKGROUNDS[name]
    assert getattr(background, "number", 0) == int(name[-1] if name[-1].isdigit() else 0)
    for words in (background.description, background.keeps, background.destroys):
        assert words
    drawn = background.draw(7, np.random.default_rng(0))
    assert (drawn.shape, drawn.dtype) == ((7, 41), np.uint8)
    assert drawn.max() <= 4
    assert (np.diff((drawn == 4).astype(int), axis=1) >= 0).all()  # padding is at the 3' end only


def test_every_name_has_a_label_that_is_read_back_as_no_other():
    assert list(LABELS) == list(NAMES)
    assert len(set(LABELS.values())) == len(NAMES)
    assert {canonical_name(name.upper()) for name in NAMES} == set(NAMES)


def test_the_names_are_the_papers_seven_and_those_that_came_later():
    assert NAMES[:7] == PAPER_NAMES
    assert set(NAMES) == {*PAPER_NAMES, *GENERATED_NAMES, *OWN_NAMES}


def test_a_quartile_without_scores_is_refused():
    with pytest.raises(BackgroundError, match="quartile1 needs a binding score"):
        make_background("quartile1", profile(), random_probes(20))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_background_is_explained(kind):
    assert kind.name
    assert kind.label
    assert kind.help
    needs = {one.name for one in fields(kind)}
    assert (kind.draws_from_library, kind.needs_scores) == ("library" in needs, "scores" in needs)


def test_names_may_be_written_with_capitals_and_spaces():
    library, scores = random_probes(20), np.arange(20.0)
    assert make_background(" Quartile 3 ", profile(), library, scores).number == 3


@pytest.mark.parametrize("name", ["", "quartile5", "quartile", "nonsense"])
def test_an_unknown_background_is_refused_with_the_names_there_are(name):
    with pytest.raises(BackgroundError, match="is not a background; use profile, shuffle"):
        make_background(name, profile(), random_probes(20), np.arange(20.0))
