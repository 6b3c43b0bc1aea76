import math

import pytest
from scipy.stats import linregress

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.affinity import MEASURED_AFFINITIES, MOST_AFFINITIES, Affinity
from rbind_core.experiments.experiment import run
from tests.experiments.scripted import Scripted, texts
from tests.toys import sample_of


def test_the_papers_seven_rnas_stand_at_18_to_24(rbfox1):
    arms = Affinity.for_model(rbfox1).arms()
    assert [str(arm.construct) for arm in arms] == [
        f"{rna}@18" for rna in ("UGCAUGU", "AGCAUGU", "CGCAUGU", "UGUAUGU", "UACAUGU", "UGCACGU", "UGCAUAU")
    ]
    assert [round(math.exp(arm.x), 2) for arm in arms] == [0.83, 4.8, 6.1, 280, 350, 4.9, 1830]
    assert {arm.construct.last_position for arm in arms} == {24}


def test_affinities_of_other_proteins_must_be_given(model):
    with pytest.raises(ExperimentError, match="0 measured affinities: a line needs 3 to 40; built in are those of RBFOX1"):
        Affinity.for_model(model).arms()


@pytest.mark.parametrize("separator", [", ", ",", ";", "\n", ",\n,"])
def test_affinities_are_read_however_they_are_separated(separator):
    given = separator.join(["ugcatgt 0.83", " AGC  4.8 ", "GGG 1e3"])
    assert Affinity(affinities=given).pairs() == [("UGCAUGU", 0.83), ("AGC", 4.8), ("GGG", 1000.0)]


@pytest.mark.parametrize(
    ("affinities", "error", "says"),
    [
        ("UGC 1, AGC 2", ExperimentError, "2 measured affinities: a line needs 3 to 40"),
        (",".join(f"{'ACGU'[i % 4] * (i // 4 + 1)} {i + 1}" for i in range(MOST_AFFINITIES + 1)), ExperimentError, "41 measured"),
        ("UGC 1, AGC, GGG 3", ExperimentError, "'AGC' is not an RNA and a K_D above 0; give them as in UGCAUGU 0.83"),
        ("UGC 1, AGC two, GGG 3", ExperimentError, "'AGC two' is not an RNA and a K_D above 0"),
        ("UGC 1, AGC 2 nM, GGG 3", ExperimentError, "'AGC 2 nM' is not an RNA"),
        ("UGC 1, AGC 0, GGG 3", ExperimentError, "'AGC 0' is not"),
        ("UGC 1, AGC -2, GGG 3", ExperimentError, "'AGC -2' is not"),
        ("UGC 1, AGC nan, GGG 3", ExperimentError, "'AGC nan' is not"),
        ("UGC 1, AGC inf, GGG 3", ExperimentError, "'AGC inf' is not"),
        ("UGC 1, AGC 1e999, GGG 3", ExperimentError, "'AGC 1e999' is not"),
        ("UGC 1, agc 2, AGC 3", ExperimentError, "an RNA is named twice"),
        ("UGC 5, AGC 5, GGG 5", ExperimentError, "all K_D are the same; a line needs at least two different ones"),
        ("UGX 1, AGC 2, GGG 3", ConstructError, "UGX: X is not a nucleotide"),
    ],
)
def test_affinities_that_give_no_line_are_refused(affinities, error, says):
    with pytest.raises(error, match=says):
        Affinity(affinities=affinities).arms()


def test_a_position_where_an_rna_does_not_fit_is_refused():
    with pytest.raises(ConstructError, match="the last position that fits UGCAUGU is 35"):
        Affinity(affinities=MEASURED_AFFINITIES["RBFOX1"], start=36).arms()
    with pytest.raises(ExperimentError, match="At position = 0: use 1 to 41"):
        Affinity(affinities=MEASURED_AFFINITIES["RBFOX1"], start=0)


def test_the_line_is_that_of_ln_kd_against_global_importance(additive, rbfox1):
    result = run(Affinity.for_model(rbfox1), GlobalImportanceAnalysis(additive, sample_of("profile", 60)))
    reference = linregress([arm.x for arm in result.arms], [importance.mean for importance in result.importances])
    fit = result.fits["K_D"]
    assert (fit.slope, fit.r_squared, fit.p_value) == pytest.approx((reference.slope, reference.rvalue**2, reference.pvalue))
    assert fit.points == 7
    assert result.comparisons == ()


@pytest.mark.parametrize(
    ("per_ln_kd", "says"),
    [
        (-0.5, "Tighter binding goes with higher global importance: R² = 1.000, slope -0.50, p = "),
        (0.5, "Tighter binding goes with lower global importance: R² = 1.000, slope 0.50, p = "),
    ],
)
def test_a_sentence_says_which_way_the_line_goes(per_ln_kd, says, rbfox1):
    affinity = Affinity.for_model(rbfox1)
    scripted = Scripted({str(arm.construct): per_ln_kd * arm.x for arm in affinity.arms()})
    assert run(affinity, scripted).sentences[0].startswith(says)


def test_a_line_that_could_be_chance_is_not_called_a_direction():
    scripted = Scripted({"UGC@18": 1, "AGC@18": 3, "GGC@18": 1.5})
    result = run(Affinity(affinities="UGC 1, AGC 2, GGC 4"), scripted)
    assert result.fits["K_D"].p_value > 0.05
    assert result.sentences[0].startswith("Global importance does not follow these affinities measurably: R² = ")


def test_every_built_in_list_of_affinities_can_be_run():
    for affinities in MEASURED_AFFINITIES.values():
        assert len(texts(Affinity(affinities=affinities))) >= 3
