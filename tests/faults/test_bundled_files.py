"""Files of RBind that are missing or damaged: every page and command says so in one sentence, and what can go on goes on."""

from __future__ import annotations

import contextlib
import shutil

import numpy as np
import pytest

from rbind_core.atlas.files import read_atlas
from rbind_core.errors import DataError, ModelError
from rbind_core.system.paths import PRETRAINED, TRUNK
from rbind_core.training.trunk import open_trunk
from tests.faults.installation import PAGES, RBFOX1, SNRPA, STRUCTURE, assert_one_sentence

RNA = "GGAUCCUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU"


def test_every_page_opens_over_damaged_files(installation):
    """RBFOX1's weights are SNRPA's, a card and the atlas are cut off, the profile is none; no trunk, no cache, no home folder."""
    models = installation.pretrained / "models"
    shutil.copy(models / SNRPA / "weights.safetensors", models / RBFOX1 / "weights.safetensors")
    card = models / STRUCTURE / "card.json"
    card.write_bytes(card.read_bytes()[:500])
    atlas = installation.pretrained / "atlas.parquet"
    atlas.write_bytes(atlas.read_bytes()[:-1000])
    (installation.pretrained / "profile.json").write_text('{"frequencies": [[NaN]]}')
    shutil.rmtree(installation.pretrained / "trunk")
    (installation.root.parent / "cache").write_text("a file where the folder should be")
    with installation.with_environment(HOME="/dev/null", LANG="C", LC_ALL="C").serve() as server:
        seen = {page: server.open(page, f"rbp={RBFOX1}") for page in PAGES}
        of_the_card = {page: server.open(page, f"rbp={STRUCTURE}") for page in ("", "profile", "hypothesis")}
    for page in ("sequence", "hypothesis", "experiments", "kmers", "design"):
        assert seen[page].says("is damaged (wrong SHA-256)") or seen[page].says("profile.json", "cannot be read"), page
    for page in ("", "profile", "compare", "all-rbps"):
        assert seen[page].says("atlas.parquet: the atlas cannot be read"), page
    for page, found in of_the_card.items():
        assert found.says("RBFOX1_PU", "card.json cannot be read (it is not JSON)"), page
    assert seen[""].figures, "the card of RBFOX1 is whole, so its motif is shown"
    assert seen["models"].figures, "the models can be compared by their cards"
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "the home folder /dev/null cannot be used" in log


def test_without_any_model_page_and_command_say_so(installation):
    shutil.rmtree(installation.pretrained)
    assert_one_sentence(installation.run("predict", "--rbp", "RBFOX1", "--seq", RNA), "no models are installed")
    listed = installation.run("list")
    assert listed.returncode == 0
    assert "no models are installed" in listed.stderr
    with installation.serve() as server:
        for page in ("", "hypothesis"):
            assert server.open(page).says("No models are installed"), page


def test_without_the_profile_a_command_says_so_in_one_sentence(installation):
    (installation.pretrained / "profile.json").unlink()
    refused = installation.run("gia", "--rbp", "RBFOX1", "--pattern", "UGCAUG@18")
    assert_one_sentence(refused, "profile.json: the bundled background profile cannot be read (No such file or directory)")
    scored = installation.run("predict", "--rbp", "RBFOX1", "--seq", RNA)
    assert scored.returncode == 0, scored.stderr


@pytest.mark.parametrize("flips", [1, 100])
def test_flipped_bits_of_the_atlas_are_noticed(tmp_path, flips):
    """Parquet alone would not notice: two of three flipped bits gave other numbers in silence."""
    path = tmp_path / "atlas.parquet"
    original = (PRETRAINED / "atlas.parquet").read_bytes()
    table = read_atlas(PRETRAINED / "atlas.parquet").table
    rng = np.random.default_rng(0)
    for _ in range(12):
        content = np.frombuffer(original, np.uint8).copy()
        content[rng.integers(0, len(content), flips)] ^= np.uint8(1) << rng.integers(0, 8, flips).astype(np.uint8)
        path.write_bytes(content.tobytes())
        with contextlib.suppress(DataError):
            assert read_atlas(path).table.equals(table), "other numbers in silence"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("trunk.json", None, "trunk.json is missing"),
        ("trunk.json", b"{", "trunk.json is damaged"),
        ("trunk.json", b"[1, 2]", "trunk.json is damaged"),
        ("trunk.json", b'{"sha256": 1, "experiments": []}', "trunk.json is damaged"),
        ("trunk.json", b"[" * 100_000, "trunk.json is damaged"),
        ("trunk.safetensors", None, "trunk.safetensors cannot be read"),
        ("trunk.safetensors", b"", "wrong SHA-256"),
    ],
)
def test_a_damaged_trunk_comes_with_the_ways_out(tmp_path, name, content, says):
    folder = tmp_path / "trunk"
    shutil.copytree(TRUNK, folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelError) as refusal:
        open_trunk(folder)
    assert says in str(refusal.value)
    assert "run './rbind train --trunk' first, or train from scratch" in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1
