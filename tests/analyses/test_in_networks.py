"""Effects in several networks: toys whose true spread is known."""

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.in_networks import FIRST, in_networks, sampling_error
from rbind_core.analyses.maps_in_networks import maps_in_networks
from rbind_core.constructs import parse_construct
from rbind_core.experiments.records import committee_record, networks_record
from rbind_core.model.committee import Committee, Member, other_experiments
from rbind_core.model.registry import find_model
from rbind_core.report.reproduce import gia_command
from tests.experiments.scripted import sample_without_gc
from tests.toys import MotifCounter


class Scaled:
    """A count of a motif times a factor, and noise of each RNA's own that differs between networks."""

    def __init__(self, factor, noise=0.0, seed=0):
        self.factor, self.noise, self.seed = factor, noise, seed
        self.weights = np.random.default_rng(seed).integers(1, 2**31, size=41)

    def predict(self, codes):
        own = ((codes * self.weights).sum(axis=1) % 1009 / 1009 - 0.5) * self.noise
        return (self.factor * MotifCounter().predict(codes) + own).astype(np.float32)


def committee(networks):
    members = [(Member(f"network-{i}", "toy", lambda: None), network) for i, network in enumerate(networks)]
    return Committee(tuple(members), ("network-9 is left out: it is damaged",))


CONSTRUCTS = [parse_construct("UGCAUG@18"), parse_construct("UGCAUG@4+UGCAUG@25")]


def test_networks_that_differ_by_a_factor_give_that_spread():
    networks = [Scaled(factor) for factor in (3.0, 4.0, 5.0)]
    analysis = GlobalImportanceAnalysis(networks[0], sample_without_gc(1000))
    found = in_networks(analysis, committee(networks), CONSTRUCTS)
    assert found.of(0).values == pytest.approx([3, 4, 5])
    assert found.of(1).values == pytest.approx([6, 8, 10])
    assert found.of(0).sd == pytest.approx(1.0)
    assert found.samples == FIRST, "without sampling error the first RNAs are enough"
    assert found.problems == ("network-9 is left out: it is damaged",)


def test_more_background_rnas_are_used_where_the_sampling_error_is_large():
    noisy = [Scaled(4.0 + 0.01 * i, noise=3.0, seed=i) for i in range(4)]
    found = in_networks(GlobalImportanceAnalysis(noisy[0], sample_without_gc(2000)), committee(noisy), CONSTRUCTS[:1])
    assert found.samples == 2000
    far = [Scaled(4.0 + i, noise=3.0, seed=i) for i in range(4)]
    assert in_networks(GlobalImportanceAnalysis(far[0], sample_without_gc(2000)), committee(far), CONSTRUCTS[:1]).samples < 2000


def test_all_networks_see_the_same_background_rnas():
    """Networks that are the same agree exactly, however few RNAs there are."""
    same = [Scaled(2.0, noise=5.0, seed=3) for _ in range(3)]
    found = in_networks(GlobalImportanceAnalysis(same[0], sample_without_gc(100)), committee(same), CONSTRUCTS)
    assert found.of(0).sd == 0
    assert found.samples == 100


def test_the_sampling_error_is_that_of_a_difference_from_the_mean():
    rng = np.random.default_rng(5)
    shared = rng.normal(size=4000) * 10  # what all networks see alike does not count
    local = shared + rng.normal(size=(4, 4000))
    assert sampling_error(local) == pytest.approx((3 / 4) ** 0.5 / 4000**0.5, rel=0.05)


def test_maps_of_one_rna_in_several_networks():
    networks = [Scaled(1.0), Scaled(2.0), Scaled(-1.0)]
    found = maps_in_networks(committee(networks), "GGAUCCUGCAUGAACCGG")
    assert found.correlations == pytest.approx([1, 1, -1])
    assert found.wild_type.values == pytest.approx([1, 2, -1])
    record = found.record()
    assert np.array(record["effects_sd"]).shape == (18, 4)
    assert np.array(record["effects_agree"]).max() == 3
    assert "-1.00 to 1.00" in found.sentence


def test_other_experiments_and_deepbind_stand_apart_from_the_spread():
    networks = [Scaled(factor) for factor in (3.0, 4.0, 5.0)]
    analysis = GlobalImportanceAnalysis(networks[0], sample_without_gc(300))
    other = find_model("RNCMPT00113")
    found = in_networks(analysis, committee(networks), CONSTRUCTS, Scaled(9.0), [(other, Scaled(1.0))])
    assert found.of(0).values == pytest.approx([3, 4, 5])
    assert found.beside.deepbind == pytest.approx((9, 18))
    assert found.beside.experiments[0].effects == pytest.approx((1, 2))
    record = networks_record(found, 1)
    assert record["other_experiments"] == [{"experiment": "RNCMPT00113", "grade": "A", "value": pytest.approx(2.0)}]
    assert record["deepbind"] == pytest.approx(18.0)
    assert record["networks_samples"] == found.samples
    assert committee_record(found)["networks_left_out"] == ["network-9 is left out: it is damaged"]


def test_experiments_of_one_protein_are_those_of_the_same_gene_and_species():
    names = [model.experiment for model in other_experiments(find_model("RNCMPT00052"))]
    assert "RNCMPT00113" in names
    assert "RNCMPT00052" not in names
    species = {find_model(name).species for name in names}
    assert species == {"Homo sapiens"}
    assert {m.experiment for m in other_experiments(find_model("RNCMPT00106"))} >= {"RNCMPT00107", "RNCMPT00108", "RNCMPT00163"}


def test_the_command_of_a_figure_with_other_networks_asks_for_them():
    model, choice = find_model("RNCMPT00168"), BackgroundChoice()
    assert " --networks committee --json" in gia_command(model, choice, CONSTRUCTS, committee=True)
    assert "--networks" not in gia_command(model, choice, CONSTRUCTS)
