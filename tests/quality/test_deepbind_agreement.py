"""DeepBind beside the served networks: what is said of it, and for whom."""

import pytest

from rbind_core.model.registry import find_model
from rbind_core.quality.deepbind_agreement import Agreement, agreement_with_deepbind


def test_the_sentence_names_the_kmer_the_correlation_and_n():
    said = Agreement("UUUUUU", 0.8123, 121031).sentence
    assert said == "DeepBind's best 6-mer is UUUUUU; the two models correlate at r = 0.81 over 121,031 probes"


def test_models_of_the_sequence_have_one_and_others_none(tmp_path):
    path = tmp_path / "agreement.tsv"
    path.write_text("experiment\ttop_kmer\tpearson\tn\nRNCMPT00168\tUGCAUG\t0.7\t100\n")
    assert agreement_with_deepbind(find_model("RNCMPT00168"), path) == Agreement("UGCAUG", 0.7, 100)
    assert agreement_with_deepbind(find_model("RBFOX1_PU"), path) is None
    assert agreement_with_deepbind(find_model("RNCMPT00071"), path) is None


@pytest.mark.parametrize("content", [None, "", "a\tb\n1\t2\n"])
def test_without_the_file_there_is_no_second_opinion(tmp_path, content):
    path = tmp_path / "agreement.tsv"
    if content is not None:
        path.write_text(content)
    assert agreement_with_deepbind(find_model("RNCMPT00168"), path) is None
