import gzip

import numpy as np
import pytest

from rbind_core.data import tables
from rbind_core.data.tables import read_table
from rbind_core.errors import DataError
from rbind_core.rna.sequences import decode


@pytest.fixture
def rows():
    rng = np.random.default_rng(3)
    return [("".join(rng.choice(list("ACGU"), rng.integers(30, 39))), round(float(rng.normal()), 3)) for _ in range(600)]


@pytest.fixture
def write(tmp_path):
    def write(text, name="table.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";"])
@pytest.mark.parametrize("score_first", [True, False])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("dna", [True, False])
def test_every_usual_form_is_read(rows, write, separator, score_first, header, dna):
    written = [(sequence.replace("U", "T").lower() if dna else sequence, str(score)) for sequence, score in rows]
    lines = [("sequence", "score"), *written] if header else written
    table = read_table(write("\n".join(separator.join(reversed(line) if score_first else line) for line in lines)))
    assert decode(table.codes) == [sequence for sequence, _ in rows]
    np.testing.assert_array_equal(table.scores, [score for _, score in rows])
    assert not table.rejected
    assert table.notes == (["the first line was read as a header"] if header else [])


def test_a_packed_table_is_read(rows, write):
    text = "\n".join(f"{score} {sequence}" for sequence, score in rows)
    assert len(read_table(write(gzip.compress(text.encode()), "table.txt.gz")).codes) == len(rows)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("NAN\tACGUACGUACGUACGUACGUACGUACGUACGU", "the score is missing"),
        ("1.5\tNA", "the sequence is missing"),
        ("inf\tACGUACGUACGUACGUACGUACGUACGUACGU", "not a finite number"),
        ("high\tACGUACGUACGUACGUACGUACGUACGUACGU", "not a number"),
        ("1.5\tACGUNCGUACGUACGUACGUACGUACGUACGU", "not one of A, C, G, U"),
        ("1.5\t" + "ACGU" * 11, "longer than 41 nt"),
        ("1.5", "a column is missing"),
        ("1,5\tACGUACGUACGUACGUACGUACGUACGUACGU", "write numbers with a decimal point"),
        ("1,234.5\tACGUACGUACGUACGUACGUACGUACGUACGU", "write numbers with a decimal point"),
        ("1_000\tACGUACGUACGUACGUACGUACGUACGUACGU", "not a number"),
        ("1e300\tACGUACGUACGUACGUACGUACGUACGUACGU", "beyond 1e+30"),
        ("1.5\tACGUACG", "shorter than 8 nt"),
        ("ACGUACGUACGUACGUACGUACGUACGUACGU\t1.5", "the other way round"),
        ("score\tsequence", "not a number"),
        ("1.5\tACGU\u00b5CGUACGUACGUACGUACGUACGU", "not one of A, C, G, U"),
    ],
)
@pytest.mark.parametrize("line", [3, 100])
def test_an_unusable_line_is_left_out_and_reported_with_its_number(rows, write, bad, reason, line):
    lines = [f"{score}\t{sequence}" for sequence, score in rows]
    lines.insert(line - 1, bad)
    table = read_table(write("\n".join(lines)))
    assert len(table.codes) == len(rows)
    assert [item.line for item in table.rejected] == [line]
    assert reason in table.rejected[0].reason
    assert f"1 of 601 lines left out, first line {line}" in table.notes[0]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("encoding", "line_end"),
    [("utf-8", "\r\n"), ("utf-8", "\r"), ("utf-8-sig", "\n"), ("utf-16", "\r\n"), ("utf-16", "\n"), ("latin-1", "\n")],
)
def test_files_of_other_systems_are_read(rows, write, encoding, line_end, packed):
    lines = ["sequence\tIntensit\u00e4t", *(f"{sequence}\t{score}" for sequence, score in rows)]
    content = line_end.join(lines).encode(encoding)
    table = read_table(write(gzip.compress(content) if packed else content))
    assert decode(table.codes) == [sequence for sequence, _ in rows]
    assert table.notes == ["the first line was read as a header"]


