import re

import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.experiment import run
from rbind_core.experiments.gc_bias import GcBias
from tests.experiments.scripted import Scripted, texts
from tests.toys import sample_of

ALONE, FIVE, THREE, WITHOUT = "UGCAUG@18", "GCGCGC@1+UGCAUG@18", "UGCAUG@18+GCGCGC@35", "GCGCGC@35"


def test_gc_rich_ends_are_at_1_to_6_and_35_to_40(model):
    arms = GcBias.for_model(model).arms()
    assert [str(arm.construct) for arm in arms] == [ALONE, FIVE, THREE, WITHOUT]
    assert arms[1].construct.patterns[0].covered == set(range(1, 7))
    assert arms[3].construct.patterns[0].covered == set(range(35, 41))
    assert len(texts(GcBias.for_model(model))) == 4


def test_another_end_and_motif_may_be_chosen(model):
    found = texts(GcBias.for_model(model, rich="ggcc", motif="AAA"))
    assert list(found.values()) == ["AAA@18", "GGCC@1+AAA@18", "AAA@18+GGCC@37", "GGCC@37"]


def test_an_end_that_is_no_rna_is_refused(model):
    with pytest.raises(ConstructError, match="X is not a nucleotide"):
        GcBias.for_model(model, rich="GCX").arms()


def test_the_papers_effect_sizes_are_said_then_the_comparisons(model):
    result = run(GcBias.for_model(model), Scripted({ALONE: 2, FIVE: 2, THREE: 3, WITHOUT: 1}))
    ratios, five, three, ends = result.sentences
    assert re.search(
        r"1\.00 \(95 % CI 0\.\d\d to 1\.\d\d\) for the 5' end, 1\.50 \(95 % CI 1\.\d\d to 1\.\d\d\) for the 3' end", ratios
    )
    assert "5' GC + motif: no measurable difference from motif" in five
    assert "motif + 3' GC: higher global importance than motif, +1.00" in three
    assert "motif + 3' GC: higher global importance than 5' GC + motif, +1.00" in ends


def test_the_effect_sizes_of_both_ends_and_their_difference(model):
    result = run(GcBias.for_model(model), Scripted({ALONE: 2, FIVE: 2, THREE: 3, WITHOUT: 1}))
    effect = GcBias.for_model(model).effect_sizes(result)
    assert (effect.five.value, effect.three.value) == pytest.approx((1, 1.5))
    assert effect.difference.value == pytest.approx(0.5)
    assert effect.three.standard_error > 0


def test_without_an_effect_of_the_motif_there_is_no_ratio(model):
    result = run(GcBias.for_model(model), Scripted({THREE: 3}, scatter=0))
    assert len(result.sentences) == 3


def test_ends_of_an_additive_model_add_the_same_with_and_without_the_motif(additive, model):
    result = run(GcBias.for_model(model), GlobalImportanceAnalysis(additive, sample_of("profile", 100)))
    alone, _, three, without = (importance.mean for importance in result.importances)
    assert three == pytest.approx(alone + without, abs=1e-4)


def test_a_motif_that_would_overlap_a_gc_rich_end_is_refused():
    with pytest.raises(ExperimentError, match="overlap; together they may have 23 nt"):
        GcBias(motif="ACGU" * 5).arms()
    assert GcBias(motif="A" * 17).arms()
