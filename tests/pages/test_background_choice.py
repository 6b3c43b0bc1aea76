"""The choice of a background in the sidebar, its one further control, and the dialog that says what is in it."""

from __future__ import annotations

import pytest

from dashboard.state import uploads
from dashboard.state.markdown import plain
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.backgrounds import KINDS, LABELS, MAX_BYTES
from rbind_core.constructs import parse_construct
from rbind_core.errors import RBindError
from rbind_core.model.registry import find_model, load_predictor
from tests.pages.conftest import errors, figures

CONTEXT = "GGAUCCUGCAUGAACCGGAUUACGACCAUG"
OWN = f">one\n{CONTEXT}\n>two\n{CONTEXT * 4}\n>three\nACGU\n".encode()


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path))


def expected(**choice) -> str:
    model = find_model("RBFOX1")
    predictor = load_predictor(model)
    return f"{prepare(model, predictor, BackgroundChoice(**choice)).importance(parse_construct('UGCAUG@18')).mean:+.3f}"


def warnings(app) -> list[str]:
    return [warning.value for warning in app.warning]


def file_of_the_link(app) -> str:
    """AppTest keeps a parameter as text where the test set it and as a list where the app did."""
    value = app.query_params["file"]
    return value if isinstance(value, str) else value[0]


def open_dialog(app):
    """The dialog's text after a click on the button below the background."""
    app.button(key="preview").click().run()
    assert not app.exception
    return " ".join(element.value for element in app.markdown)


def test_all_backgrounds_can_be_chosen_and_are_explained(open_page):
    choice = open_page("hypothesis").selectbox(key="background")
    assert choice.options == list(LABELS.values())
    for kind, line in zip(KINDS, choice.help.splitlines()[2:], strict=True):
        assert line.startswith(f"- **{kind.label}")
        assert line.endswith(f"**: {kind.help}")


def test_the_gc_content_is_chosen_when_it_is_needed(open_page):
    app = open_page("hypothesis")
    assert not app.slider
    app.selectbox(key="background").set_value("gc").run()
    assert app.metric[0].value == expected(background="gc")
    app.slider(key="gc").set_value(70).run()
    assert app.metric[0].value == expected(background="gc", gc=0.7)
    assert "GC 70 % background" in figures(app)[0]
    app.selectbox(key="background").set_value("uniform").run()
    assert not app.slider
    app.selectbox(key="background").set_value("gc").run()
    assert app.slider(key="gc").value == 70


def test_a_link_restores_the_gc_content(open_page):
    app = open_page("hypothesis", background="gc", gc="30")
    assert app.slider(key="gc").value == 30
    assert app.metric[0].value == expected(background="gc", gc=0.3)


def test_a_context_works_at_once_and_is_replaced_by_a_pasted_one(open_page):
    app = open_page("hypothesis", background="context")
    assert not errors(app)
    first = app.text_input(key="context").value
    assert app.metric[0].value == expected(background="context", context=first)
    app.text_input(key="context").set_value("ggatcctgca tgaaccggat tacgaccatg").run()
    assert app.metric[0].value == expected(background="context", context=CONTEXT)
    assert CONTEXT in figures(app)[0]


def test_a_wrong_context_is_explained_and_the_last_good_one_stays(open_page):
    app = open_page("hypothesis", background="context", context=CONTEXT)
    app.text_input(key="context").set_value("ACGXX").run()
    assert "'X' at position 4 is not a nucleotide" in errors(app)[0]
    assert CONTEXT in errors(app)[0]
    assert app.metric[0].value == expected(background="context", context=CONTEXT)


def test_without_a_file_the_profile_is_shown_and_said(open_page):
    app = open_page("hypothesis", background="file")
    assert "Choose a file" in warnings(app)[0]
    assert app.metric[0].value == expected(background="profile")
    assert "profile background" in figures(app)[0]


def test_an_uploaded_file_is_the_background_and_its_link_finds_it_again(open_page):
    app = open_page("hypothesis", background="file")
    app.file_uploader(key="upload").set_value(("own.fa", OWN, "text/plain")).run()
    assert not app.exception
    assert not errors(app)
    digest = file_of_the_link(app)
    number = expected(background="file", fasta=str(uploads.find(digest)))
    assert app.metric[0].value == number
    again = open_page("hypothesis", background="file", file=digest)
    assert [w[:16] for w in warnings(again)] == ["Only 31 of the 1"]  # the file is small, and nothing else is wrong
    assert again.metric[0].value == number


