"""All proteins at one RNA: what is planted is named, what is random is not, and what is said follows from the numbers."""

import json

import numpy as np
import pytest

from rbind_core.errors import ModelError, SequenceError
from rbind_core.model.progress import reporting
from rbind_core.model.registry import list_models
from rbind_core.rna.sequences import LENGTH
from rbind_core.system.quoting import in_json
from rbind_core.who.networks import models_of_heads, open_networks
from rbind_core.who.ranking import compare, fold, who_binds, windows_to_score
from rbind_core.who.records import who_command, who_python, who_record, who_rows
from recipes.who_null import check_null
from tests.taught import FLY, HUR, install_taught_models
from tests.who.toys import FOX, HEADS, OTHERS, ToyPanel, planted_rna, random_rna, toy_networks


def ask(rna, networks=None, seed=0):
    return who_binds(rna, networks or toy_networks(), np.random.default_rng(seed))


def test_a_planted_site_is_named_at_its_place():
    found = ask(planted_rna())
    best = found.rows[0]
    assert (best.experiment, best.protein) == (FOX, "RBFOX1")
    assert [row.experiment for row in found.called] == [FOX]
    assert best.place.start <= 101 <= best.place.end
    assert best.place.window == planted_rna()[best.place.start - 1 : best.place.end]
    assert best.place.window[best.place.site_start - best.place.start :].startswith(best.place.site)
    assert "UGCAUG" in best.place.site
    assert best.percentile > 99.9
    assert found.sentence.startswith("RBFOX1 stands out against shuffles")


def test_an_rna_without_a_site_names_nobody():
    found = ask(random_rna(300, 12))
    assert found.called == []
    assert found.sentence.startswith("No protein stands out")


def test_among_random_rnas_few_have_a_protein_named():
    found = check_null(toy_networks(), np.random.default_rng(1), rnas=40, length=120)
    assert found.share <= 0.15
    assert found.p_below(0.1) == pytest.approx(0.1, abs=0.08)


def test_the_check_of_the_null_notices_a_network_that_sees_more_in_the_rna_than_in_its_shuffles():
    class Partial(ToyPanel):
        """Adds to all that it is asked first, which is the RNA itself."""

        def predict_all(self, codes):
            return super().predict_all(codes) + (100 if len(codes) == 120 - LENGTH + 1 else 0)

    assert check_null(toy_networks(Partial()), np.random.default_rng(1), rnas=4, length=120).share == 1


def test_rows_go_from_the_least_probable_to_the_most_and_q_follows_benjamini_and_hochberg():
    rows = ask(random_rna(200, 3)).rows
    p = np.array([row.p for row in rows])
    assert sorted(p) == p.tolist()
    by_hand = np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
    assert [row.q for row in rows] == pytest.approx(np.minimum(by_hand, 1).tolist())


def test_the_score_is_that_of_the_best_window():
    rna = random_rna(150, 4)
    found = ask(rna)
    everywhere = ToyPanel().predict_all(_windows(rna))
    for row in found.rows:
        column = everywhere[:, HEADS.index(row.experiment)]
        assert row.score == pytest.approx(column.max(), rel=1e-3)
        assert row.place.start == column.astype(np.float16).argmax() + 1


def _windows(rna):
    from rbind_core.rna.sequences import encode

    return encode([rna[i : i + LENGTH] for i in range(len(rna) - LENGTH + 1)])


def test_networks_that_see_the_opposite_do_not_agree():
    networks = toy_networks(ToyPanel(), ToyPanel(), ToyPanel(sign=-1))
    best = ask(planted_rna(), networks).rows[0]
    assert (best.experiment, best.agree, best.networks) == (FOX, 2, 3)
    assert ask(planted_rna()).rows[0].agree == 1


def test_numbers_depend_on_the_seed_alone_and_not_on_other_networks():
    first = ask(planted_rna(), seed=7)
    again = ask(planted_rna(), toy_networks(ToyPanel(), ToyPanel(9)), seed=7)
    assert [(r.experiment, r.p, r.percentile) for r in first.rows] == [(r.experiment, r.p, r.percentile) for r in again.rows]
    assert [r.p for r in first.rows] != [r.p for r in ask(planted_rna(), seed=8).rows]


@pytest.mark.parametrize(("length", "panels"), [(11, 1), (41, 2), (60, 1), (300, 3), (12_000, 2)])
def test_progress_counts_the_windows_that_are_scored(length, panels):
    done = []
    with reporting(done.append):
        found = ask(random_rna(length, 1), toy_networks(*(ToyPanel(n) for n in range(panels))))
    assert sum(done) == windows_to_score("A" * length, panels)
    assert found.track.windows == max(length - LENGTH, 0) + 1


def test_a_stop_while_it_reports_ends_it():
    def stop(number):
        raise KeyboardInterrupt

    with reporting(stop), pytest.raises(KeyboardInterrupt):
        ask(random_rna(300, 1))


def test_windows_with_unknown_letters_are_left_out_and_said():
    rna = random_rna(90, 1) + "N" + planted_rna(120, 51)
    found = ask(rna)
    assert found.note == "41 of 171 windows hold letters such as N and are left out."
    assert all("N" not in row.place.window for row in found.rows)
    assert ask(random_rna(90, 1)).note is None


