"""Misuse of pages: everything at once, then at random, as somebody who clicks and pastes without looking."""

from __future__ import annotations

import random

from tests.fuzz.corpus import CONTENTS, FILE_NAMES, HOSTILE, LONG_TEXTS, NUMBERS, SHORT_TEXTS
from tests.fuzz.ledger import Ledger
from tests.fuzz.pages import OpenPage, link_parameters

MOST_OPTIONS = 4  # of one choice
# Choices of the sidebar that bring up a control of their own.
STARTS: list[dict[str, str]] = [{}, {"background": "file"}, {"background": "context"}, {"background": "gc"}]


def misuse_everything(ledger: Ledger, page: str, start: dict[str, str] | None = None) -> OpenPage:
    """Every text, number and choice of a page, each kind at once, and back to something that works in between."""
    opened = OpenPage(ledger, page, start).open()
    opened.type_text(opened.typed, HOSTILE, "everything hostile")
    for name in ("beyond every limit", "below every limit"):
        opened.type_number(opened.numbers, NUMBERS[name], name)
    return opened


def press_everything(ledger: Ledger, page: str, start: dict[str, str] | None = None) -> OpenPage:
    """Every option of every choice, then every button, one after another, with what comes up on the way."""
    opened, tried = OpenPage(ledger, page, start).open(), set()
    while left := [key for key in opened.chosen if key not in tried]:
        tried.add(left[0])
        for which in range(MOST_OPTIONS):
            opened.choose(left[0], which)
    while left := [key for key in opened.buttons if key not in tried]:
        tried.add(left[0])
        opened.press(left[0])
    return opened


def misuse_links(ledger: Ledger, page: str, name: str, texts: dict[str, str] = SHORT_TEXTS) -> None:
    """All query parameters at once with one value; N is small for what is computed all the same."""
    value = texts[name].encode("utf-8", "replace").decode()
    OpenPage(ledger, page, dict.fromkeys(link_parameters(), value) | {"n": "10"}).open(name)


def wander(ledger: Ledger, page: str, dice: random.Random, steps: int) -> None:
    """Some query parameters at random, then some controls, one after another."""
    links = {name: _text(dice) for name in dice.sample(link_parameters(), dice.randint(0, 6))}
    opened = OpenPage(ledger, page, {**dice.choice(STARTS), **links}).open(f"{links}"[:200])
    for _ in range(steps):
        action = dice.choice(["type", "type", "type", "number", "choose", "choose", "upload", "press"])
        if action == "type" and opened.typed:
            name = dice.choice([*SHORT_TEXTS, *SHORT_TEXTS, *LONG_TEXTS])
            opened.type_text([dice.choice(opened.typed)], (SHORT_TEXTS | LONG_TEXTS)[name], name)
        elif action == "number" and opened.numbers:
            name = dice.choice(list(NUMBERS))
            opened.type_number([dice.choice(opened.numbers)], NUMBERS[name], name)
        elif action == "choose" and opened.chosen:
            opened.choose(dice.choice(opened.chosen), dice.randint(0, 9))
        elif action == "press" and opened.buttons:
            opened.press(dice.choice(opened.buttons))
        elif action == "upload" and opened.uploads:
            name = dice.choice(list(CONTENTS))
            opened.upload(dice.choice(opened.uploads), dice.choice(list(FILE_NAMES.values())), CONTENTS[name], name)


def _text(dice: random.Random) -> str:
    return dice.choice(list(SHORT_TEXTS.values())).encode("utf-8", "replace").decode()
