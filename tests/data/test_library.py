from collections import Counter

import numpy as np
import pytest

from rbind_core.data import library
from rbind_core.data.library import (
    designed_library,
    files_for,
    is_measured_available,
    measured_set_b,
    profile,
)
from rbind_core.data.rnacompete import load_intensities, load_probes
from rbind_core.data.transforms import Normalisation
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH, PADDING, all_kmers, decode, lengths


def test_every_6mer_is_planted_in_at_least_two_designed_probes():
    found = Counter()
    for sequence in decode(designed_library().codes):
        found.update({sequence[i : i + 6] for i in range(len(sequence) - 5)})
    assert min(found[kmer] for kmer in decode(all_kmers(6))) >= 2


def test_designed_probes_are_30_to_41_nt_and_padded_at_the_end_only():
    codes = designed_library().codes
    ends = lengths(codes)
    assert (ends.min(), ends.max()) == (30, LENGTH)
    assert np.array_equal(codes == PADDING, np.arange(LENGTH) >= ends[:, None])


def profile_of(codes):
    """Nucleotide frequencies at each position, among the sequences that reach it."""
    counts = np.stack([(codes == letter).sum(axis=0) for letter in range(4)], axis=1)
    return counts / counts.sum(axis=1, keepdims=True)


def test_designed_probes_follow_the_profile():
    """Planting blurs it; without planting the difference would be about 0.01."""
    assert np.abs(profile_of(designed_library().codes) - profile())[5:].mean() < 0.03


def test_designed_probes_are_the_same_at_every_start_and_read_only():
    again = designed_library.__wrapped__()
    assert np.array_equal(again.codes, designed_library().codes)
    assert not again.codes.flags.writeable


def test_nobody_has_measured_the_designed_probes():
    assert designed_library().measured is None
    assert designed_library().label == "designed probes"


def test_the_profile_is_41_distributions_and_read_only():
    assert profile().shape == (LENGTH, 4)
    assert profile().sum(axis=1) == pytest.approx(np.ones(LENGTH))
    assert (profile() >= 0).all()
    assert not profile().flags.writeable


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"frequencies": [[1, 0, 0, 0]]}'])
def test_a_damaged_profile_is_told(content, monkeypatch, tmp_path):
    (tmp_path / "profile.json").write_text(content)
    monkeypatch.setattr(library, "PROFILE", tmp_path / "profile.json")
    with pytest.raises(DataError, match=r"profile.json: the bundled background profile cannot be read"):
        profile.__wrapped__()


def test_the_measured_library_needs_two_files_of_a_public_experiment():
    assert files_for("RNCMPT00168") == ["rnacompete_metadata.mat", "intensities/RNCMPT00168.txt"]
    assert files_for("MY_OWN") == []


def test_the_measured_library_is_not_available_without_its_files(no_data):
    assert not is_measured_available("RNCMPT00168")
    assert not is_measured_available("MY_OWN")
    with pytest.raises(DataError, match=r"\./rbind data fetch"):
        measured_set_b("RNCMPT00168", Normalisation(0, 1))


@pytest.mark.real_data
def test_the_measured_library_is_set_b_with_its_z_scores(data_folder):
    assert is_measured_available("RNCMPT00168")
    measured = measured_set_b("RNCMPT00168", Normalisation(2.0, 4.0))
    in_set_b = load_probes().in_set_b
    assert measured.label == "measured set B"
    assert np.array_equal(measured.codes, load_probes().codes[in_set_b])
    assert measured.measured == pytest.approx((load_intensities("RNCMPT00168")[in_set_b] - 2) / 4, abs=1e-6)
    assert not measured.codes.flags.writeable


@pytest.mark.real_data
def test_the_bundled_profile_is_that_of_set_b(data_folder):
    measured = measured_set_b("RNCMPT00168", Normalisation(0, 1))
    assert profile() == pytest.approx(profile_of(measured.codes), abs=2e-6)