@pytest.mark.parametrize(
    ("rna", "says"),
    [
        ("ACGU", "the RNA is 4 nt long; allowed are 11 to 100,000 nt"),
        ("A" * 100_001, "the RNA is 100,001 nt long"),
        ("N" * 60, "every window of 41 nt holds a letter such as N"),
        ("ACGUACGUAN", "the RNA is 10 nt long"),
        ("ACGUACGUACGN", "every window"),
    ],
)
def test_what_cannot_be_scored_is_said_in_a_sentence(rna, says):
    with pytest.raises(SequenceError, match=says):
        ask(rna)


def test_rnas_of_one_letter_have_an_answer():
    found = ask("U" * 80)
    assert found.called == []
    assert all(0 < row.q <= 1 for row in found.rows)


def test_similar_proteins_fold_into_the_row_of_the_best():
    rows = ask(planted_rna()).rows
    group = {FOX: "GCAUGU", OTHERS[1]: "GCAUGU", OTHERS[2]: ""}
    folded = fold(rows, group)
    assert folded[0].best.experiment == FOX
    assert [row.experiment for row in folded[0].others] == [OTHERS[1]]
    assert folded[0].group == "GCAUGU"
    assert [one.group for one in folded[1:]] == ["", ""]
    assert [one.best for one in fold(rows, {})] == list(rows)


def test_two_rnas_differ_most_in_the_protein_whose_site_one_of_them_has():
    without, with_ = ask(random_rna(300, 5)), ask(planted_rna())
    differences = compare(without, with_)
    assert differences[0].first.experiment == FOX
    assert differences[0].change == with_.rows[0].score - next(r.score for r in without.rows if r.experiment == FOX)
    assert [abs(one.change) for one in differences] == sorted((abs(one.change) for one in differences), reverse=True)
    assert differences[0].record["difference"] > 0
    assert differences[0].record["site_2"] == with_.rows[0].place.site
    assert all(one.change == 0 for one in compare(with_, with_))


def test_the_record_has_the_promised_keys_in_strict_json():
    record = json.loads(in_json(who_record(ask(planted_rna()), 0)))
    first = record["proteins"][0]
    assert {"protein", "experiment", "grade", "family", "score", "percentile", "q", "site"} <= first.keys()
    assert {"start", "end", "window", "site_start", "site"} == first["site"].keys()
    assert record["proteins"] == sorted(record["proteins"], key=lambda row: row["p"])
    assert record["random_windows"] == 20_000
    assert "not occupancy" in record["says_not"][0]
    assert "taught" in record["says_not"][1]


def test_rows_for_files_are_flat():
    for row in who_rows(ask(random_rna(100, 1))):
        assert all(isinstance(value, str | int | float) for value in row.values())


def test_command_and_python_name_the_rna_or_its_file():
    assert who_command("ACGU", 3) == "./rbind who --seq ACGU --seed 3 --json"
    assert who_command("ACGU", 3, "/a b.fa") == "./rbind who --fasta '/a b.fa' --seed 3 --json"
    compile(who_python("ACGU", 3), "x", "exec")
    assert "/a b.fa" in who_python("ACGU", 3, "/a b.fa")
    compile(who_python("ACGU", 3, "/a b.fa"), "x", "exec")


def test_the_site_is_a_construct_at_its_place_in_the_window():
    place = ask(planted_rna()).rows[0].place
    site, at = place.construct.split("@")
    assert place.window[int(at) - 1 :].startswith(site)


def test_rarity_is_a_power_of_ten_and_ends_where_nothing_is_rarer():
    null = ask(random_rna(300, 2)).null
    count = len(null.windows)
    levels = np.array([[-1e3], [np.float32(null.windows[count // 10 * 9, 1])], [1e3], [np.nan]])
    rare = null.rarity(levels, [1])[:, 0]
    assert rare[0] == 0
    assert rare[1] == pytest.approx(1, abs=0.01)
    assert rare[2] == pytest.approx(np.log10(count + 1))
    assert np.isnan(rare[3])


# The panels that are read


@pytest.fixture
def bundled(tmp_path, monkeypatch):
    return install_taught_models(tmp_path / "pretrained", monkeypatch)


def test_all_panels_are_opened_with_the_same_heads(bundled):
    networks = open_networks(list_models([bundled]))
    assert networks.names == tuple(f"panel-{n}" for n in range(1, 6))
    assert networks.heads == (HUR, FLY)
    assert networks.problems == ()
    found = ask(random_rna(120, 1), networks)
    assert {(row.protein, row.grade, row.networks) for row in found.rows} == {("HuR", "B", 5), ("FMR1", "B", 5)}
    assert found.networks == networks.names


def test_a_damaged_panel_is_left_out_with_a_sentence(bundled):
    panels = bundled.parent / "panels"
    (panels / "panel-2.safetensors").write_bytes(b"")
    (panels / "panel-4.json").write_text("{")
    (panels / "panel-3.json").unlink()
    (panels / "panel-3.safetensors").unlink()
    networks = open_networks(list_models([bundled]))
    assert networks.names == ("panel-1", "panel-5")
    assert [problem.split(":")[0] for problem in networks.problems] == ["panel-2 is left out", "panel-4 is left out"]


def test_without_any_panel_a_sentence_says_so(bundled):
    for file in (bundled.parent / "panels").iterdir():
        file.unlink()
    with pytest.raises(ModelError, match="no network that scores all proteins can be read"):
        open_networks(list_models([bundled]))
    with pytest.raises(ModelError, match="no bundled model can be used"):
        open_networks([])


def test_models_that_read_structure_or_are_a_users_own_have_no_head(toy_models):
    assert models_of_heads(list_models()) == {}
