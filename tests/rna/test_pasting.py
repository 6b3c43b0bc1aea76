"""Pasted text of every kind: what is read, what is said of it, and what is refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.errors import SequenceError
from rbind_core.rna.pasting import MOST_BYTES, MOST_RECORDS, NAME_LETTERS, Pasted, Record, read_pasted
from rbind_core.rna.sequences import IUPAC, SHORTEST
from tests.toys import rna

RNA = "GGAUCCUGCAUGAACCGGAU"
GENBANK = """LOCUS       AB123456    32 bp    DNA
DEFINITION  acgt is not part of the sequence
ORIGIN
        1 ggatcctgca tgaaccggat
       21 ggatcctgca tg
//
"""
EMBL = """ID   X56734; SV 1; linear; mRNA; STD; PLN; 20 BP.
XX
SQ   Sequence 20 BP; 5 A; 5 C; 6 G; 4 T; 0 other;
     ggatcctgca tgaaccggat                                                    20
//
"""


def one(text, **options):
    """The only record, and the notes as one text."""
    pasted = read_pasted(text, **options)
    (record,) = pasted.records
    return record, " ".join(pasted.notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (RNA, ""),
        (RNA.replace("U", "T"), "T was read as U."),
        (RNA.lower(), "Lower case was read as upper case."),
        (f"  {RNA[:10]} {RNA[10:]}\n", "Spaces between blocks of letters were taken out."),
        (f"{RNA[:7]}\r\n{RNA[7:]}\r\n", "2 lines without a header were read as one RNA"),
        (f"\ufeff{RNA}", ""),
        (f"1 {RNA[:10]} {RNA[10:15]}\n16 {RNA[15:]}", "Spaces between blocks of letters were taken out. Numbers beside"),
        (f"1 {RNA} 20", "Numbers beside the letters were taken out."),
        (f"5'-{RNA}-3'", "The marks 5' and 3' were taken out."),
        (f"5′ {RNA} 3′", "The marks 5' and 3' were taken out."),
        (f"--{RNA}*", "Gaps and stops (* -) at the ends were taken out."),
        (f"{RNA[:5]}\u200b{RNA[5:]}", "Invisible characters were taken out."),
        (f">\n{RNA}", ""),
        (f";a comment\n>x\n{RNA}", ""),
        (RNA.encode(), ""),
        (b"\xef\xbb\xbf" + RNA.encode(), ""),
        (RNA.encode("utf-16"), ""),
    ],
)
def test_one_rna_in_many_clothes(text, says):
    record, said = one(text)
    assert record.sequence == RNA
    assert said.startswith(says)
    assert bool(said) == bool(says)


def test_old_encodings_of_names_do_not_matter():
    assert one(f">gène\n{RNA}".encode("latin-1"))[0] == Record("gène", RNA)


@pytest.mark.parametrize(("text", "name", "length"), [(GENBANK, "AB123456", 32), (EMBL, "X56734", 20)])
def test_records_of_databases_give_their_sequence_and_accession(text, name, length):
    record, said = one(text)
    assert record.name == name
    assert record.sequence == (RNA + RNA)[:length]
    assert "Only the sequence of the GenBank or EMBL record was read." in said


def test_several_genbank_records():
    assert [len(record.sequence) for record in read_pasted(GENBANK + GENBANK).records] == [32, 32]


def test_an_origin_block_alone():
    record, _ = one(GENBANK[GENBANK.index("ORIGIN") :])
    assert (record.name, len(record.sequence)) == ("RNA 1", 32)


def test_fasta_with_many_records_keeps_names_and_order():
    pasted = read_pasted(f">first one\n{RNA[:12]}\n{RNA[12:]}\n\n>second\n{RNA.lower()}\n>\n{RNA}\n")
    assert pasted.records == (Record("first one", RNA), Record("second", RNA), Record("line 7", RNA))
    assert pasted.length == 60


def test_lines_are_joined_or_not_as_asked():
    lines = f"{RNA}\n{RNA}\n"
    assert len(read_pasted(lines).records) == 1
    assert [record.sequence for record in read_pasted(lines, join_lines=False).records] == [RNA, RNA]


def test_ambiguous_letters_are_refused_or_kept_as_asked():
    with pytest.raises(SequenceError, match=r"'R' at position 21 stands for A or G; use A, C, G, U \(or T\) there"):
        read_pasted(RNA + "RN")
    record, said = one(RNA + "rn", allow_ambiguous=True)
    assert record.sequence == RNA + "RN"
    assert "2 letters stand for several nucleotides (N, R); kept as they are." in said


def test_short_and_empty_records_among_others_are_left_out_and_said():
    pasted = read_pasted(f">a\nACG\n>b\n{RNA}\n>empty\n>gaps\n---\n")
    assert [record.name for record in pasted.records] == ["b"]
    assert "3 of 4 sequences are shorter than 11 nt and are left out." in pasted.notes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no sequence here; paste RNA or DNA letters"),
        (" \n\t", "there is no sequence here"),
        (">only a name", "there is no sequence here"),
        ("---", "there is no sequence here"),
        ("MKVLAAGIEFMKVL", "looks like a protein; paste RNA or DNA letters"),
        (">p53\nMEEPQSDPSVEPPLSQETFSDLWKLLPENNVLSPLPSQAMDDLMLSPDDIEQWFTEDPGP", "looks like a protein"),
        ("UGXAUG", "UGXAUG: 'X' at position 3 is not a nucleotide; use A, C, G, U (or T)"),
        ("ACGU😀ACGUACGU", "'😀' at position 5 is not a nucleotide"),
        ("ACGUACG--ACGUACG", "'-' at position 8 is a gap; take the gaps inside the sequence out"),
        ("ACGUſACGUACGU", "'ſ' at position 5 is not a nucleotide"),
        ("<p>ACGUACGUACGU</p>", "'<' at position 1 is not a nucleotide"),
        ("ACGUACGU", "8 nt long; allowed are at least 11 nt"),
        (">a\nACG\n>b\nAC\n", "none of the 2 sequences is 11 nt or longer"),
        (f">good\n{RNA}\n>bad\nACGX{RNA}\n", "bad: ACGXGGAUCCUGCAUGAACCGGAU: 'X' at position 4"),
        (f"{RNA}\n>late\n{RNA}", "stands before the first '>' header"),
        (b"\x00\x01\x02", "this is not a text file"),
        (b"PK\x03\x04\x00\x00", "this is not a text file"),
        (f">x\n{RNA}\n" * (MOST_RECORDS + 1), "10,001 sequences are too many; give at most 10,000"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text, says):
    with pytest.raises(SequenceError) as refusal:
        read_pasted(text)
    assert says in str(refusal.value)
    assert len(str(refusal.value)) < 200
    assert "\n" not in str(refusal.value)


def test_a_longer_rna_than_allowed_is_refused_with_the_limit():
    with pytest.raises(SequenceError, match="101 nt long; allowed are 11-100 nt"):
        read_pasted("A" * 101, max_length=100)
    assert len(one("A" * 100, max_length=100)[0].sequence) == 100


@pytest.mark.parametrize("kind", [str, bytes])
def test_too_much_is_refused_before_anything_is_read(kind, monkeypatch):
    monkeypatch.setattr("rbind_core.rna.pasting._split", None)
    huge = "A" * 50_000_000
    with pytest.raises(SequenceError, match=r"50\.0 MB are too much; give at most 5 MB of RNA or DNA letters"):
        read_pasted(huge if kind is str else huge.encode())
    with pytest.raises(SequenceError, match=r"at most 0\.1 MB"):
        read_pasted("A" * 100_001, max_bytes=100_000)


def test_a_file_of_the_largest_size_is_read():
    assert read_pasted("ACGUACGUACGUACG\n" * (MOST_BYTES // 16)).length == MOST_BYTES // 16 * 15


def test_names_are_short_plain_text():
    record, _ = one(f">\u202e<script>alert(1)</script>\x07\t&amp;\u200b{'x' * 1000}\n{RNA}")
    assert record.name.startswith("<script>alert(1)</script> &amp;xxx")
    assert len(record.name) == NAME_LETTERS
    assert record.name.endswith("…")
    assert one(f">\x00\x1b\n{RNA}")[0].name == "RNA 1"


@given(st.one_of(st.text(), st.binary(), st.text("ACGTU \n>*-'53N1;", max_size=80)), st.booleans(), st.booleans())
def test_anything_is_read_or_refused_in_one_line(text, allow_ambiguous, join_lines):
    try:
        pasted, said = read_pasted(text, allow_ambiguous=allow_ambiguous, join_lines=join_lines), "read"
    except SequenceError as error:
        pasted, said = Pasted(()), str(error)
    assert len(said.splitlines()) == 1
    assert bool(pasted.records) == (said == "read")
    for record in pasted.records:
        assert set(record.sequence) <= (set(IUPAC) if allow_ambiguous else set("ACGU"))
        assert len(record.sequence) >= SHORTEST
        assert record.name.strip()
        assert len(record.name.splitlines()) == 1
    if pasted.records:
        assert read_pasted(pasted.fasta, allow_ambiguous=True).records == pasted.records


@given(st.lists(st.tuples(st.text("abc <>&'é1", max_size=20), rna(min_size=SHORTEST)), min_size=1, max_size=4))
def test_writing_and_reading_gives_the_same_records(records):
    first = read_pasted("".join(f">{name}\n{sequence}\n" for name, sequence in records))
    assert [record.sequence for record in first.records] == [sequence for _, sequence in records]
    assert read_pasted(first.fasta) == Pasted(first.records)


@given(rna(min_size=SHORTEST, alphabet="acgtuACGTU"))
def test_dna_and_lower_case_are_the_same_rna(letters):
    assert one(letters)[0].sequence == letters.upper().replace("T", "U")