def test_utf_16_of_the_other_byte_order_is_read(rows, write):
    text = "\ufeff" + "\n".join(f"{sequence}\t{score}" for sequence, score in rows)
    assert len(read_table(write(text.encode("utf-16-be"))).codes) == len(rows)


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("separator", [",", ", ", ";", "\t", " "])
def test_quoted_fields_are_read(rows, write, quote, separator):
    table = read_table(write("\n".join(f"{quote}{s}{quote}{separator}{quote}{score}{quote}" for s, score in rows)))
    np.testing.assert_array_equal(table.scores, [score for _, score in rows])
    assert decode(table.codes) == [sequence for sequence, _ in rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_a_sequence_of_exactly_41_nt_is_used(write, rows, separator):
    lines = [f"{(sequence * 2)[:41]}{separator}{score}" for sequence, score in rows]
    table = read_table(write("\n".join(lines)))
    assert not table.rejected
    assert (table.codes < 4).all()


@pytest.mark.parametrize(
    ("header", "column", "named"),
    [
        ("number,sequence,score,error", 2, "column 3 (score)"),
        ("number,rna,error,Mean_Intensity", 3, "column 4 (Mean_Intensity)"),
    ],
)
def test_of_several_columns_of_numbers_the_one_taken_is_said(rows, write, header, column, named):
    fields = [(float(number), sequence, score, -score) for number, (sequence, score) in enumerate(rows)]
    lines = [",".join(map(str, line)) for line in fields]
    table = read_table(write("\n".join([header, *lines] if header else lines)))
    assert table.notes[-1] == f"3 columns hold numbers; {named} was taken as the score"
    np.testing.assert_array_equal(table.scores, [line[column] for line in fields])


def test_the_index_that_pandas_writes_is_not_taken_for_the_score(rows, write):
    lines = [f"{number},{sequence},{score}" for number, (sequence, score) in enumerate(rows)]
    table = read_table(write("\n".join([",sequence,score", *lines])))
    np.testing.assert_array_equal(table.scores, [score for _, score in rows])


def test_comments_and_empty_lines_are_passed_over_but_counted(rows, write):
    lines = ["# made by hand", "", *(f"{sequence} {score}" for sequence, score in rows), "ACGUACGUACGU nan"]
    assert [item.line for item in read_table(write("\n".join(lines))).rejected] == [603]


def broken_tables(rows):
    lines = [f"{score}\t{sequence}" for sequence, score in rows]
    packed = gzip.compress("\n".join(lines).encode())
    yield "no numeric column", "\n".join(sequence for sequence, _ in rows), "a column of numbers is missing"
    yield "no sequences", "\n".join(f"{score}\t7" for _, score in rows), "a column of RNA or DNA sequences is missing"
    yield "equal scores", "\n".join(f"1.5\t{sequence}" for sequence, _ in rows), "all 600 scores are 1.5"
    yield "12 rows", "\n".join(lines[:12]), "12 usable lines; at least 500"
    yield "all with N", "\n".join(f"{score}\tN{sequence}" for sequence, score in rows), "the first is line 1: N: not one of"
    yield "all NaN", "\n".join(f"nan\t{sequence}" for sequence, _ in rows), "the first is line 1: the score is missing"
    yield "equal sequences", "\n".join(f"{score}\tACGUACGUACGU" for _, score in rows), "all 600 sequences are ACGUACGUACGU"
    yield "few sequences", "\n".join(f"{score}\tACGUACGUACG{'ACGU'[n % 4]}" for n, (_, score) in enumerate(rows)), "4 different"
    yield "FASTA", "\n".join(f">{score}\n{sequence}" for sequence, score in rows), "this is FASTA"
    yield "FASTQ", "\n".join(f"@r\n{sequence}\n+\n{'I' * len(sequence)}" for sequence, _ in rows), "this is FASTQ"
    yield "7-mers", "\n".join(f"{s[:7]}\t{score}" for s, score in rows), "the sequences are 7 nt; 8 to 41 are needed"
    yield "5- to 7-mers", "\n".join(f"{s[: 5 + n % 3]},{score}" for n, (s, score) in enumerate(rows)), "are 5 to 7 nt; 8 to 41"
    yield "empty", "", "the file is empty"
    yield "cut-off gzip", packed[: len(packed) // 2], "ends early or is damaged after line"
    yield "cut-off gzip header", packed[:5], "ends early or is damaged after line 0"
    yield "binary", b"\x00\xff\xfe\xfa" * 900, "line 1 is not text"
    yield "binary with a byte order mark", b"\xff\xfe\xfa" * 900, "a column of RNA or DNA sequences is missing"
    yield "UTF-16 without a byte order mark", "\n".join(lines).encode("utf-16-le"), "line 1 is not text"
    yield "empty and packed", gzip.compress(b""), "the file is empty"
    yield "comments only", "# nothing\n" * 900, "the file is empty"
    yield "header only", "sequence\tscore\n", "sequences is missing (line 1: sequence score)"
    yield "infinite", "\n".join(f"-inf\t{s}" for s, _ in rows), "line 1: -inf: not a finite number"
    yield "too long", "\n".join(f"{score}\t{'ACGU' * 11}" for _, score in rows), "the first is line 1: sequence longer than 41 nt"
    swapped = [f"{sequence}\t{score}" for sequence, score in rows]
    yield "swapped halfway", "\n".join(lines[:300] + swapped[300:]), "300 of 600 lines cannot be used; the first is line 301: seq"
    yield "thousands", "\n".join(f"{sequence}\t1,{n:03}.5" for n, (sequence, _) in enumerate(rows)), "line 1: 1,000.5: write"
    yield "one huge line", "ACGU" * 1_000_000, "line 1 is longer than 10,000 letters"
    yield "a huge line later", "\n".join([*lines, "x" * 20_000]), "line 601 is longer than 10,000 letters"


NAMES_OF_BROKEN_TABLES = [name for name, *_ in broken_tables([("ACGU", 1.0)])]


@pytest.mark.parametrize("name", NAMES_OF_BROKEN_TABLES)
def test_a_table_that_makes_no_sense_is_refused_in_one_sentence(rows, write, name):
    content, message = {name: rest for name, *rest in broken_tables(rows)}[name]
    with pytest.raises(DataError) as error:
        read_table(write(content))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_of_2_gb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # takes no room on the disk
    with pytest.raises(DataError, match=r"huge\.txt: 2,000 MB; at most 200 MB can be read"):
        read_table(path)


def test_a_packed_file_is_refused_when_it_unpacks_to_too_much(write, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_FILE", 100_000)
    with pytest.raises(DataError, match="unpacked"):
        read_table(write(gzip.compress(b"1.0 ACGUACGUACGU\n" * 100_000)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path / "nothing.txt")


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path)
