import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rbind_core.errors import DataError
from rbind_core.motifs import meme
from rbind_core.motifs.meme import PublishedMotif, read_meme, read_meme_file, write_meme

ROWS = ["0.7 0.1 0.1 0.1", "0 0 1 0", "0.25 0.25 0.25 0.25"]
MATRIX = [[0.7, 0.1, 0.1, 0.1], [0, 0, 1, 0], [0.25] * 4]


def file_of(
    rows=ROWS,
    header="MEME version 4",
    alphabet="ALPHABET= ACGU",
    motif="MOTIF M1 RBFOX1",
    matrix="letter-probability matrix: alength= 4 w= 3 nsites= 20 E= 0",
):
    """Nine lines: 1 header, 3 alphabet, 5 motif, 6 matrix, 7-9 rows."""
    return "\n".join([header, "", alphabet, "", motif, matrix, *rows, ""])


def random_motifs(n, seed=0):
    rng = np.random.default_rng(seed)
    return [PublishedMotif(f"M{i}", f"RBP{i}", rng.dirichlet([0.4] * 4, rng.integers(5, 25))) for i in range(n)]


# What is read.


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("header", ["MEME version 4", "MEME version 5.5.2 (Release date: Sun Jan 29 10:33:12 2023 -0800)"])
@pytest.mark.parametrize("alphabet", ["ALPHABET= ACGU", "ALPHABET=ACGT", "ALPHABET= acgt", ""])
def test_every_usual_form_is_read(newline, header, alphabet):
    (motif,) = read_meme(file_of(header=header, alphabet=alphabet).replace("\n", newline), "somewhere")
    assert (motif.name, motif.alternative, motif.source) == ("M1", "RBFOX1", "somewhere")
    assert motif.label == "RBFOX1 (M1)"
    np.testing.assert_allclose(motif.frequencies, MATRIX)


RNA_BLOCK = """ALPHABET "RNA" RNA-LIKE
A "Adenine = A" CC0000
C "Cytosine" 0000CC
# a comment
G "Guanine" FFB300
U "Uracil" 008000
N "Any base" = ACGU
T = U
END ALPHABET"""
DNA_BLOCK = 'ALPHABET "DNA" DNA-LIKE\nA "Adenine" CC0000 ~ T "Thymine" 008000\nC ~ G\nN = ACGT\nEND ALPHABET'


@pytest.mark.parametrize("block", [RNA_BLOCK, DNA_BLOCK])
def test_an_alphabet_that_is_spelt_out_is_read(block):
    assert len(read_meme(file_of(alphabet=block))) == 1


def test_what_meme_itself_writes_beside_the_matrices_is_passed_over():
    text = """********************
MEME - Motif discovery tool
********************
MEME version 5.0.5 (Release date: Mon Mar 18 20:12:19 2019 -0700)

ALPHABET= ACGT
Background letter frequencies
A 0.3 C 0.2 G 0.2 T 0.3
MOTIF GCATG MEME-1\twidth =   2  sites =  20  llr = 200
--------------------
\tMotif GCATG MEME-1 Description
Simplified        A  :7
log-odds matrix: alength= 4 w= 2 n= 1 bayes= 9 E= 0
  -100   -50   200   -100
  200   -50   -100   -100
--------------------
letter-probability matrix: alength= 4 w= 2 nsites= 20 E= 1.0e-10
 0.0 0.0 1.0 0.0
 0.0 1.0 0.0 0.0
--------------------
[AG]GCATG
Time  0.31 secs.
MOTIF  2\twidth =  1
letter-probability matrix:
 0.25 0.25 0.25 0.25
URL http://example.org
"""
    first, second = read_meme(text)
    assert (first.name, first.alternative, second.name, second.alternative) == ("GCATG", "MEME-1", "2", "")
    assert second.label == "2"
    np.testing.assert_array_equal(first.frequencies, [[0, 0, 1, 0], [0, 1, 0, 0]])
    np.testing.assert_array_equal(second.frequencies, [[0.25] * 4])


def test_rounded_rows_are_brought_to_sum_to_one():
    (motif,) = read_meme(file_of(["0.33 0.33 0.33 0.00", *ROWS[1:]]))
    np.testing.assert_allclose(motif.frequencies[0], [1 / 3, 1 / 3, 1 / 3, 0])


def test_names_are_kept_as_text_without_control_characters_and_of_limited_length():
    script = "<script>alert('x')</script>"
    (motif,) = read_meme(file_of(motif=f"MOTIF {script} \x1b[31mred\x07\u202e"))
    assert (motif.name, motif.alternative) == (script, "[31mred")
    (motif,) = read_meme(file_of(motif=f"MOTIF {'x' * 5000} {'y' * 5000}"))
    assert (motif.name, motif.alternative) == ("x" * 100, "y" * 100)