def test_a_file_that_is_no_background_is_explained_and_the_last_good_one_stays(open_page):
    digest = uploads.store(OWN)
    app = open_page("hypothesis", background="file", file=digest)
    number = app.metric[0].value
    app.file_uploader(key="upload").set_value(("own.fa", b">bad\nMKVLAAGIVGLLL\n", "text/plain")).run()
    assert "looks like a protein" in errors(app)[0]
    assert app.metric[0].value == number
    assert file_of_the_link(app) == digest


@pytest.mark.parametrize("digest", ["0123456789abcdef", "../../etc/passwd", "0" * 15, "0123456789ABCDEF", "0123456789abcdef\n"])
def test_a_link_to_a_file_that_is_not_here_asks_for_it(open_page, digest):
    app = open_page("hypothesis", background="file", file=digest)
    assert "not on this computer: upload" in warnings(app)[0]
    assert app.metric[0].value == expected(background="profile")


def test_only_a_digest_names_an_uploaded_file(tmp_path):
    digest = uploads.store(OWN)
    assert uploads.find(digest).read_bytes() == OWN
    (tmp_path / "secret.fa").write_bytes(OWN)
    for name in ("../secret", "secret", digest.upper(), f"{digest}/../{digest}", "", f"{digest}\n"):
        assert uploads.find(name) is None
    assert [path.name for path in (tmp_path / "sequences").iterdir()] == [f"{digest}.fa"]  # no half-written file


@pytest.mark.parametrize(
    "content", [b"A" * (MAX_BYTES + 1), b"\x89PNG\xff", b"", b">a\nACGU\n"], ids=["5 MB", "picture", "empty", "short"]
)
def test_what_is_no_background_is_not_kept(content, tmp_path):
    with pytest.raises(RBindError):
        uploads.store(content)
    assert not (tmp_path / "sequences").exists()


def test_only_the_newest_uploads_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(uploads, "MOST_KEPT", 2)
    digests = [uploads.store(OWN + bytes(f">{number}\n{CONTEXT}\n", "ascii")) for number in range(4)]
    assert sum(uploads.find(digest) is not None for digest in digests) == 2
    assert uploads.find(digests[-1])


@pytest.mark.parametrize("background", ["profile", "shuffle", "quartile4", "gc", "gcmatched", "markov3", "context"])
def test_the_dialog_says_what_is_in_the_background(open_page, background):
    app = open_page("hypothesis", background=background)
    before = len(figures(app))
    text = open_dialog(app)
    choice = BackgroundChoice(background, context=app.text_input(key="context").value if background == "context" else "")
    model = find_model("RBFOX1")
    sample = prepare(model, load_predictor(model), choice).sample
    for words in (sample.keeps, sample.destroys, choice.source("RNCMPT00168"), "1,000 RNAs"):
        assert plain(words) in text
    assert len(figures(app)) == before + 3
    assert any("GC content" in figure for figure in figures(app))
    assert errors(app) == []


def test_the_dialog_tells_how_many_different_sequences_there_are(open_page):
    assert "all the same" in open_dialog(open_page("hypothesis", background="context"))
    assert "no two the same" in open_dialog(open_page("hypothesis", background="uniform"))
    digest = uploads.store(OWN)
    assert "of them different" in open_dialog(open_page("hypothesis", background="file", file=digest))


def test_the_dialog_is_not_there_until_it_is_asked_for(open_page):
    app = open_page("hypothesis")
    before = len(figures(app))
    open_dialog(app)
    app.number_input(key="seed").set_value(3).run()
    assert len(figures(app)) == before


def test_columns_of_an_uploaded_file_never_become_one_rna(open_page):
    app = open_page("hypothesis", n="50", background="file")
    for content, says in (
        (f"{CONTEXT[:20]}\t{CONTEXT[:19]}A\n", "columns 1 and 2 both hold RNA letters"),
        ("chr1\t100\t141\tpeak1\t5\t+\n", "this looks like a BED file; give sequences as FASTA"),
    ):
        app.file_uploader(key="upload").set_value(("pairs.txt", content.encode(), "text/plain")).run()
        assert says in errors(app)[0].replace("\\", "")
    app.file_uploader(key="upload").set_value(("named.txt", f"CAT\t{CONTEXT}\nb\t{CONTEXT[::-1]}\n".encode(), "text/plain")).run()
    assert not errors(app)
    assert any("Of the columns of a line, the RNA and its name were read." in warning for warning in warnings(app))
