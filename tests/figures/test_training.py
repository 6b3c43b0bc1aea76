import numpy as np

from rbind_core.figures.training import learning_curves, scores_figure, validation_curve
from rbind_core.runs import Epoch

PROBES = {"training": 24300, "validation": 2700, "test": 3000}
EPOCHS = (Epoch(1, 4, 0.9, 0.5), Epoch(2, 4, 0.7, 0.8), Epoch(3, 4, 0.6, 0.7))


def test_both_curves_have_their_axes_numbers_and_the_best_epoch():
    figure = learning_curves(EPOCHS, "MY<b>", PROBES, 4)
    loss, pearson, best = figure.data
    assert (list(loss.x), list(loss.y)) == ([1, 2, 3], [0.9, 0.7, 0.6])
    assert list(pearson.y) == [0.5, 0.8, 0.7]
    assert (list(best.x), list(best.y), best.yaxis) == ([2], [0.8], "y2")
    assert figure.layout.yaxis.title.text.startswith("training loss")
    assert figure.layout.yaxis2.title.text == "validation Pearson"
    assert figure.layout.xaxis2.title.text.startswith("epoch")
    assert list(figure.layout.xaxis.range) == [0.5, 4.5]
    assert figure.layout.title.text == "MY&lt;b&gt;: learning curves"
    subtitle = figure.layout.title.subtitle.text.replace("<br>", " ")
    assert subtitle == "loss: mean squared error of z-scores, N = 24,300 probes; Pearson: N = 2,700 others"


def test_no_epoch_yet_is_an_empty_figure():
    figure = learning_curves((), "MINE", PROBES, 1)
    assert len(figure.data) == 2
    assert list(figure.data[0].x) == []


def test_a_validation_curve_marks_the_epoch_that_was_kept():
    line, best = validation_curve([0.1, 0.3, 0.2], "TOY", "settings").data
    assert list(line.y) == [0.1, 0.3, 0.2]
    assert list(best.x) == [2]


def test_every_score_is_counted_and_predicted_ones_are_hollow():
    scores = np.random.default_rng(0).normal(size=500)
    measured, predicted = (scores_figure(scores, "Scores", "settings", hollow).data[0] for hollow in (False, True))
    assert sum(measured.y) == 500
    assert measured.marker.color != predicted.marker.color == "rgba(0,0,0,0)"
    assert predicted.marker.line.width == 1
