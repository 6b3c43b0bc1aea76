"""Changes in HGVS mean what HGVS says, on either strand: coordinates go to the genome and back exactly."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rbind_core.errors import DataError
from rbind_core.genomes.genome import Genome, reverse_complement
from rbind_core.genomes.gtf import read_transcripts
from rbind_core.genomes.hgvs import place, read_hgvs, sites_of_table
from tests.genomes.toy_genome import CHROMOSOMES, MINUS, PLUS, write_genome, write_gtf

pytest.importorskip("pyfaidx", reason="pyfaidx is not installed")


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    with Genome(write_genome(folder)) as genome:
        yield genome, read_transcripts(write_gtf(folder), [PLUS[0], MINUS[0]]), folder


def spliced(transcript):
    letters = CHROMOSOMES[transcript.chromosome]
    dna = "".join(letters[start - 1 : end] for start, end in transcript.exons)
    return dna if transcript.strand == "+" else reverse_complement(dna)


def changed_exon(transcript, site, position):
    """The exon around a position of the transcript, 5' to 3', after the change of a site, with 3 nt of genome at either end."""
    letters = CHROMOSOMES[site.chromosome]
    at = transcript.on_genome(position)
    start, end = next(exon for exon in transcript.exons if exon[0] <= at <= exon[1])
    assert letters[site.position - 1 : site.position - 1 + len(site.reference)] == site.reference
    new = letters[: site.position - 1] + site.alleles[0].text + letters[site.position - 1 + len(site.reference) :]
    found = new[start - 4 : end + 3 + len(new) - len(letters)]
    return found if transcript.strand == "+" else reverse_complement(found)


@given(data=st.data())
def test_every_kind_of_change_on_either_strand(toy, data):
    genome, transcripts, _ = toy
    transcript = transcripts[data.draw(st.sampled_from([PLUS[0], MINUS[0]]))]
    rna = spliced(transcript)
    ends, total = [], 0
    for start, end in transcript.exons if transcript.strand == "+" else transcript.exons[::-1]:
        ends.append((total + 1, total + end - start + 1))
        total = ends[-1][1]
    first_of_exon, last_of_exon = data.draw(st.sampled_from(ends))
    first = data.draw(st.integers(first_of_exon, last_of_exon - 1))
    last = data.draw(st.integers(first, min(last_of_exon, first + 9)))
    added = data.draw(st.text("ACGT", min_size=1, max_size=5))
    what = data.draw(st.sampled_from(["sub", "del", "ins", "dup", "delins", "inv"]))
    kind = data.draw(st.sampled_from("cnr"))
    there, middle = rna[first - 1 : last], rna[first - 1 : last]
    named = {p: in_coordinates(transcript, p, kind) for p in (first, last, first + 1)}
    span = named[first] if first == last else f"{named[first]}_{named[last]}"
    if what == "sub":
        assume(added[0] != there[0])
        text, middle = f"{named[first]}{there[0]}>{added[0]}", added[0] + there[1:]
    elif what == "ins":
        text, middle = f"{named[first]}_{named[first + 1]}ins{added}", there[0] + added + there[1:]
    elif what == "del":
        text, middle = f"{span}del{data.draw(st.sampled_from(['', there]))}", ""
    elif what == "dup":
        text, middle = f"{span}dup", there * 2
    elif what == "delins":
        assume(added != there)
        text, middle = f"{span}delins{added}", added
    else:
        assume(reverse_complement(there) != there)
        text, middle = f"{span}inv", reverse_complement(there)
    text = text.lower().replace("t", "u") if kind == "r" else text
    site = place(read_hgvs(f"{transcript.name}:{kind}.{text}"), 1, "", transcripts, genome)
    flanks = exon_with_flanks(transcript, first)
    inside = first - first_of_exon + 3
    expected = flanks[:inside] + middle + flanks[inside + len(there) :]
    assert changed_exon(transcript, site, first) == expected
    assert (site.strand, site.gene, site.problem) == (transcript.strand, transcript.gene, "")


def exon_with_flanks(transcript, position):
    letters, at = CHROMOSOMES[transcript.chromosome], transcript.on_genome(position)
    start, end = next(exon for exon in transcript.exons if exon[0] <= at <= exon[1])
    found = letters[start - 4 : end + 3]
    return found if transcript.strand == "+" else reverse_complement(found)


def in_coordinates(transcript, position, kind):
    """A position of the transcript as c. or n. writes it, worked out by counting."""
    if kind != "c":
        return str(position)
    first, last = sorted(transcript.in_transcript(place) for place in transcript.coding)
    if position < first:
        return f"-{first - position}"
    return f"*{position - last}" if position > last else str(position - first + 1)


@pytest.mark.parametrize(
    ("text", "place_on_genome"),
    [  # the first exon of PLUS is 101-160, its start codon at 131; MINUS begins at 430, its start codon at 400
        (f"{PLUS[0]}:c.1{{}}>X", ("chr1", 131)),
        (f"{PLUS[0]}:c.-30{{}}>X", ("chr1", 101)),
        (f"{PLUS[0]}:c.30+1{{}}>X", ("chr1", 161)),
        (f"{PLUS[0]}:c.31-1{{}}>X", ("chr1", 220)),
        (f"{PLUS[0]}:c.*1{{}}>X", ("chr1", 441)),
        (f"{PLUS[0]}:n.1{{}}>X", ("chr1", 101)),
        (f"{MINUS[0]}:c.1{{}}>X", ("chr2", 400)),
        (f"{MINUS[0]}:c.-30{{}}>X", ("chr2", 430)),
        (f"{MINUS[0]}:c.50+1{{}}>X", ("chr2", 350)),
        (f"{MINUS[0]}:c.51-2{{}}>X", ("chr2", 262)),
        (f"{MINUS[0]}:c.*1{{}}>X", ("chr2", 90)),
        (f"{MINUS[0]}(MINUS):r.1{{}}>x", ("chr2", 430)),
        ("1:g.99{}>X", ("chr1", 99)),
    ],
)
def test_places_known_by_hand(toy, text, place_on_genome):
    genome, transcripts, _ = toy
    chromosome, at = place_on_genome
    there = CHROMOSOMES[chromosome][at - 1]
    rna = reverse_complement(there) if MINUS[0] in text else there
    other = "A" if rna != "A" else "C"
    site = place(read_hgvs(text.format(rna).replace("X", other).replace("x", other)), 1, "", transcripts, genome)
    expected = reverse_complement(other) if MINUS[0] in text else other
    assert (genome.names.find(site.chromosome), site.position) == (chromosome, at)
    assert (site.reference, site.alleles[0].text) == (there, expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p.Arg97Ter", "is not HGVS with a transcript"),
        ("c.76A>T", "is not HGVS with a transcript"),
        (f"{PLUS[0]}:c.76", "is no substitution, deletion"),
        (f"{PLUS[0]}:c.3_4ins", "does not say which letters"),
        ("ENST09:c.1del", "the GTF has no transcript ENST09"),
        ("chr9:g.5del", "the genome has no chromosome chr9"),
        ("chr1:g.701del", "lies beyond the end of chr1"),
        ("chr1:g.-5del", "is no position on a chromosome"),
        (f"{PLUS[0]}:n.-5del", "has a meaning in c. alone"),
        (f"{PLUS[0]}:c.0del", "there is no position 0"),
        (f"{PLUS[0]}:n.9999del", "has 210 nt, so there is no position 9,999"),
        (f"{PLUS[0]}:n.3_5insA", "stands between two neighbours"),
        (f"{PLUS[0]}:n.3_5delAAAAAAA", "the genome has"),
    ],
)
def test_what_has_no_place_is_said_in_a_sentence(toy, text, message):
    genome, transcripts, _ = toy
    with pytest.raises(DataError, match=message):
        place(read_hgvs(text), 1, "", transcripts, genome)


def test_a_table_of_changes_keeps_every_line(toy, tmp_path):
    genome, _, folder = toy
    there = CHROMOSOMES["chr1"][130]
    path = tmp_path / "changes.txt"
    path.write_text(
        f"name\thgvs\nfirst\t{PLUS[0]}:c.1{there}>{'A' if there != 'A' else 'C'}\n# no\nsecond\tnonsense\n{PLUS[0]}:c.3del\n"
    )
    sites = list(sites_of_table(path, folder / "genes.gtf", genome))
    assert [site.number for site in sites] == [2, 4, 5]
    assert [bool(site.problem) for site in sites] == [False, True, False]
    path.write_text("nothing\n")
    with pytest.raises(DataError, match="has no change in HGVS"):
        list(sites_of_table(path, folder / "genes.gtf", genome))
