"""Colours that figures share: those of text can be read on either ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.figures.theme import CONSTRUCT_COLOURS, legible

GROUNDS = ("#ffffff", "#191919")  # of the light theme and of the dark one


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@given(st.integers(0, 0xFFFFFF))
def test_text_of_any_colour_can_be_read_on_both_grounds(colour):
    assert all(contrast(legible(f"#{colour:06x}"), ground) > 3.9 for ground in GROUNDS)


@pytest.mark.parametrize("colour", CONSTRUCT_COLOURS)
def test_a_legible_colour_keeps_its_hue(colour):
    before, after = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, legible(colour)))
    assert before.index(max(before)) == after.index(max(after))
    assert before.index(min(before)) == after.index(min(after))
