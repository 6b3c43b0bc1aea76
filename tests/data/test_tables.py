import gzip

import numpy as np
import pytest

from rbind_core.data import tables
from rbind_core.data.tables import read_table
from rbind_core.errors import DataError
from rbind_core.sequences import decode


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
        ("NAN\tACGUACGUACGUACGUACGUACGUACGUACGU", "not a finite number"),
        ("inf\tACGUACGUACGUACGUACGUACGUACGUACGU", "not a finite number"),
        ("high\tACGUACGUACGUACGUACGUACGUACGUACGU", "not a number"),
        ("1.5\tACGUNCGUACGUACGUACGUACGUACGUACGU", "not one of A, C, G, U"),
        ("1.5\t" + "ACGU" * 11, "longer than 41 nt"),
        ("1.5", "a column is missing"),
    ],
)
def test_an_unusable_line_is_left_out_and_reported_with_its_number(rows, write, bad, reason):
    lines = [f"{score}\t{sequence}" for sequence, score in rows]
    lines.insert(99, bad)
    table = read_table(write("\n".join(lines)))
    assert len(table.codes) == len(rows)
    assert [item.line for item in table.rejected] == [100]
    assert reason in table.rejected[0].reason
    assert "1 of 601 lines left out, first line 100" in table.notes[0]


def broken_tables(rows):
    lines = [f"{score}\t{sequence}" for sequence, score in rows]
    packed = gzip.compress("\n".join(lines).encode())
    yield "no numeric column", "\n".join(sequence for sequence, _ in rows), "a column of numbers is missing"
    yield "no sequences", "\n".join(f"{score}\t7" for _, score in rows), "a column of RNA or DNA sequences is missing"
    yield "equal scores", "\n".join(f"1.5\t{sequence}" for sequence, _ in rows), "all 600 scores are 1.5"
    yield "12 rows", "\n".join(lines[:12]), "12 usable lines; at least 500"
    yield "all with N", "\n".join(f"{score}\tN{sequence}" for sequence, score in rows), "the first is line 1: N: not one of"
    yield "all NaN", "\n".join(f"nan\t{sequence}" for sequence, _ in rows), "the first is line 1"
    yield "empty", "", "the file is empty"
    yield "cut-off gzip", packed[: len(packed) // 2], "ends early or is damaged after line"
    yield "binary", b"\x00\xff\xfe\xfa" * 900, "line 1 is not text"


@pytest.mark.parametrize("number", range(9))
def test_a_table_that_makes_no_sense_is_refused_in_one_sentence(rows, write, number):
    _, content, message = list(broken_tables(rows))[number]
    with pytest.raises(DataError) as error:
        read_table(write(content))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_huge_file_is_refused_before_it_is_read(write, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_FILE", 1000)
    with pytest.raises(DataError, match="at most"):
        read_table(write("x" * 1001))


def test_a_packed_file_is_refused_when_it_unpacks_to_too_much(write, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_FILE", 100_000)
    with pytest.raises(DataError, match="unpacked"):
        read_table(write(gzip.compress(b"1.0 ACGUACGUACGU\n" * 100_000)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path / "nothing.txt")
