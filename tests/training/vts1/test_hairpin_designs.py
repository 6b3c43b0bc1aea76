import re

import numpy as np
import pytest

from rbind_core.rna.sequences import PADDING, decode
from rbind_core.rna.structure import structure_profiles
from rbind_core.training.vts1 import hairpin_designs as designs
from rbind_core.training.vts1.hairpin_designs import KINDS, hairpin_designs

N = 300


def only(monkeypatch, kind):
    monkeypatch.setattr(designs, "KINDS", {kind: 1.0})
    return hairpin_designs(N, "CNGG", np.random.default_rng(0))


def probability_of_loop(codes):
    """Highest probability that a CNGG lies whole in a hairpin loop, for each sequence."""
    loop = structure_profiles(codes, "PHIME")[:, :, 1]
    best = []
    for sequence, row in zip(decode(codes), loop, strict=True):
        starts = [m.start() for m in re.finditer("(?=C.GG)", sequence)]
        best.append(max((row[s : s + 4].min() for s in starts), default=0.0))
    return np.array(best)


def test_designs_are_30_to_41_nt_half_of_them_41_and_reproducible():
    codes = hairpin_designs(1000, "CNGG", np.random.default_rng(1))
    lengths = (codes != PADDING).sum(axis=1)
    assert lengths.min() == 30
    assert 0.5 < (lengths == 41).mean() < 0.6
    assert np.array_equal(codes, hairpin_designs(1000, "CNGG", np.random.default_rng(1)))
    assert sum(KINDS.values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["motif in loop", "motif in stem", "motif alone"])
def test_the_motif_is_there(monkeypatch, kind):
    assert all(re.search("C.GG", sequence) for sequence in decode(only(monkeypatch, kind)))


def test_the_motif_is_in_a_loop_where_it_should_be_and_not_where_it_should_not(monkeypatch):
    in_loop, in_stem = (probability_of_loop(only(monkeypatch, kind)) for kind in ("motif in loop", "motif in stem"))
    assert (in_loop > 0.5).mean() > 0.35  # short stems of random letters do not all form
    assert (in_stem > 0.5).mean() < 0.05


def test_strands_of_a_hairpin_pair(monkeypatch):
    paired = structure_profiles(only(monkeypatch, "hairpin alone"), "PU")[:, :, 0].sum(axis=1)
    assert paired.mean() > structure_profiles(only(monkeypatch, "random"), "PU")[:, :, 0].sum(axis=1).mean() + 3
