"""Which protein explains a set of sequences: yes where its motif is there, no for random sets, and the same on a cluster."""

import os
import signal
import threading
from dataclasses import replace

import numpy as np
import psutil
import pytest

from rbind_core.errors import SequenceError
from rbind_core.who.explaining import Settings, explaining
from rbind_core.who.peaks import WINDOWS, base_shares, parts_of, shuffled
from rbind_core.who.stored import StoredScores
from tests.clusters import dask_cluster, wait_until
from tests.motif_panel import MOTIFS, PROTEINS, RBFOX1, TARDBP, motif_network, random_rna
from tests.toys import dinucleotides


def peaks(n, motif="", length=70, start=0):
    """Random RNAs, with a motif in the middle of each."""
    found = [random_rna(length, seed) for seed in range(start, start + n)]
    return [one[:30] + motif + one[30 + len(motif) :] for one in found]


@pytest.fixture(scope="module")
def network():
    return motif_network()


def explained(positive, negative, network, settings=None, **more):
    control = "file" if negative is not None else "shuffles"
    return explaining(positive, negative, [network], PROTEINS, settings or Settings(control), **more)


@pytest.mark.parametrize("experiment", [RBFOX1, TARDBP])
@pytest.mark.parametrize("control", ["shuffles", "complement", "file"])
def test_the_protein_whose_motif_is_there_is_first(network, experiment, control):
    negative = peaks(200, start=1000) if control == "file" else None
    found = explained(peaks(200, MOTIFS[experiment]), negative, network, Settings(control))
    assert found.rows[0].experiment == experiment
    assert found.rows[0].auroc > 0.9
    assert found.rows[0].q_above_baseline < 1e-6
    assert found.rows[0].ci95[0] > found.baseline.auroc
    assert all(row.q_above_baseline > 0.05 for row in found.rows[1:])
    assert experiment in found.sentence
    assert found.record()["proteins"][0]["experiment"] == experiment


def test_random_sets_are_explained_by_none(network):
    named = 0
    for seed in range(15):
        positive, negative = peaks(60, start=1000 * seed), peaks(60, start=1000 * seed + 500)
        found = explained(positive, negative, network)
        named += any(row.q_above_baseline <= 0.05 for row in found.rows)
        assert found.baseline.auroc >= 0.5
    assert named <= 1


def test_composition_alone_is_no_protein():
    """Sequences rich in U: the head of UUUUUU tells them apart, but not better than U alone."""
    rng = np.random.default_rng(0)
    rich = ["".join(rng.choice(list("ACGU"), 60, p=[0.15, 0.15, 0.15, 0.55])) for _ in range(200)]
    found = explained(rich, peaks(200, length=60), motif_network())
    assert found.baseline.base == "U"
    assert found.baseline.more
    assert found.rows[0].auroc > 0.7
    assert all(row.q_above_baseline > 0.05 for row in found.rows)
    assert found.sentence.startswith("No protein tells these sequences apart better than the share of U alone")


def test_other_networks_say_whether_they_agree():
    networks = [motif_network(), motif_network({RBFOX1: -1})]
    found = explaining(peaks(100, "UGCAUG"), None, networks, PROTEINS, Settings())
    assert (found.rows[0].experiment, found.rows[0].agree, found.rows[0].networks) == (RBFOX1, 1, 2)


def test_shuffles_keep_dinucleotides_and_unknown_letters():
    sequences = [random_rna(n, n) for n in (11, 12, 41, 300)] + ["ACGUUGCAAC" + "NN" + random_rna(40, 5) + "R" + random_rna(30, 6)]
    found = shuffled(sequences, np.random.default_rng(0))
    assert [dinucleotides(one) for one in found] == [dinucleotides(one) for one in sequences]
    assert [one.find("N") for one in found] == [one.find("N") for one in sequences]
    assert found[2:] != sequences[2:]
    assert base_shares(found) == pytest.approx(base_shares(sequences))


def test_parts_hold_whole_sequences_in_their_order():
    sequences = [random_rna(60 + 40 * (n % 7), n) for n in range(900)]
    parts = list(parts_of(iter(sequences), 1, "shuffles", 3))
    assert [one for _, part in parts for one in part.sequences] == sequences
    assert [count for count, _ in parts] == [len(part.sequences) for _, part in parts]
    assert len({part.seed for _, part in parts}) == len(parts) > 3
    windows = [sum(len(one) - 40 for one in part.sequences) for _, part in parts]
    assert max(windows) < WINDOWS + 300


@pytest.mark.parametrize(
    ("positive", "negative", "message"),
    [
        ([], None, "sequences with a window of known letters: 0; at least 2 are compared"),
        (["ACGUACGUACGUACGU"], None, "^sequences with a window of known letters: 1;"),
        (["N" * 50] * 3, None, "letters: 0;"),
        (peaks(5), [], "background sequences with a window of known letters: 0"),
    ],
)
def test_too_few_sequences_are_refused(network, positive, negative, message):
    with pytest.raises(SequenceError, match=message):
        explained(positive, negative, network)


def test_what_limits_the_answer_is_said(network):
    found = explained([*peaks(20), "N" * 60], peaks(20, length=140), network)
    assert any("sequences without a window of known letters, left out: 1" in note for note in found.notes)
    assert any("median of 70 nt and the background 140 nt" in note for note in found.notes)
    assert any("20 background sequences are few" in note for note in found.notes)


def test_stored_scores_are_those_that_were_added():
    rng = np.random.default_rng(0)
    blocks = [rng.normal(size=(n, 5)).astype(np.float32) for n in (3, 0, 1, 7)]
    with StoredScores(5) as stored:
        for block in blocks:
            stored.add(block)
        assert len(stored) == 11
        for head in (4, 0, 2):
            assert (stored.of(head) == np.concatenate(blocks)[:, head]).all()


class Silent:
    """A network that costs nothing, to count memory with."""

    def scorer(self):
        return self

    def predict_all(self, codes):
        return np.repeat(codes[:, :1].astype(np.float32), 500, axis=1)


def test_memory_does_not_grow_with_the_number_of_peaks():
    """40,000 peaks and as many controls of 500 heads would be 160 MB of scores."""
    proteins = [replace(PROTEINS[0], experiment=str(n)) for n in range(500)]
    process, most = psutil.Process(), []

    def report(count):
        most.append(process.memory_info().rss)

    one = "ACGUACGUACGUACGUACGUACGUACGUACGUACGUACGUAC"
    found = explaining((one for _ in range(40_000)), None, [Silent()], proteins, Settings("complement"), report=report)
    assert found.positives == found.negatives == 40_000
    assert max(most) - most[2] < 60e6


def test_a_cluster_that_loses_a_worker_gives_the_same_numbers_bit_for_bit(network, tmp_path, monkeypatch):
    monkeypatch.setattr("rbind_core.who.peaks.WINDOWS", 1000)
    positive = peaks(600, "UGCAUG")
    here = explained(positive, None, network)
    arrived = []
    with dask_cluster(tmp_path, workers=2) as cluster:
        cluster.wait_for_scheduler()

        def kill_a_worker():
            wait_until(lambda: arrived)
            os.kill(cluster.processes[1].pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_a_worker)
        killer.start()
        there = explained(positive, None, network, scheduler=cluster.address, report=arrived.append)
        killer.join()
        assert cluster.processes[1].poll() is not None
    assert sum(arrived) == 600
    assert len(arrived) > 15
    assert there == here
