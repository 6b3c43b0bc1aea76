"""Sliding a model along an RNA, on toys whose scores are known, and on a real model against its own predictions."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.analyses.mutation_map import LONGEST_MAP, mutation_map
from rbind_core.analyses.sliding import AT_ONCE, LONGEST, best_sites, best_sites_of, slide, windows_of
from rbind_core.data.example_rna import DESIGNED_LENGTH, PLANTED_AT, designed_rna
from rbind_core.errors import SequenceError
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.sequences import LENGTH, SHORTEST, encode
from tests.toys import AdditiveModel, MotifCounter, Spy, rna

MOTIF = "UGCAUG"
RNA = "A" * 60 + MOTIF + "A" * 60 + MOTIF + "A" * 8 + MOTIF + "A" * 60


def one_by_one(model, sequence, starts):
    return [float(model.predict(encode(sequence[start - 1 : start - 1 + LENGTH]))[0]) for start in starts]


@given(rna(min_size=LENGTH, max_size=130), st.integers(1, LENGTH))
def test_every_window_has_the_score_of_its_own_letters(sequence, stride):
    track = slide(AdditiveModel(), sequence, stride)
    assert track.scores == pytest.approx(one_by_one(AdditiveModel(), sequence, track.starts), abs=1e-4)
    assert track.scores.dtype == np.float32


@given(st.integers(LENGTH, 500), st.integers(1, LENGTH))
def test_windows_cover_the_whole_rna_without_a_gap(length, stride):
    starts = windows_of(length, stride)
    assert (starts[0], starts[-1]) == (1, length - LENGTH + 1)
    assert (np.diff(starts) >= 1).all()
    assert (np.diff(starts) <= stride).all()


def test_a_window_knows_its_place():
    track = slide(MotifCounter(), RNA)
    start = RNA.index(MOTIF) + 1
    assert track.window(start) == RNA[start - 1 : start + 40]
    assert (track.starts[0], track.centres[0], track.ends[0]) == (1, 21, 41)
    assert track.score_at(start) == 1
    assert np.isnan(track.score_at(len(RNA)))


def test_a_motif_is_seen_by_the_windows_that_hold_it_whole():
    track = slide(MotifCounter(), "A" * 100 + MOTIF + "A" * 100)
    assert track.starts[track.scores == 1].tolist() == list(range(101 + 6 - LENGTH, 102))


def test_the_best_sites_do_not_overlap_and_are_ranked():
    sites = best_sites(slide(MotifCounter(), RNA), 3)
    assert [site.score for site in sites] == [2, 1, 0]
    assert [site.rank for site in sites] == [1, 2, 3]
    assert all(site.end == site.start + LENGTH - 1 for site in sites)
    assert all(site.sequence == RNA[site.start - 1 : site.end] for site in sites)
    starts = sorted(site.start for site in sites)
    assert min(np.diff(starts)) >= LENGTH


def test_of_equal_windows_the_first_is_taken_and_percentiles_count_lower_ones():
    track = slide(MotifCounter(), RNA)
    best, *_, last = best_sites(track, 100)
    assert best.start == track.starts[track.scores == 2].min()
    assert best.percentile == pytest.approx(100 * np.mean(track.scores < 2))
    assert (last.score, last.percentile) == (0, 0)


@given(rna(min_size=SHORTEST, max_size=200), st.integers(1, 60), st.integers(1, 6))
def test_any_distance_between_sites_is_kept(sequence, distance, n):
    sites = best_sites(slide(AdditiveModel(), sequence), n, distance)
    starts = sorted(site.start for site in sites)
    assert 1 <= len(sites) <= n
    assert all(b - a >= distance for a, b in pairwise(starts))
    assert [site.score for site in sites] == sorted((site.score for site in sites), reverse=True)


def test_windows_with_ambiguous_letters_are_left_out_and_counted():
    sequence = "A" * 60 + "N" + "A" * 60 + MOTIF + "A" * 60
    track = slide(MotifCounter(), sequence)
    assert np.isnan(track.scores).tolist() == ["N" in track.window(start) for start in track.starts]
    assert track.left_out == LENGTH
    assert track.note == f"41 of {len(sequence) - 40} windows hold letters such as N and are left out."
    assert best_sites(track, 1)[0].score == 1


def test_where_every_window_is_left_out_there_is_no_site():
    spy = Spy(MotifCounter())
    track = slide(spy, "AN" * 50)
    assert track.left_out == len(track.starts)
    assert best_sites(track) == []
    assert spy.asked == []


def test_a_short_rna_is_one_padded_window_with_a_note():
    sequence = "AA" + MOTIF + "ACGACGA"
    track = slide(AdditiveModel(), sequence)
    assert track.scores == pytest.approx(AdditiveModel().predict(encode(sequence)), rel=1e-6)
    assert (track.starts.tolist(), track.width) == ([1], len(sequence))
    assert "one padded window" in track.note
    assert "trained on probes of 30-41 nt" in track.note
    (site,) = best_sites(track)
    assert (site.start, site.end, site.sequence) == (1, len(sequence), sequence)
    assert slide(AdditiveModel(), sequence + "N").left_out == 1
    assert slide(AdditiveModel(), "A" * LENGTH).note is None


@pytest.mark.parametrize("stride", [0, -1, 42])
def test_a_stride_that_leaves_gaps_is_refused(stride):
    with pytest.raises(SequenceError, match=f"stride {stride}: allowed are 1 to 41 nt"):
        slide(MotifCounter(), RNA, stride)


@pytest.mark.parametrize("sequence", ["ACGU", "A" * (LONGEST + 1)])
def test_lengths_that_are_not_allowed_are_refused(sequence):
    with pytest.raises(SequenceError, match=f"{len(sequence):,} nt long; allowed are 11 to 100,000 nt"):
        slide(MotifCounter(), sequence)


def test_other_letters_are_refused():
    with pytest.raises(SequenceError, match="'X' is not a nucleotide"):
        slide(MotifCounter(), "ACGUX" * 10)


class Constant:
    def predict(self, codes):
        return np.zeros(len(codes), np.float32)


def test_progress_is_told_in_parts_and_can_end_the_run():
    told = []
    slide(Constant(), "A" * (2 * AT_ONCE + 100), report=told.append)
    assert told == [AT_ONCE, AT_ONCE, 60]

    def stop(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        slide(Constant(), RNA, report=stop)


def test_the_longest_rna_is_never_in_memory_as_windows():
    spy = []

    class Watching(Constant):
        def predict(self, codes):
            spy.append(len(codes))
            return super().predict(codes)

    tracemalloc.start()
    track = slide(Watching(), "ACGU" * (LONGEST // 4))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert max(spy) <= AT_ONCE
    assert len(track.scores) == LONGEST - LENGTH + 1
    assert peak < 20e6  # all one-hot windows would be 65 MB as float32, all codes 4 MB a copy


def test_many_records_come_one_by_one_with_further_models_at_the_same_windows():
    told = []
    records = [("one", RNA), ("none", "N" * 50), ("two", "C" * 50)]
    found = best_sites_of([MotifCounter(), MotifCounter("AAAAAA")], iter(records), 2, report=told.append)
    first = next(found)
    assert (first.name, first.length, first.windows) == ("one", len(RNA), len(RNA) - LENGTH + 1)
    assert len(told) == 2
    site = first.sites[0]
    assert site.score == 2
    assert site.others == (MotifCounter("AAAAAA").predict(encode(site.sequence))[0],)
    none, two = found
    assert none.sites == ()
    assert "left out" in none.note
    assert two.sites[0].score == 0


# the map of all mutations


def test_effects_are_those_of_the_window_centred_on_the_position():
    sequence = designed_rna(MOTIF)[:130]
    effects = mutation_map(AdditiveModel(), sequence).effects
    assert effects.shape == (130, 4)
    for position in (0, 5, 20, 21, 64, 109, 110, 129):
        start = min(max(position - 20, 0), 130 - LENGTH)
        alone = mutagenesis(AdditiveModel(), sequence[start : start + LENGTH]).effects[position - start]
        assert effects[position] == pytest.approx(alone, abs=1e-4)


def test_breaking_the_only_motif_of_the_window_costs_its_one_count():
    sequence = "A" * 60 + MOTIF + "A" * 60
    result = mutation_map(MotifCounter(), sequence)
    touched = np.flatnonzero(result.effects.any(axis=1))
    assert touched.tolist() == list(range(60, 66))
    assert (result.effects[60:66].sum(axis=1) == -3).all()
    assert result.heights[60] == pytest.approx(np.sqrt(3))


def test_the_letter_itself_has_no_effect_and_every_mutation_is_asked_once():
    spy = Spy(AdditiveModel())
    sequence = designed_rna(MOTIF)[:100]
    effects = mutation_map(spy, sequence).effects
    assert (effects[np.arange(100), encode(sequence, 100)[0]] == 0).all()
    assert sum(map(len, spy.asked)) == 3 * 100 + 60


def test_positions_whose_window_holds_an_ambiguous_letter_have_no_effect():
    sequence = "A" * 80 + "N" + "A" * 80
    effects = mutation_map(MotifCounter(), sequence).effects
    missing = np.isnan(effects).all(axis=1)
    assert np.flatnonzero(missing).tolist() == list(range(60, 101))
    assert not np.isnan(effects[~missing]).any()


@pytest.mark.parametrize("length", [40, LONGEST_MAP + 1])
def test_an_rna_of_another_length_is_not_mapped(length):
    with pytest.raises(SequenceError, match="41 to 2,000 nt"):
        mutation_map(MotifCounter(), "A" * length)


# the designed example, and a real model


def test_the_designed_rna_holds_its_motif_where_it_says():
    designed = designed_rna(MOTIF)
    assert len(designed) == DESIGNED_LENGTH
    assert [designed[start - 1 : start + 5] for start in PLANTED_AT] == [MOTIF] * 4
    assert designed == designed_rna(MOTIF)
    assert sum(a != b for a, b in zip(designed, designed_rna("AAAAAA"), strict=True)) <= 24


def test_a_real_model_gives_a_window_the_score_it_predicts_for_it():
    model = load_predictor(find_model("RBFOX1"))
    sequence = designed_rna(MOTIF)
    track = slide(model, sequence, 3)
    assert track.scores == pytest.approx(one_by_one(model, sequence, track.starts), abs=1e-5)
    best = best_sites(slide(model, sequence), 4)
    assert [any(site.start <= start and start + 5 <= site.end for start in PLANTED_AT) for site in best[:2]] == [True, True]
    effects = mutation_map(model, sequence).effects
    alone = mutagenesis(model, sequence[79:120]).effects[20]
    assert effects[99] == pytest.approx(alone, abs=1e-4)