def test_several_motifs_of_one_protein_are_fine():
    second = "MOTIF M2 RBFOX1\nletter-probability matrix: w= 1\n0 0 0 1\n"
    assert [motif.label for motif in read_meme(file_of() + second)] == ["RBFOX1 (M1)", "RBFOX1 (M2)"]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20),
            st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=20).filter(lambda name: name != "="),
            st.integers(1, 20).flatmap(lambda width: arrays(float, (width, 4), elements=st.floats(0.001, 1))),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda motif: motif[0],
    )
)
def test_what_is_written_is_read_back(parts):
    motifs = [PublishedMotif(name, other, weights / weights.sum(axis=1, keepdims=True)) for name, other, weights in parts]
    again = read_meme(write_meme(motifs))
    assert [(m.name, m.alternative) for m in again] == [(m.name, m.alternative) for m in motifs]
    for one, other in zip(motifs, again, strict=True):
        np.testing.assert_allclose(one.frequencies, other.frequencies, atol=3e-6)


def test_names_are_written_as_one_word_each():
    (motif,) = read_meme(write_meme([PublishedMotif("my own motif", "two\nlines", np.array(MATRIX))]))
    assert (motif.name, motif.alternative) == ("my_own_motif", "two_lines")


# What is refused.


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["the file is empty", "MEME format"]),
        (" \n\t\n", ["the file is empty"]),
        ("\ufeff", ["the file is empty"]),
        ("PK\x03\x04\0\0", ["line 1 is not text"]),
        (file_of() + "\0", ["line 10 is not text"]),
        (">seq\nACGU\n", ["line 1", "'>seq'", "MEME version 4"]),
        (file_of(header=""), ["line 3", "'ALPHABET= ACGU'", "MEME version 4"]),
        ("MOTIF M1\n", ["line 1", "MEME version 4"]),
        (file_of(header="MEME versoin 4"), ["line 1", "'MEME versoin 4'"]),
        (file_of(alphabet="ALPHABET= ACDEFGHIKLMNPQRSTVWY"), ["line 3", "'ACDEFGHIKLMNPQRSTVWY'", "ACGU (RNA) and ACGT (DNA)"]),
        (file_of(alphabet="ALPHABET= UGCA"), ["line 3", "'UGCA'"]),
        (file_of(alphabet='ALPHABET "Protein" PROTEIN-LIKE\nA\nC\nD\nE\nEND ALPHABET'), ["line 3", "'ACDE'"]),
        (file_of(alphabet='ALPHABET "RNA" RNA-LIKE\nA\nC'), ["line 3", "END ALPHABET"]),
        ("MEME version 4\n\nALPHABET= ACGU\n", ["no motif", "MOTIF name"]),
        (file_of(motif="MOTIF"), ["line 5", "no name"]),
        (file_of(motif="MOTIF \x07"), ["line 5", "no name"]),
        (file_of(matrix="", rows=[]), ["line 5", "'M1'", "no letter-probability matrix"]),
        (file_of(matrix="letter-probability matrix: alength= 20 w= 3"), ["line 6", "alength= '20'", "allowed is 4"]),
        (file_of(matrix="letter-probability matrix: alength= 4 w= 4"), ["line 6", "w= 4", "3 rows"]),
        (file_of(matrix="letter-probability matrix: alength= 4 w= 2"), ["line 6", "w= 2", "3 rows"]),
        (file_of(matrix="letter-probability matrix: alength= 4 w= x"), ["line 6", "w= 'x'", "1-100"]),
        (file_of(matrix="letter-probability matrix: alength= 4 w= 0"), ["line 6", "w= '0'", "1-100"]),
        (file_of(matrix="letter-probability matrix: alength= 4 w= 101"), ["line 6", "w= '101'", "1-100"]),
        (file_of(matrix="letter-probability matrix: w= " + "9" * 5000), ["line 6", "1-100"]),
        (file_of(matrix="letter-probability matrix:", rows=ROWS * 34), ["line 107", "too long", "1-100"]),
        (file_of([*ROWS, "letter-probability matrix: w= 3", *ROWS]), ["line 10", "second matrix", "'M1'"]),
        (file_of(["0.5 0.3 0.2", *ROWS[1:]]), ["line 7", "3 numbers", "4, for A, C, G, U"]),
        (file_of([ROWS[0], "0.2 0.2 0.2 0.2 0.2", ROWS[2]]), ["line 8", "more than 4 numbers"]),
        (file_of([*ROWS[:2], "0.5 0.3 0.1 0.05"]), ["line 9", "sum to 0.95", "sum to 1"]),
        (file_of([*ROWS[:2], "0 0 0 0"]), ["line 9", "sum to 0"]),
        (file_of([*ROWS[:2], "1.1 -0.1 0 0"]), ["line 9", "'1.1'", "0 to 1"]),
        (file_of([*ROWS[:2], "0.6 -0.1 0.5 0"]), ["line 9", "'-0.1'", "0 to 1"]),
        (file_of([*ROWS[:2], "nan 0.5 0.5 0"]), ["line 9", "'nan'", "0 to 1"]),
        (file_of([*ROWS[:2], "0.5 inf 0.5 0"]), ["line 9", "'inf'"]),
        (file_of([*ROWS[:2], "12 3 4 1"]), ["line 9", "'12'", "0 to 1"]),
        (file_of([*ROWS[:2], "A C G U"]), ["line 9", "'A'"]),
        (file_of() + file_of().split("\n", 4)[4], ["line 10", "'M1'", "line 5", "its own name"]),
        ("MEME version 4\n\x1b[31m" + "x" * 9000, ["no motif"]),
        ("\x1b[31m" + "x" * 9000, ["line 1", r"'\x1b[31mxxxxxxxxxxxxxxxxxxx...'"]),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_that_names_the_line_and_the_value(text, says):
    with pytest.raises(DataError) as refused:
        read_meme(text)
    message = str(refused.value)
    assert all(part in message for part in says), message
    assert message.isprintable()
    assert len(message) < 200


