import numpy as np
import pytest

from rbind_core.data import fetch
from rbind_core.data.rnacompete import experiments
from rbind_core.data.vts1 import VTS1
from rbind_core.errors import SequenceError
from rbind_core.model.registry import find_model
from rbind_core.motifs import null_columns, published_match, published_motif, rank_motifs, read_meme, read_meme_file
from rbind_core.motifs.published import CONSENSUS, CONSENSUS_OF_VTS1, MATRICES, MATRIX, consensus_motif
from rbind_core.rna.sequences import ALPHABET, IUPAC

real_data = pytest.mark.real_data


def motif_of(name):
    return np.array(find_model(name).motif)


@pytest.mark.parametrize("letter", IUPAC)
def test_a_consensus_letter_stands_for_equal_shares_of_its_nucleotides(letter):
    (column,) = consensus_motif(letter).frequencies
    assert column.tolist() == [1 / len(IUPAC[letter]) if nucleotide in IUPAC[letter] else 0 for nucleotide in ALPHABET]


def test_a_consensus_may_be_dna_in_lower_case_and_nothing_else():
    np.testing.assert_array_equal(consensus_motif("wgcatgm").frequencies, consensus_motif("WGCAUGM").frequencies)
    for bad in ("", "UGXAUG"):
        with pytest.raises(SequenceError):
            consensus_motif(bad)


def test_without_the_file_the_consensus_is_what_was_published(no_data):
    motif = published_motif("RNCMPT00168")
    assert (motif.name, motif.alternative, motif.source) == ("RNCMPT00168", "RBFOX1", CONSENSUS)
    np.testing.assert_array_equal(motif.frequencies, consensus_motif("WGCAUGM").frequencies)
    assert published_motif("VTS1_2009").source == CONSENSUS_OF_VTS1
    assert len(published_motif("VTS1_2009").frequencies) == len("CNGG")
    assert not no_data.exists()  # nothing was downloaded


def test_an_experiment_without_public_scores_has_its_consensus_too(no_data):
    motif = published_motif("RNCMPT00032")
    assert (motif.name, motif.alternative, motif.source) == ("RNCMPT00032", "HuR", CONSENSUS)
    np.testing.assert_array_equal(motif.frequencies, consensus_motif("UUWUUUU").frequencies)
    assert "RNCMPT00032" not in experiments()


@pytest.mark.parametrize("experiment", ["RNCMPT00051", "TOY00001", ""])
def test_where_nothing_was_published_there_is_nothing(no_data, experiment):
    assert published_motif(experiment) is None
    assert published_match(motif_of("RBFOX1"), experiment, np.random.default_rng(0)) is None


def test_a_damaged_file_is_as_good_as_none(no_data):
    no_data.mkdir()
    (no_data / MATRICES).write_bytes(b"x" * fetch.sources()[MATRICES].size)
    assert published_motif("RNCMPT00168").source == CONSENSUS


def test_the_model_of_rbfox1_agrees_with_its_consensus(no_data):
    matched = published_match(motif_of("RBFOX1"), "RNCMPT00168", np.random.default_rng(0), 20_000)
    assert (matched.match.offset, matched.match.overlap) == (0, 6)
    assert matched.match.correlation > 0.95
    assert matched.match.p_value < 0.001
    assert matched.e_value == matched.match.p_value


def test_every_model_agrees_with_its_published_consensus(no_data):
    known = [e.id for e in [*experiments().values(), VTS1] if e.published_consensus]
    assert len(known) == 47
    p_values = {e: published_match(motif_of(e), e, np.random.default_rng(0), 5000).match.p_value for e in known}
    assert {e: p for e, p in p_values.items() if p >= 0.05} == {}


def test_a_small_file_borrows_columns_for_its_random_motifs(no_data):
    few, many = [consensus_motif("UGCAUG")], [consensus_motif("ACGU" * 10, str(i)) for i in range(5)]
    assert len(null_columns(few)) > 300
    assert len(null_columns(many)) == 200


@real_data
def test_the_public_file_holds_102_motifs(data_folder):
    motifs = read_meme_file(data_folder / MATRICES)
    assert len(motifs) == 102
    assert {len(motif.frequencies) for motif in motifs} == {7, 8}
    assert motifs[0].label == "A1CF (RNCMPT00001)"
    np.testing.assert_allclose(motifs[0].frequencies[0], [0.395329, 0.105514, 0.105514, 0.393643], atol=1e-6)


@real_data
def test_the_dna_version_of_the_public_file_reads_the_same(data_folder):
    text = (data_folder / MATRICES).read_text()
    dna = text.replace("ALPHABET= ACGU", "ALPHABET= ACGT").replace(" U 0.25", " T 0.25")
    assert dna != text
    for one, other in zip(read_meme(text), read_meme(dna), strict=True):
        assert one.label == other.label
        np.testing.assert_array_equal(one.frequencies, other.frequencies)


@real_data
def test_where_the_file_is_here_the_matrix_is_what_was_published(data_folder):
    motif = published_motif("RNCMPT00168")
    assert (motif.label, motif.source, motif.frequencies.shape) == ("RBFOX1 (RNCMPT00168)", MATRIX, (7, 4))
    assert published_motif("VTS1_2009").source == CONSENSUS_OF_VTS1
    assert published_motif("RNCMPT00051") is None
    assert len(null_columns([motif])) > 700


@real_data
@pytest.mark.parametrize(("model", "best"), [("RBFOX1", "RNCMPT00168"), ("MBNL1", "RNCMPT00038"), ("VTS1", "RNCMPT00063")])
def test_a_model_finds_its_own_motif_in_the_public_file(data_folder, model, best):
    """VTS1 is not in the file; its relative in man, SAMD4A (Smaug), is."""
    ranked = rank_motifs(motif_of(model), read_meme_file(data_folder / MATRICES), np.random.default_rng(0))
    assert ranked[0].motif.name == best
    assert ranked[0].e_value < 0.1
    assert ranked[1].e_value > 3 * ranked[0].e_value


@real_data
def test_every_model_agrees_with_its_published_matrix(data_folder):
    known = [e.id for e in experiments().values() if e.published_consensus]
    matched = {e: published_match(motif_of(e), e, np.random.default_rng(0), 5000) for e in known}
    assert len(matched) == 46
    assert {m.motif.source for m in matched.values()} == {MATRIX}
    assert all(m.match.p_value < 0.05 for m in matched.values())
    assert np.median([m.match.correlation for m in matched.values()]) > 0.95
