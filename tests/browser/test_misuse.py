"""Names that hold a script, through every way in: nothing of it runs, and no page asks any other computer."""

from urllib.parse import quote, urlsplit

import pytest

from dashboard.state import pages
from tests.browser.conftest import settle
from tests.fuzz.corpus import HOSTILE, RNA, table

pytestmark = pytest.mark.browser
FASTA = f">{HOSTILE}\n{RNA}\n>{HOSTILE} again\n{RNA[::-1]}\n"
MEME = f"MEME version 4\n\nALPHABET= ACGU\n\nMOTIF <img/src=x/onerror=window.__hacked=1> {HOSTILE.split()[0]}\n"
MEME += "letter-probability matrix: w= 6\n" + "0.01 0.01 0.01 0.97\n0.01 0.01 0.97 0.01\n0.01 0.97 0.01 0.01\n" * 2
EVERYWHERE = (
    "rbp",
    "rbp2",
    "experiment",
    "lesson",
    "order",
    "pair",
    "across",
    "run",
    "probe",
    "file",
    "background",
    "library",
    "seq",
    "c",
    "q",
)


def test_names_that_hold_a_script(start_server, page):
    address = start_server()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))

    def assert_unharmed(where: str) -> None:
        settle(page)
        assert page.evaluate("window.__hacked") is None, where
        assert (
            page.locator("img[src='x'], img[src*='evil.example'], a[href*='evil.example'], a[href^='javascript']").count() == 0
        ), where
        assert page.locator('[data-testid="stException"]').count() == 0, where

    def open_page(path: str) -> None:
        page.goto(f"{address}/{path}")
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def upload(label: str, name: str, text: str) -> None:
        page.locator(f'[data-testid="stFileUploader"]:has-text("{label}") input[type="file"]').set_input_files(
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        )

    hostile = quote(HOSTILE)
    for path in map(pages.address, pages.NAMES):
        open_page(f"{path}?" + "&".join(f"{parameter}={hostile}" for parameter in EVERYWHERE))
        assert_unharmed(f"link to {path}")
    open_page(f"hypothesis?c={quote('(img src=x)=UGCAUG@4')}")
    page.get_by_label("Construct", exact=True).fill(f"{HOSTILE}=UGCAUG@4;b=UGCAUG@11")
    page.keyboard.press("Enter")
    assert_unharmed("name of a construct")
    open_page("long-rna")
    page.get_by_label("RNA or DNA", exact=True).fill(FASTA)
    page.keyboard.press("Control+Enter")
    assert_unharmed("pasted FASTA")
    assert page.get_by_text("<img src=x").first.is_visible()  # the name is there, as text
    open_page("variants")
    page.get_by_role("textbox", name="Variants").or_(page.locator(".st-key-changes textarea")).first.fill(
        f"{HOSTILE.split()[0]},1,G,A"
    )
    page.keyboard.press("Control+Enter")
    assert_unharmed("name of a variant")
    open_page("kmers")
    upload("Motifs to compare with", "a.meme", MEME)
    page.get_by_text("Best 1 of 1 motifs").wait_for()
    assert_unharmed("uploaded motifs")
    open_page("train")
    upload("Table of sequences and scores", "<img src=x onerror=window.__hacked=1>.tsv", table(name=f"{HOSTILE} score"))
    page.get_by_role("button", name="Train", exact=True).wait_for()
    assert_unharmed("uploaded table")
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {urlsplit(address).netloc}
