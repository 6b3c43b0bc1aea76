import numpy as np
import pytest

from rbind_core.design import Constraints, Objective, design
from rbind_core.figures.design import design_figure
from tests.toys import AdditiveModel


def found(steps=8, against=None):
    return design(Objective(AdditiveModel(), against), "A" * 30, Constraints(), np.random.default_rng(0), steps=steps)


def test_the_score_is_drawn_against_the_step():
    path = found()
    figure = design_figure(path, ("TOYBP (TOY1)",), "settings")
    line = figure.data[0]
    assert list(line.x) == list(range(9))
    assert list(line.y) == [step.score for step in path.steps]
    assert line.marker.symbol == "circle-open"
    assert figure.layout.title.text == "TOYBP (TOY1): design"


def test_both_models_have_a_line_with_its_name():
    path = found(against=AdditiveModel(2))
    figure = design_figure(path, ("A<B (ONE)", "CD (TWO)"), "settings", highest=(9.5, "10 probes"))
    assert list(figure.data[1].y) == [step.against for step in path.steps]
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["A&lt;B (ONE)", "CD (TWO)", "highest of 10 probes: 9.5"]
    assert figure.layout.title.text.replace("<br>", " ") == "A&lt;B (ONE) against CD (TWO): design"


def test_each_sequence_is_a_row_with_its_change_in_full_colour():
    path = found()
    figure = design_figure(path, ("TOYBP",), "settings")
    cells = next(trace for trace in figure.data if trace.type == "heatmap")
    assert cells.z.shape == (9, 30)
    kinds = cells.z // 4
    assert not kinds[0].any()
    for step in path.steps[1:]:
        assert (kinds[step.number] == 2).sum() == 1
        assert kinds[step.number, step.position - 1] == 2
        assert cells.text[step.number][step.position - 1] == f"step {step.number}, position {step.position}: changed: {step.change}"
    assert sorted(np.flatnonzero(kinds[-1]) + 1) == path.changed
    assert list(figure.layout.yaxis2.ticktext) == [step.change for step in path.steps]


@pytest.mark.parametrize("steps", [1, 30, 200])
def test_a_long_path_stays_within_its_height(steps):
    figure = design_figure(found(steps), ("TOYBP",), "settings")
    assert figure.layout.height < 800
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_a_start_that_cannot_be_bettered_is_drawn_too():
    best = found(60).final.sequence
    path = design(Objective(AdditiveModel()), best, Constraints(), np.random.default_rng(0))
    assert len(path.steps) == 1
    assert design_figure(path, ("TOYBP",), "settings").layout.xaxis.range == (-0.5, 0.5)
