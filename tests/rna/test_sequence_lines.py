"""One line of text: letters, blocks of letters, or columns, of which no two ever become one RNA."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rbind_core.errors import SequenceError
from rbind_core.rna.pasting import Record, read_pasted
from tests.toys import rna

WILD, MUTANT = "UGCAUGACGUACGAUCAGUC", "UGCACGACGUACGAUCAGUC"
SEPARATORS = ["\t", ",", ";", "|", " ", "  ", "\u00a0", "\u2003", ", ", "\t\t"]


def read(text, **options):
    return read_pasted(text, **options)


@pytest.mark.parametrize("join_lines", [True, False])
@pytest.mark.parametrize("separator", [*SEPARATORS, "\u200b"])
def test_a_wild_type_beside_its_mutant_is_refused(separator, join_lines):
    for text in (f"{WILD}{separator}{MUTANT}\n" * 2, f"{WILD}{separator}{MUTANT}", f"name\t{WILD}{separator}{MUTANT}\n{WILD}"):
        with pytest.raises(SequenceError) as refused:
            read(text, join_lines=join_lines)
        assert len(str(refused.value)) < 200
        assert str(refused.value).startswith("line 1: ") == ("\n" in text)
    with pytest.raises(SequenceError, match=r"^x: "):
        read(f">y\n{WILD}\n>x\n{WILD}{separator}{MUTANT}\n" if separator.isspace() else f">y\n{WILD}\n>x\n{WILD} {MUTANT}")


@pytest.mark.parametrize("name", ["GATA", "CAT", "ACTA_1", "tat", "RBFOX1", "a name", "HUMAN", "chr1:10-30(+)", "7"])
@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
def test_a_name_beside_an_rna_is_its_name(name, separator):
    text = f"{name}{separator}{WILD}\n{name}{separator}{MUTANT}{separator}\n"
    for join_lines in (True, False):
        assert read(text, join_lines=join_lines).records == (Record(name, WILD), Record(name, MUTANT))
    assert read(f'"{name}"{separator}"{WILD}"').records[0].sequence == WILD


@pytest.mark.parametrize("name", ["RBFOX1", "my favourite site", "seq1:", "HUMAN", "p21"])
def test_a_word_that_is_no_rna_is_a_name_before_a_space_too(name):
    assert read(f"{name} {WILD}\n{name} {MUTANT}").records == (Record(name, WILD), Record(name, MUTANT))


@pytest.mark.parametrize("text", [f"GATA {WILD}", f"{WILD} CAT", f"CAT {WILD[:10]} {WILD[10:]}", f"{WILD[:7]} {WILD[7:]}"])
def test_a_word_of_nucleotides_between_spaces_is_neither_guessed_nor_joined(text):
    with pytest.raises(SequenceError, match="may separate a name from an RNA, or two RNAs; give FASTA"):
        read(text)


def test_a_block_with_a_wrong_letter_is_not_taken_for_a_name():
    with pytest.raises(SequenceError, match="may separate"):
        read(f"{WILD[:12]} {WILD[12:]}XACGUACG")
    with pytest.raises(SequenceError, match="may both be RNAs"):
        read(f"{WILD}\tACGUACGUXACGUACG")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"name,sequence\na,{WILD}\nb,{MUTANT}\n", [("a", WILD), ("b", MUTANT)]),
        (f'"id";"gc";"RNA"\n"a";"0,5";"{WILD}"\n', [("a", WILD)]),
        (f"sequence\n{WILD}\n{MUTANT}\n", [("line 2", WILD), ("line 3", MUTANT)]),
        (f"seq\tscore\n{WILD}\t0.41\n{MUTANT}\t-3\n", [("line 2", WILD), ("line 3", MUTANT)]),
        (f"name gc sequence\nx1 0.5 {WILD}\n", [("x1 0.5", WILD)]),
        (f"chr1\t100\t120\tpeak\t5\t+\t{WILD}\n", [("chr1", WILD)]),
        (f"{WILD}\tfirst\n{MUTANT}\tsecond\n", [("first", WILD), ("second", MUTANT)]),
        (f"1\t{WILD}\n2\t{MUTANT}\n", [("1", WILD), ("2", MUTANT)]),
        (f"1 {WILD}\n2 {MUTANT}\n", [("1", WILD), ("2", MUTANT)]),
        (f"# a remark\na\t{WILD}\n", [("a", WILD)]),
        (f"a\t{WILD[:10]} {WILD[10:]}\n", [("a", WILD)]),
    ],
)
def test_tables_with_and_without_a_header(text, rows):
    pasted = read(text, join_lines=False)
    assert [(record.name, record.sequence) for record in pasted.records] == [
        (n if len(rows) > 1 else r.name, s) for (n, s), r in zip(rows, pasted.records, strict=True)
    ]
    assert pasted.notes


@pytest.mark.parametrize("text", [f"{WILD}\t", f" {WILD} ", f"{WILD} \t\r\n", f">x\t\n{WILD}\t\n", f"{WILD},", f"'{WILD}'"])
def test_white_space_around_an_rna_is_harmless(text):
    pasted = read(text)
    assert [record.sequence for record in pasted.records] == [WILD]
    assert not pasted.notes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("chr1\t100\t141\tpeak1\t5\t+\n", "a BED file"),
        ("chr1 100 141\nchr1 200 241\n", "a BED file"),
        ("track name=peaks\nchr1\t100\t141\n", "a BED file"),
        ("#chrom\tstart\tend\nchr1\t100\t141\n", "a BED file"),
        ("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\nrna1\t21\trs1\tT\tC\n", "a VCF file"),
        ("rna1\t21\trs1\tT\tC\t.\tPASS\t.\n", "a VCF file"),
        ('chr1\thavana\tgene\t11869\t14409\t.\t+\t.\tgene_id "X"\n', "a GTF or GFF file"),
        ("##gff-version 3\nchr1\tx\tgene\t1\t9\t.\t+\t.\tID=1\n", "a GTF or GFF file"),
        ("@HD\tVN:1.6\nr1\t0\tchr1\t7\t30\t20M\t*\t0\t0\t" + WILD + "\tIIII\n", "a SAM file"),
        ("r1\t0\tchr1\t7\t30\t20M\t*\t0\t0\t" + WILD + "\t*\n", "a SAM file"),
        (f"@read1\n{WILD}\n+\n{'I' * 20}\n", "a FASTQ file"),
        (f"CLUSTAL W (1.83)\n\na {WILD}\nb {MUTANT}\n", "an alignment"),
        ("MEME version 4\n\nMOTIF x\n", "a file of motifs"),
    ],
)
def test_files_of_another_kind_are_called_by_their_name(text, kind):
    for options in ({}, {"join_lines": False, "leave_out": True}):
        with pytest.raises(SequenceError, match=f"this looks like {kind}; give sequences as FASTA"):
            read(text, **options)


def test_positions_beside_the_letters_are_told_from_the_names_of_a_list():
    assert [r.sequence for r in read(f"1 {WILD}\n21 {MUTANT}\n41 ACG").records] == [WILD + MUTANT + "ACG"]
    assert [r.sequence for r in read(f"{WILD} 20\n{MUTANT} 40\n").records] == [WILD + MUTANT]
    assert [r.name for r in read(f"1 {WILD}\n22 {MUTANT}\n").records] == ["1", "22"]


def test_ten_letters_beside_ten_nearly_equal_ones_are_no_blocks():
    with pytest.raises(SequenceError, match="may separate"):
        read(f"{WILD[:10]} {MUTANT[:10]}")
    assert read("GGAUCCUGCA UGAACCGGAU").records[0].sequence == "GGAUCCUGCAUGAACCGGAU"


def test_bad_lines_are_left_out_by_their_names_where_that_is_asked():
    pasted = read(f"a\t{WILD}\n{WILD}\t{MUTANT}\nb\tMKVLAAGIEF\n", join_lines=False, leave_out=True)
    assert [record.name for record in pasted.records] == ["a"]
    assert [name for name, _ in pasted.left_out] == ["line 2", "line 3"]


@given(st.lists(rna(min_size=1, max_size=30), min_size=2, max_size=4), st.sampled_from(SEPARATORS), st.booleans())
def test_what_stands_between_separators_never_becomes_one_rna_unsaid(fields, separator, join_lines):
    text = separator.join(fields)
    try:
        pasted = read(text, join_lines=join_lines, min_length=1)
    except SequenceError:
        return
    for record in pasted.records:
        is_joined = record.sequence not in fields
        assert not is_joined or "Spaces between blocks of letters were taken out." in pasted.notes
        assert not (is_joined and any(len(field) > 10 for field in fields))
    assume(pasted.records)
