import csv
from collections import defaultdict

import pytest

from rbind_core.data.constructs import COMMON_NAMES, _plain, constructs, matches, species_of
from rbind_core.data.rnacompete import experiments

ALL = list(constructs().values())
CORRECTED_DOMAINS = {f"RNCMPT00{number}" for number in (120, 121, 215, 239, 246, 268, 269)}


def found(name, species="Homo sapiens"):
    return {c.experiment for c in matches(name) if c.species == species}


def test_there_are_244_in_the_order_of_their_ids():
    assert len(constructs()) == 244
    assert list(constructs()) == sorted(constructs())
    assert all(c.experiment == experiment for experiment, c in constructs().items())


def test_only_synonyms_may_be_missing():
    for c in ALL:
        fields = (c.protein, c.symbol, c.species, c.gene_id, c.domains, c.family, c.paralogue_group, *c.synonyms)
        assert all(field and field == field.strip() for field in fields), c
        assert len({*c.synonyms, c.protein, c.symbol}) == len(c.synonyms) + len({c.protein, c.symbol}), c


def test_the_public_experiments_have_the_same_protein_and_species_everywhere():
    assert len(experiments()) == 49
    for id, assay in experiments().items():
        assert (constructs()[id].protein, constructs()[id].species) == (assay.protein, assay.species)


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (("HuR", "hur", "ELAVL1", "ENSG00000066044"), {"032", "112", "117", "136", "274"}),
        (("TDP-43", "TDP43", "tdp 43", "tdp\u201143", "TARDBP"), {"076"}),
        (("hnRNP E1", "hnRNP-E1", "HNRNP_E1", "PCBP1"), {"186"}),
        (("A2BP1", "Fox-1", "fox 1", "RBFOX1", "RNCMPT00168"), {"168"}),
        (("PTB", "hnRNP I", "PTBP1"), {"268", "269"}),
        (("U2AF65", "U2AF2"), {"079"}),
        (("TLS", "FUS"), {"018"}),
        (("Sam68", "KHDRBS1"), {"169"}),
        (("SLM-2", "KHDRBS3"), {"034"}),
        (("ASF/SF2", "SF2", "asf sf2", "SRSF1"), {"106", "107", "108", "109", "110", "163"}),
        (("BRUNOL4", "CELF4"), {"004"}),
        (("U1A", "SNRPA"), {"071"}),
        (("HNRPLL", "HNRNPLL"), {"178"}),
        (("FUSIP1", "SRp38"), {"019", "088", "089", "090"}),
        (("YB-1",), {"083", "116"}),
        (("Musashi-1",), {"041", "176"}),
        (("muscleblind",), {"038"}),
        (("no such protein", "", "-"), set()),
    ],
)
def test_names_in_use_lead_to_the_human_constructs(names, ids):
    for name in names:
        assert found(name) == {f"RNCMPT00{id}" for id in ids}, name


def test_a_name_of_genes_of_several_species_finds_all():
    assert {c.species for c in matches("fox-1")} == {"Homo sapiens", "Drosophila melanogaster", "Caenorhabditis elegans"}
    assert found("bruno", "Drosophila melanogaster") == {"RNCMPT00003", "RNCMPT00114", "RNCMPT00270"}
    assert found("hnRNP E1", "Mus musculus") == {"RNCMPT00239"}


def test_within_a_species_no_name_belongs_to_two_genes():
    genes = defaultdict(set)
    for c in ALL:
        for name in c.names:
            genes[c.species, _plain(name)].add(c.gene_id)
    assert not {name: ids for name, ids in genes.items() if len(ids) > 1}


def test_facts_of_a_gene_are_the_same_in_all_of_its_constructs():
    facts = defaultdict(set)
    for c in ALL:
        facts[c.species, c.gene_id].add((c.symbol, c.synonyms, c.family, c.paralogue_group))
    assert all(len(said) == 1 for said in facts.values())


def test_words_for_species():
    assert {c.species for c in ALL} == set(COMMON_NAMES)
    words = ("human", "Fly", "fruit-fly", "mouse", "worm", "yeast", "Homo sapiens", "D. melanogaster", "homo_sapiens", "Martian")
    assert [species_of(word) for word in words] == [
        "Homo sapiens",
        "Drosophila melanogaster",
        "Drosophila melanogaster",
        "Mus musculus",
        "Caenorhabditis elegans",
        "Saccharomyces cerevisiae",
        "Homo sapiens",
        "Drosophila melanogaster",
        "Homo sapiens",
        None,
    ]
    assert all(species_of(word) == latin for latin, common in COMMON_NAMES.items() for word in common)


def test_paralogues_and_orthologues_share_a_group_and_others_do_not():
    groups = defaultdict(set)
    for c in ALL:
        groups[c.paralogue_group].add(c.symbol)
    assert {"ELAVL1", "elav", "fne", "Rbp9", "exc-7"} == groups["ELAVL1"]
    assert {"HNRNPC", "HNRNPCL1", "RALY"} == groups["HNRNPC"]
    assert {"RBFOX1", "Rbfox1", "fox-1", "asd-1"} == groups["RBFOX1"]
    assert {"PCBP1", "PCBP2", "Pcbp1", "Pcbp3", "pcbp2", "mub"} == groups["PCBP2"]
    assert groups["YBX1"] == {"YBX1", "YBX2"}
    assert groups["PTBP1"] == {"PTBP1"}
    assert all(name in symbols for name, symbols in groups.items())
    assert len({c.paralogue_group for c in ALL if c.symbol.casefold() == "fmr1"}) == 1


def test_proteins_of_a_group_have_the_same_kind_of_domain():
    families = defaultdict(set)
    for c in ALL:
        families[c.paralogue_group].add(c.family)
        assert c.family in c.domains
    assert all(len(kinds) == 1 for kinds in families.values())


@pytest.mark.real_data
def test_facts_are_those_of_the_source(data_folder):
    table = data_folder / "info_all.tab"
    if not table.is_file():
        pytest.skip("info_all.tab of morrislab/RNAcompete is not among the data files")
    with table.open(newline="", encoding="utf-8") as lines:
        rows = {row["Motif_display_ID"]: row for row in csv.DictReader(lines, delimiter="\t")}
    assert list(constructs()) == list(rows)
    for id, row in rows.items():
        c = constructs()[id]
        assert c.species == row["Species_display_name"].replace("_", " ")
        assert (c.protein, c.gene_id) == (row["Gene_display_name"], row["Systematic_ID"])
        assert id in {c.experiment for c in matches(row["Gene_name"])}
        assert c.family == row["Domain_string"].split(",")[0].removeprefix("Znf_")
        if id not in CORRECTED_DOMAINS and row["Pfam_RBPs"] != "XXX":
            named = {domain.split()[0].removesuffix("2") for domain in c.domains.split(", ")}
            assert named == {domain.removeprefix("zf-").split("_")[0] for domain in row["Pfam_RBPs"].split(",")}, id
