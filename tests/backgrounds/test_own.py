import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.backgrounds import (
    MAX_BYTES,
    MAX_RECORDS,
    OwnSequences,
    SingleSequence,
    draw_sample,
    make_background,
    own_sequences,
    read_own_sequences,
)
from rbind_core.data.library import profile
from rbind_core.errors import BackgroundError, RBindError, SequenceError
from rbind_core.rna.sequences import LENGTH, PADDING, check_sequence, decode
from tests.toys import TOY_CONTEXT, random_probes, rna

seeds = st.integers(0, 1000)


@given(st.lists(rna(min_size=11, max_size=150), min_size=1, max_size=8), st.integers(1, 60), seeds)
def test_what_is_drawn_is_a_window_of_one_of_the_sequences(sequences, n, seed):
    for drawn in decode(OwnSequences(tuple(sequences)).draw(n, np.random.default_rng(seed))):
        assert any(drawn in sequence and len(drawn) == min(len(sequence), LENGTH) for sequence in sequences)


@given(st.lists(rna(min_size=11, max_size=150), min_size=1, max_size=8, unique=True), seeds)
def test_every_sequence_is_used_before_one_is_used_again(sequences, seed):
    drawn = decode(OwnSequences(tuple(sequences)).draw(len(sequences), np.random.default_rng(seed)))
    for sequence in sequences:
        assert any(window in sequence for window in drawn)


def test_every_window_of_a_long_sequence_is_equally_likely():
    transcript = "".join(np.random.default_rng(1).choice(list("ACGU"), LENGTH + 9))
    drawn = decode(OwnSequences((transcript,)).draw(5000, np.random.default_rng(2)))
    counts = [drawn.count(transcript[start : start + LENGTH]) for start in range(10)]
    assert sum(counts) == 5000
    assert min(counts) > 400


def test_short_sequences_are_padded_and_the_last_one_is_not_read_past_its_end():
    codes = OwnSequences(("A" * 60, "C" * 11)).draw(100, np.random.default_rng(0))
    assert set(decode(codes)) == {"A" * LENGTH, "C" * 11}
    assert (codes[codes[:, 0] == 1, 11:] == PADDING).all()


def test_a_file_is_described_with_what_was_left_out(tmp_path):
    path = tmp_path / "own.fa"
    path.write_text(f">one\n{TOY_CONTEXT.lower()}\n>two\n{TOY_CONTEXT * 3}\n>three\nACGU\n>four\nACGT\n")
    background = read_own_sequences(path)
    assert background.sequences == (TOY_CONTEXT, TOY_CONTEXT * 3)
    assert background.too_short == 2
    assert "2 sequences given by the user" in background.description
    assert "1 longer than 41 nt" in background.description
    assert "2 shorter than 11 nt left out" in background.description


def test_plain_lines_with_a_byte_order_mark_are_read():
    assert own_sequences(f"\ufeff{TOY_CONTEXT}\n\n{TOY_CONTEXT[::-1]}\n".encode()).sequences == (TOY_CONTEXT, TOY_CONTEXT[::-1])


@pytest.mark.parametrize(
    "content",
    [f"a\t{TOY_CONTEXT}\n", f"id,seq\na,{TOY_CONTEXT}\n", f">a\n{TOY_CONTEXT[:10]} {TOY_CONTEXT[10:20]} {TOY_CONTEXT[20:]}\n"],
)
def test_how_columns_and_blocks_were_read_is_said_with_the_sample(content):
    background = own_sequences(content.encode("utf-16"))
    assert background.sequences == (TOY_CONTEXT,)
    assert background.notes
    assert draw_sample(background, profile(), 5, np.random.default_rng(0)).caution.startswith(" ".join(background.notes))


def test_ordinary_files_come_without_notes():
    content = gzip.compress(f">a\n{TOY_CONTEXT.lower()}\n".encode())
    assert own_sequences(content) == OwnSequences((TOY_CONTEXT,))


def test_as_many_records_as_are_allowed_are_read():
    assert len(own_sequences(b"ACGUACGUACGU\n" * MAX_RECORDS).sequences) == MAX_RECORDS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"A" * (MAX_BYTES + 1), "larger than 5 MB"),
        (b"ACGUACGUACGU\n" * (MAX_RECORDS + 1), "holds 100,001 sequences; at most 100,000"),
        (b">a\nACGUACGUACGU\n" * (MAX_RECORDS + 1), "holds 100,001 sequences"),
        (b"\x89PNG\xff\xfe\x00", "not a text file"),
        (b"chr1\t100\t141\n", "looks like a BED file"),
        (b"ACGUACGUACGUA\tACGUACGCACGUA\n", "columns 1 and 2 both hold RNA letters"),
        (b"", "there is no sequence here"),
        (b">a\nACGU\n>b\nAC\n", "no sequence of the file is 11 nt or longer"),
        (b">a\nMKVLAAGIVGLLL\n>b\nACGU", "a: MKVLAAGIVGLLL looks like a protein"),
    ],
    ids=["5 MB", "lines", "records", "picture", "BED", "pairs", "empty", "short", "protein"],
)
def test_what_cannot_be_a_background_is_refused_in_one_sentence(content, says, tmp_path):
    with pytest.raises(RBindError, match=says):
        own_sequences(content)
    (tmp_path / "own").write_bytes(content)
    with pytest.raises(RBindError, match=says):
        read_own_sequences(tmp_path / "own")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    for path in (tmp_path / "missing.fa", tmp_path):
        with pytest.raises(BackgroundError, match=f"{path.name}: cannot be read"):
            read_own_sequences(path)


@given(rna(min_size=11), st.integers(1, 30), seeds)
def test_a_context_is_the_same_rna_every_time_padded_like_a_probe(sequence, n, seed):
    codes = SingleSequence(sequence).draw(n, np.random.default_rng(seed))
    assert decode(codes) == [sequence] * n
    assert (codes[:, len(sequence) :] == PADDING).all()
    assert f"{len(sequence)} nt" in SingleSequence(sequence).description


def test_a_context_is_brought_into_rna_letters():
    context = make_background("context", profile(), random_probes(1), context=" acgt ACGT acg\n")
    assert decode(context.draw(3, np.random.default_rng(0))) == ["ACGUACGUACG"] * 3


@pytest.mark.parametrize("text", ["", "ACGU", "A" * 42, "ACGUACGUACGX"])
def test_a_wrong_context_is_refused(text):
    with pytest.raises(SequenceError):
        check_sequence(text)
