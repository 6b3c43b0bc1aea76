import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.constructs import parse_constructs
from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.experiment import run
from rbind_core.experiments.level import effect_text
from rbind_core.experiments.own_constructs import OwnConstructs, labels_of
from tests.toys import MotifCounter, sample_of


def test_each_construct_is_compared_with_the_first():
    own = OwnConstructs("one = UGCAUG@4; UGCAUG@4,11; stem:7-16/24-33+UGCAUG@18")
    result = run(own, GlobalImportanceAnalysis(MotifCounter(), sample_of("profile", 200)))
    assert [arm.label for arm in result.arms] == ["one", "UGCAUG@4+UGCAUG@11", "stem:7-16/24-33+UGCAUG@18"]
    assert [(c.first, c.second) for c in result.comparisons] == [(arm.label, "one") for arm in result.arms[1:]]
    assert result.comparisons[0].mean == pytest.approx(1, abs=0.05)
    first = result.importances[0]
    assert result.sentences[0] == f"one changes predicted binding by {first.mean:+.2f} on average ({effect_text(first)})."
    assert result.sentences[1] == f"With it: mean predicted score {first.mean_score:.2f}."
    assert not any(" p " in sentence for sentence in result.sentences[:2])
    assert result.sentences[2:] == [c.sentence for c in result.comparisons]


def test_it_opens_with_the_top_6mer(model):
    assert [str(arm.construct) for arm in OwnConstructs.for_model(model).arms()] == [f"{model.top_kmer}@18"]


def test_constructs_with_the_same_name_go_by_their_text():
    assert labels_of(parse_constructs("a = UGCAUG@4; a = UGCAUG@5; b = UGCAUG@6")) == ["UGCAUG@4", "UGCAUG@5", "b"]


def test_a_construct_that_is_given_twice_is_refused():
    with pytest.raises(ExperimentError, match="UGCAUG@4 is given twice"):
        OwnConstructs("UGCAUG@4;UGCAUG@4").arms()
    with pytest.raises(ConstructError, match="X is not a nucleotide"):
        OwnConstructs("UGX@4").arms()
