"""Which columns of a table are read: found out where that is clear, otherwise asked; and what is never taken silently."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rbind_core.data.table_column_choice import UnclearColumnError
from rbind_core.data.tables import left_out, look_at_columns, read_table
from rbind_core.errors import DataError
from rbind_core.rna.sequences import decode

N = 520
RNG = np.random.default_rng(11)


def letters(length: int, alphabet: str = "ACGU") -> list[str]:
    return ["".join(row) for row in RNG.choice(list(alphabet), (N, length))]


SCORES = [f"{score:.3f}" for score in np.round(RNG.normal(size=N), 3)]
RNAS = letters(30)
COLUMNS = {
    "rna": RNAS,
    "score": SCORES,
    "other": [f"{float(score) * -2 + 1:.3f}" for score in SCORES],
    "from 0": [str(n) for n in range(N)],
    "from 1": [str(n + 1) for n in range(N)],
    "shuffled": [str(n) for n in RNG.permutation(N)],
    "subset": [str(n) for n in np.sort(RNG.choice(9999, N, replace=False))],
    "ids": [str(n) for n in RNG.choice(10**6, N, replace=False)],
    "counts": [str(n) for n in RNG.integers(0, 90, N)],
    "p": [f"{p:.4f}" for p in RNG.random(N)],
    "barcode": letters(10),
    "constant": ["GGAAAUCGCC"] * N,
    "oligo": [f"AGATCCTAATACGACTCACTATAGGGAGCGT{rna.replace('U', 'T')}" for rna in RNAS],
    "dna": [rna.replace("U", "T").lower() for rna in RNAS],
    "name": [f"probe{n}" for n in range(N)],
    "chr": [f"chr{n % 22 + 1}" for n in range(N)],
    "long": [str(10**6 + 37 * n) for n in RNG.permutation(N)],
    "some genes": ["" if n % 20 == 0 else f"GENE{n}" for n in range(N)],
}


@pytest.fixture
def write(tmp_path):
    def write(columns: list[str], names: list[str] | None = None, separator: str = "\t", short: bool = False):
        rows = zip(*(COLUMNS[column] for column in columns), strict=True)
        header = [] if names is None else [names[1:] if short else names]
        path = tmp_path / "scores.tsv"
        path.write_text("\n".join(separator.join(row) for row in [*header, *rows]))
        return path

    return write


def assert_read(path, sequence: str | int, score: str | int, **chosen) -> None:
    table = read_table(path, **chosen)
    assert (table.sequence_column, table.score_column) == (sequence, score)
    assert decode(table.codes) == RNAS
    assert table.scores.tolist() == [float(score) for score in SCORES]


@pytest.mark.parametrize("index", ["from 0", "from 1", "shuffled", "subset", "ids"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("score", ["score", "RNCMPT00168", "Z", "log2FC", "mean_signal", "b"])
def test_an_index_is_not_the_score(write, index, separator, score):
    for name in ("", "Unnamed: 0", "id", "Probe_ID", "index"):
        assert_read(write([index, "rna", "score"], [name, "seq", score], separator), "seq", score)
    assert_read(write([index, "rna", "score"], ["", "seq", score], separator, short=True), "seq", score)
    if index not in ("ids",):
        assert_read(write([index, "rna", "score"], None, separator), 2, 3)


def test_row_names_that_are_words_and_a_header_one_short(write):
    assert_read(write(["name", "rna", "score"], ["", "seq", "score"], " ", short=True), "seq", "score")
    assert_read(write(["name", "score", "rna"], ["", "z", "probe_sequence"], "\t", short=True), "probe_sequence", "z")
    assert_read(write(["rna", "score"], ["", "score"], "\t", short=True), 1, "score")  # whose row names are the RNAs


@pytest.mark.parametrize(
    "name",
    [
        *("p", "p.value", "P_value", "adj.P.Val", "padj", "FDR", "q_value", "score_pvalue", "pval"),
        *("signal_sd", "sd", "SE", "sem", "score_var", "cv", "stderr", "signalSD"),
        *("start", "end", "length", "position", "GC", "gc_content", "mfe", "MFE", "counts", "n_reads", "rank", "count"),
    ],
)
@pytest.mark.parametrize("score", ["score", "mean_signal", "RNCMPT00168", "enrichment", "Intensity"])
def test_what_stands_beside_a_score_is_not_taken(write, name, score):
    for kind in ("p", "counts"):
        assert_read(write([kind, "rna", "score"], [name, "rna", score]), "rna", score)


def test_coordinates_are_not_taken(write):
    columns = ["chr", "long", "ids", "rna", "score"]
    assert_read(write(columns, ["chrom", "start", "end", "sequence", "enrichment"]), "sequence", "enrichment")


@pytest.mark.parametrize("name", ["p_value", "signal_sd", "length", "mfe", "index", "start", "GC"])
def test_alone_they_are_asked_for(write, name):
    with pytest.raises(DataError, match=f'only column "{name}" could be the score, .* say so with --score-column'):
        read_table(write(["rna", "p"], ["seq", name]))
    assert read_table(write(["rna", "p"], ["seq", name]), score_column=name).score_column == name


@pytest.mark.parametrize("index", ["from 0", "from 1", "shuffled", "subset"])
def test_numbers_of_the_lines_alone_are_asked_for(write, index):
    with pytest.raises(DataError, match="only column 2 could be the score"):
        read_table(write(["rna", index]))


def test_counts_alone_are_the_scores(write):
    assert read_table(write(["rna", "counts"])).score_column == 2
    table = read_table(write(["from 1", "rna", "counts"], ["id", "seq", "count"]))
    assert table.score_column == "count"


@pytest.mark.parametrize(
    ("names", "candidates"),
    [
        (["seq", "a", "b"], '"a" or "b"'),
        (["seq", "RNCMPT00168", "RNCMPT00169"], '"RNCMPT00168" or "RNCMPT00169"'),
        (["seq", "score", "intensity"], '"score" or "intensity"'),
        (["seq", "signal_1", "signal_2"], '"signal_1" or "signal_2"'),
        (["seq", "score", "score"], "2 or 3"),
        (None, "2 or 3"),
    ],
)
def test_where_two_could_be_the_score_both_are_named(write, names, candidates):
    path = write(["rna", "score", "other"], names)
    with pytest.raises(UnclearColumnError) as error:
        read_table(path)
    assert str(error.value) == f"scores.tsv: the score could be in column {candidates}; choose one with --score-column"
    assert_read(path, names[0] if names else 1, error.value.candidates[0], score_column=2)
    assert read_table(path, score_column="3").scores[0] == float(COLUMNS["other"][0])


def test_many_candidates_make_one_short_line(tmp_path):
    rows = [[rna, *RNG.normal(size=30).round(3).astype(str)] for rna in RNAS]
    path = tmp_path / "scores.tsv"
    path.write_text("\n".join("\t".join(row) for row in [["seq", *(f"RNCMPT{n:05}" for n in range(30))], *rows]))
    with pytest.raises(UnclearColumnError, match=r'"RNCMPT00003" and 26 more; choose one'):
        read_table(path)
    assert read_table(path, score_column="RNCMPT00007").scores[0] == float(rows[0][8])


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["barcode", "rna", "score"], ["barcode", "sequence", "score"]),
        (["barcode", "rna", "score"], ["BC1", "insert", "score"]),
        (["rna", "barcode", "score"], ["variant", "umi", "score"]),
        (["constant", "rna", "score"], ["adapter", "insert", "score"]),
        (["constant", "rna", "score"], ["a", "b", "score"]),
        (["constant", "rna", "score"], None),
        (["oligo", "rna", "score"], ["oligo", "rna", "score"]),
        (["oligo", "rna", "score"], ["sequence", "insert", "score"]),
        (["oligo", "rna", "score"], None),
        (["dna", "rna", "score"], ["DNA", "RNA", "score"]),
        (["dna", "rna", "score"], None),
        (["some genes", "rna", "score"], ["gene", "seq", "score"]),
        (["barcode", "constant", "oligo", "rna", "score"], ["barcode", "primer", "oligo", "probe_sequence", "score"]),
    ],
)
def test_the_rna_is_taken_not_what_stands_beside_it(write, columns, names):
    table = read_table(write(columns, names))
    assert decode(table.codes) == RNAS
    assert len(table.rejected) == 0


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["barcode", "rna", "score"], None),
        (["barcode", "rna", "score"], ["a", "b", "score"]),
        (["barcode", "oligo", "score"], None),
        (["barcode", "oligo", "score"], ["barcode", "oligo", "score"]),
        (["barcode", "oligo", "score"], ["a", "b", "score"]),
    ],
)
def test_where_two_could_be_the_rna_it_is_asked(write, columns, names):
    path = write(columns, names)
    candidates = "1 or 2" if names is None else f'"{names[0]}" or "{names[1]}"'
    with pytest.raises(
        UnclearColumnError, match=f"the sequence could be in column {candidates}; choose one with --sequence-column"
    ):
        read_table(path)
    assert decode(read_table(path, sequence_column=1).codes) == COLUMNS["barcode"]


def test_rnas_with_many_barcodes_each(tmp_path):
    """The barcodes are the more diverse."""
    path = tmp_path / "scores.tsv"
    lines = [
        f"{barcode}\t{RNAS[n % 100]}\t{score}" for n, (barcode, score) in enumerate(zip(COLUMNS["barcode"], SCORES, strict=True))
    ]
    path.write_text("\n".join(lines))
    with pytest.raises(UnclearColumnError, match="column 1 or 2"):
        read_table(path)
    path.write_text("\n".join(["tag\tvariant\tscore", *lines]))
    table = read_table(path)
    assert table.sequence_column == "variant"
    assert "420 of 520 rows repeat an RNA; all rows of an RNA go to one part" in table.notes


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"score_column": "nothing"}, 'there is no column "nothing" for the score; the columns are "seq", "a", "b"'),
        ({"score_column": "0"}, 'there is no column "0"'),
        ({"score_column": 9}, 'there is no column "9"'),
        ({"score_column": "seq"}, r"column 1 \(seq\) does not hold numbers but"),
        ({"sequence_column": "a"}, r"column 2 \(a\) does not hold sequences but"),
        ({"sequence_column": 2}, r"column 2 \(a\) does not hold sequences but"),
    ],
)
def test_a_column_that_cannot_be_chosen_is_refused(write, chosen, message):
    with pytest.raises(DataError, match=message):
        read_table(write(["rna", "score", "other"], ["seq", "a", "b"]), **chosen)


def test_a_name_is_taken_in_any_case_and_before_a_number(write):
    assert_read(write(["rna", "score", "other"], ["Seq", "A", "2"]), "Seq", "A", score_column="a", sequence_column="seq")
    assert read_table(write(["rna", "score", "other"], ["Seq", "A", "2"]), score_column="2").score_column == "2"
    assert read_table(write(["rna", "score", "other"], ["Seq", "A", "2"]), score_column=2).score_column == "A"


@pytest.mark.parametrize("separator", [";", "\t", " "])
def test_decimal_commas_and_typographic_minus_are_read(tmp_path, separator):
    path = tmp_path / "scores.csv"
    written = [score.replace(".", ",").replace("-", "\u2212") for score in SCORES]
    path.write_text("\n".join(f"{rna}{separator}{score}" for rna, score in zip(RNAS, written, strict=True)))
    assert_read(path, 1, 2)
    assert "commas were read as decimal commas" in read_table(path).notes


def test_decimal_commas_between_commas_are_refused(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(["sequence,score", *(f"{r},{s.replace('.', ',')}" for r, s in zip(RNAS, SCORES, strict=True))]))
    with pytest.raises(DataError, match="the header names 2 columns, the lines have 3; if the numbers have decimal commas"):
        read_table(path)


@pytest.mark.parametrize("missing", ["NA", "", "NaN", "nan", "null", "N/A", "."])
def test_missing_scores_are_left_out_however_many_come_first(tmp_path, missing):
    path = tmp_path / "scores.tsv"
    scores = [*[missing] * 200, *SCORES]
    path.write_text(
        "\n".join(["seq\tscore", *(f"{rna}\t{score}" for rna, score in zip([*RNAS[:200], *RNAS], scores, strict=True))])
    )
    table = read_table(path)
    assert (table.rows, len(table.codes)) == (720, 520)
    found = left_out(table)
    assert len(found) == 100  # of each reason so many are listed
    assert found[0] == {"line": 2, "reason": "the score is missing", "count": 200}


def test_a_constant_that_is_small_where_binding_is_strong_is_taken_with_a_note(write):
    for chosen in ({}, {"score_column": 3}):
        table = read_table(write(["p", "rna", "score"], ["mfe", "seq", "Kd_nM"]), **chosen)
        assert table.score_column == "Kd_nM"
        assert any("if it is small where binding is strong, give its negative logarithm" in note for note in table.notes)


def test_a_score_that_counts_up_is_taken_with_a_note(write):
    table = read_table(write(["rna", "from 1"], ["seq", "score"]))
    assert any("its whole numbers look like numbers of the lines" in note for note in table.notes)


def test_a_long_name_is_cut_in_messages(write):
    path = write(["rna", "score", "other"], ["seq", "a" * 900, "b" * 900])
    with pytest.raises(UnclearColumnError) as error:
        read_table(path)
    assert len(str(error.value)) < 250
    assert len(read_table(path, score_column=3).columns[1]) < 90


def test_what_a_table_looks_like_is_told_without_a_choice(write):
    columns = look_at_columns(write(["name", "rna", "score", "other"], ["n", "seq", "a", "b"]))
    assert (columns.sequence, columns.score, columns.perhaps_score) == (1, None, (2, 3))
    assert columns.names == ("n", "seq", "a", "b")
    assert columns.first[0] == ("probe0", RNAS[0], SCORES[0], COLUMNS["other"][0])


def unclear_columns(path) -> UnclearColumnError | None:
    try:
        read_table(path)
    except UnclearColumnError as error:
        return error
    return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    separator=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    header=st.booleans(),
    index=st.sampled_from([None, "from 0", "from 1", "shuffled", "subset", "name"]),
    order=st.permutations(["rna", "score"]),
    extra=st.sampled_from([None, "p", "counts", "chr"]),
    sequence_name=st.sampled_from(["sequence", "Seq", "RNA", "x1"]),
    score_name=st.sampled_from(["score", "Intensity", "RNCMPT00168", "my measure", "log_kd"]),
    seed=st.integers(0, 99),
)
def test_a_written_table_comes_back_exactly_or_its_candidates_are_named(
    tmp_path, separator, quoting, header, index, order, extra, sequence_name, score_name, seed
):
    rows = np.random.default_rng(seed).permutation(N)
    columns = [*([index] if index else []), *order, *([extra] if extra else [])]
    names = {"rna": sequence_name, "score": score_name, "p": "p_value", "counts": "count", "chr": "chrom", index: ""}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=quoting)
    if header:
        writer.writerow([names[column] for column in columns])
    for line, row in enumerate(rows):  # the index numbers the lines as they are written
        fields = {c: COLUMNS[c][line if c in ("from 0", "from 1", "subset") else row] for c in columns}
        writer.writerow([float(v) if c in ("score", "p") else v for c, v in fields.items()])
    path = tmp_path / "scores.txt"
    path.write_text(text.getvalue())
    wanted = names["score"] if header else columns.index("score") + 1
    unclear = unclear_columns(path)
    if unclear is not None:
        assert not header
        assert unclear.what == "score"
        assert wanted in unclear.candidates
        assert str(unclear).endswith("choose one with --score-column")
    table = read_table(path, score_column=wanted if unclear else None)
    assert decode(table.codes) == [RNAS[row] for row in rows]
    assert table.scores.tolist() == [float(SCORES[row]) for row in rows]