MEME_LIKE = st.lists(
    st.sampled_from(
        [
            "MEME version 4",
            "ALPHABET= ACGU",
            'ALPHABET "RNA"',
            "A ~ U",
            "~",
            "END ALPHABET",
            "MOTIF M1",
            "MOTIF \ud800",
            "letter-probability matrix: alength= 4 w= 1",
            "letter-probability matrix:",
            "0.25 0.25 0.25 0.25",
            "1 0 0 0 0",
            "nan 0 0 1",
            "URL",
            "",
        ]
    )
    | st.text(max_size=20),
    max_size=14,
).map("\n".join)


@given(st.text() | MEME_LIKE | MEME_LIKE.map("MEME version 4\n".__add__))
def test_no_text_raises_anything_else(text):
    try:
        motifs = read_meme(text)
    except DataError:
        return
    for motif in motifs:
        assert motif.name.isprintable()
        np.testing.assert_allclose(motif.frequencies.sum(axis=1), 1)


@given(st.binary(max_size=300))
def test_no_file_raises_anything_else(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "junk.meme"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"^junk\.meme: "):
        read_meme_file(path)


# Size.


def test_ten_thousand_motifs_are_read_in_two_seconds():
    text = write_meme(random_motifs(10_000))
    start = time.perf_counter()
    assert len(read_meme(text)) == 10_000
    assert time.perf_counter() - start < 5  # about 0.8 s where nothing else runs


def test_too_many_motifs_and_too_large_files_are_refused(monkeypatch, tmp_path):
    text = write_meme(random_motifs(11))
    monkeypatch.setattr(meme, "MOST_MOTIFS", 10)
    with pytest.raises(DataError, match="more than 10 motifs"):
        read_meme(text)
    monkeypatch.setattr(meme, "LARGEST_FILE", 2_000_000)
    with pytest.raises(DataError, match="larger than 2 MB"):
        read_meme("MEME version 4\n" * 200_000)
    (tmp_path / "large.meme").write_bytes(b"MEME version 4\n" * 200_000)
    with pytest.raises(DataError, match=r"large\.meme: larger than 2 MB"):
        read_meme_file(tmp_path / "large.meme")


# Files.


def test_a_file_is_read_and_names_itself(tmp_path):
    (tmp_path / "own.meme").write_bytes(b"\xef\xbb\xbf" + file_of(motif="MOTIF M\xfc").encode())
    (motif,) = read_meme_file(tmp_path / "own.meme")
    assert (motif.name, motif.source) == ("Mü", "own.meme")
    (tmp_path / "bad.meme").write_text(file_of(["0.5 0.5"]))
    with pytest.raises(DataError, match=r"^bad\.meme: line 7: 2 numbers"):
        read_meme_file(tmp_path / "bad.meme")


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing.meme"):
        with pytest.raises(DataError, match="cannot be read"):
            read_meme_file(path)
