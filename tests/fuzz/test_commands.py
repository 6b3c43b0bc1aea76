"""Every option of every command: one line and status 2, or a result, and no file where none belongs."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dashboard.server import main as server
from tests.fuzz.commands import commands, listing, places, try_arguments, try_value
from tests.fuzz.corpus import CONTENTS, FILE_NAMES, HOSTILE, LONG_TEXTS, SHORT_TEXTS
from tests.fuzz.ledger import is_a_sentence
from tests.fuzz.pages import ROOT

pytestmark = pytest.mark.usefixtures("no_network")
TURN = 20  # of the corpus, each option is given every twentieth value, and each starts with another one
PLACES = list(places())


def test_every_command_is_walked():
    assert {"predict", "gia", "data fetch", "train", "atlas"} <= set(commands())
    assert {place.command for place in PLACES} <= {tuple(command.split()) for command in commands()}
    assert len(PLACES) > 70


def _written_to():
    """Where a command with a wrong idea of its folder would write."""
    return listing(ROOT / "pretrained"), sorted(ROOT.iterdir())


def test_values(elsewhere, ledger):
    before = _written_to()
    values = [*SHORT_TEXTS.values(), *FILE_NAMES.values()]
    for number, place in enumerate(PLACES):
        for value in values[number % TURN :: TURN][: 1 if place.is_slow and place.is_written else None]:
            try_value(ledger, place, value, elsewhere)
    assert _written_to() == before
    assert not list(elsewhere.rglob("hacked"))


def test_numbers(elsewhere, ledger):
    for place in PLACES:
        if not place.is_slow and isinstance(place.parameter.type, click.types.IntParamType | click.types.FloatParamType):
            for name in ("huge negative number", "nearly beyond a float", "infinity", "not a number", "Arabic digits"):
                try_value(ledger, place, SHORT_TEXTS[name], elsewhere)
            try_value(ledger, place, "9" * 25, elsewhere)


def test_values_of_a_megabyte(elsewhere, ledger):
    for place in PLACES:
        if place.parameter.opts[0] in ("--seq", "--pattern", "--rbp", "--name", "--variant", "--forbid", "--keep", "--contains"):
            try_value(ledger, place, LONG_TEXTS["1 MB of lines"], elsewhere)


def test_files(elsewhere, ledger):
    for name, content in CONTENTS.items():
        Path(name).write_bytes(content)
    for place in PLACES:
        if place.parameter.opts[0] in ("--fasta", "--table", "--meme", "file"):
            for number, name in enumerate(CONTENTS):
                is_right = place.command in (("train",), ("table",)) and name.startswith("table")  # and can be read
                if number % 3 == len(place.command) % 3 and not is_right:
                    try_value(ledger, place, name, elsewhere)


@pytest.mark.parametrize("words", [[HOSTILE], ["--help", HOSTILE], ["gia", HOSTILE], ["data", HOSTILE], ["--", "\0"], ["-\ud800"]])
def test_words_that_are_no_command(words, elsewhere, ledger):
    try_arguments(ledger, "rbind", words, str(words))


@pytest.mark.parametrize("option", [name for one in server.main.params for name in one.opts[:1] if not one.is_flag])
def test_options_of_the_launcher(option, monkeypatch, elsewhere):
    monkeypatch.setattr(server, "_serve", lambda *options: None)
    monkeypatch.setenv(server.SHARED, "0")  # which the launcher changes
    for value in SHORT_TEXTS.values():
        outcome = CliRunner().invoke(server.main, [f"{option}={value}"], standalone_mode=False)
        error = outcome.exception
        assert error is None or isinstance(error, click.ClickException), (value, error)
        assert error is None or is_a_sentence(error.format_message()[:200]), value
