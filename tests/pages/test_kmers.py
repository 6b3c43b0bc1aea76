import numpy as np

from rbind_core.model.registry import find_model
from rbind_core.motifs import PublishedMotif, write_meme
from tests.pages.conftest import errors, figures


def table(app):
    return app.dataframe[0].value


def upload(app, content, name="motifs.meme"):
    app.file_uploader(key="meme").set_value((name, content, "text/plain")).run()
    assert not app.exception
    return app


def meme(*motifs):
    return write_meme([PublishedMotif(name, "", np.array(matrix)) for name, matrix in motifs])


GCAUG = (
    "GCAUG",
    [
        [0.01, 0.01, 0.97, 0.01],
        [0.01, 0.97, 0.01, 0.01],
        [0.97, 0.01, 0.01, 0.01],
        [0.01, 0.01, 0.01, 0.97],
        [0.01, 0.01, 0.97, 0.01],
    ],
)
AAAAA = ("AAAAA", [[0.97, 0.01, 0.01, 0.01]] * 5)


def test_the_page_opens_with_the_best_6mers_of_the_atlas(open_page):
    app = open_page("kmers")
    model = find_model("RBFOX1")
    assert list(table(app)["K-mer"])[:10] == [k["kmer"] for k in model.top_kmers[:10]]
    assert "RBFOX1 (RNCMPT00168): motif and best 6-mers" in figures(app)[0]
    low = table(app)["95 % CI"].str.split(" to ").str[0].astype(float)
    assert (low < table(app)["Global importance"]).all()


def test_other_settings_are_scanned_at_once(open_page):
    app = open_page("kmers", n="50", k="4", start="30", background="shuffle")
    assert len(table(app)) == 20
    assert "4-mers at 30-33; shuffle background" in figures(app)[0]
    assert app.number_input(key="k").value == 4


def test_an_exhaustive_scan_lists_all_and_draws_their_ranks(open_page):
    app = open_page("kmers", n="20", k="3", mode="exhaustive")
    assert len(table(app)) == 64
    assert "all 64 3-mers by rank" in figures(app)[1]


def test_a_place_that_does_not_fit_is_said_and_the_last_figure_stays(open_page):
    app = open_page("kmers")
    before = figures(app)[0]
    app.number_input(key="start").set_value(39).run()
    assert "position 39: a 6-mer may start at 1 to 36" in errors(app)[0]
    assert figures(app)[0] == before


# The upload of published motifs.


def test_the_motifs_of_a_file_are_ranked_and_the_best_one_is_drawn(open_page):
    app = upload(open_page("kmers"), meme(AAAAA, GCAUG).encode())
    assert list(app.dataframe[1].value["Motif"]) == ["GCAUG", "AAAAA"]
    assert "motifs compared" in figures(app)[-1]
    assert "Best 2 of 2 motifs" in " ".join(caption.value for caption in app.caption)


def test_a_file_in_dna_letters_is_read_as_rna(open_page):
    app = upload(open_page("kmers"), meme(AAAAA, GCAUG).replace("ACGU", "ACGT").encode())
    assert list(app.dataframe[1].value["Motif"]) == ["GCAUG", "AAAAA"]


def test_ten_thousand_motifs_are_taken(open_page):
    rng = np.random.default_rng(0)
    many = [(f"M{i}", rng.dirichlet(np.ones(4), 6).round(6)) for i in range(9_999)]
    app = upload(open_page("kmers"), meme(*many, GCAUG).encode())
    assert app.dataframe[1].value["Motif"][0] == "GCAUG"
    assert "of 10,000 motifs" in " ".join(caption.value for caption in app.caption)


def test_a_bad_header_three_columns_and_other_rubbish_are_said_in_one_sentence(open_page):
    app = open_page("kmers")
    good = meme(GCAUG)
    rows = [line for line in good.splitlines() if line.strip().startswith("0.")]
    three_columns = good.replace("alength= 4", "alength= 3")
    for row in rows:
        three_columns = three_columns.replace(row, " ".join(row.split()[:3]))
    for content in (good.replace("MEME version", "MEMO version"), three_columns, "", "\x00\x01\x02", "<html></html>"):
        app = upload(app, content.encode())
        [said] = errors(app)
        assert len(said.splitlines()) == 1
        assert "Traceback" not in said
        assert len(app.dataframe) == 1, "the k-mers are still there"


def test_a_name_with_a_script_in_it_is_shown_as_text(open_page):
    evil = '<script>alert("x")</script>'
    app = upload(open_page("kmers"), meme((evil, GCAUG[1])).encode(), "<img src=x onerror=alert(1)>.meme")
    assert evil in app.dataframe[1].value["Motif"][0]  # the table shows text as it is
    assert "<script" not in figures(app)[-1]
    assert "&lt;script" in figures(app)[-1].replace("\\u0026", "&").replace("\\u003c", "<")
