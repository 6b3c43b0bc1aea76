"""Technical words, each explained once in a text, on hover, tap or keyboard focus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

WORDS = {
    "RNA-binding protein": "A protein that holds on to RNA and so decides, for example, how it is spliced or how long it lives.",
    "network": "A program with very many adjustable numbers, fitted to measurements until its predictions came close to them.",
    "committee": "Several networks of one protein, trained in different ways on the same kind of measurements.",
    "probe": "One of the short RNAs (30-41 letters) whose binding was measured, all in one experiment.",
    "z-score": "How far above or below the average probe, in standard deviations of log intensity: 0 is average, 3 is far above.",
    "correlation": "Pearson's r. 1: measured and predicted lie on one rising line. 0: they have nothing to do with each other.",
    "95 % CI": "The 95 % confidence interval: how precisely the average is known from this many RNAs. It does not say how much "
    "single RNAs differ.",
    "motif": "A short row of letters that a protein likes, such as UGCAUG.",
    "in silico mutagenesis": "On the computer, change each letter of an RNA to each of the three others, and see how far the "
    "prediction moves.",
    "logo": "The RNA, letter by letter: the taller a letter, the more the prediction moves when that letter is changed.",
    "local importance": "The change in predicted binding when the pattern is put into one background RNA.",
    "background": "The RNAs that a pattern is put into. They decide what the average is an average over.",
    "global importance": "The average change in predicted binding when the pattern is put into N background RNAs.",
    "R²": "How close points lie to a straight line: 1 is exactly on it.",
    "paired test": "Both are measured in the same background RNAs, so each RNA is compared with itself. Holm's correction keeps "
    "many comparisons from finding something by luck.",
    "gap": "Letters between the end of the first site and the start of the second. Below 0: the two share letters.",
    "stem": "Two stretches of an RNA that pair with each other, like the two sides of a zip.",
    "loop": "The unpaired letters at the turn of a hairpin, between the two sides of its stem.",
    "hairpin": "An RNA that folds back on itself: a stem of paired letters with a loop at its end.",
    "5' end": "The beginning of an RNA, where reading starts.",
    "3' end": "The other end of an RNA, its last letters.",
    "dinucleotide shuffle": "The letters of real probes in a new order that keeps how often each pair of neighbours occurs.",
    "quartile": "Unchanged probes from one quarter of the binding scores: 1 is bound least, 4 most.",
}
_MARK = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")

STYLE = """<style>
.lesson-text { position: relative; margin: 0; font-size: 1rem; line-height: 1.55; overflow-wrap: anywhere; }
.lesson-text p { margin: 0 0 .6rem; }
.lesson-text ul { margin: 0 0 .6rem; padding-left: 1.1rem; }
.lesson-text li { margin-bottom: .35rem; }
.lesson-word { border-bottom: 1px dotted currentColor; cursor: help; font-style: normal; }
.lesson-word:hover::after, .lesson-word:focus::after { content: attr(data-hint); position: absolute; z-index: 9; left: 0; right: 0;
  margin-top: 1.6em; padding: .5rem .7rem; border-radius: .5rem; font-size: .85rem; line-height: 1.4; background: #262730;
  color: white; box-shadow: 0 2px 8px rgba(0,0,0,.25); }
</style>"""


def with_hints(paragraphs: Iterable[str], as_list: bool = False) -> str:
    """Write texts as HTML in which marked words show what they mean.

    Parameters
    ----------
    paragraphs : plain text; [[word]] or [[shown|word]] marks a word of `WORDS`, which is explained at its first occurrence.

    Returns
    -------
    str
        Everything else in the texts is escaped.
    """
    explained: set[str] = set()

    def hint(match: re.Match[str]) -> str:
        shown, word = match[1], match[2] or match[1]
        if word in explained:
            return shown
        explained.add(word)
        text = escape(WORDS[word])
        return f'<dfn class="lesson-word" tabindex="0" data-hint="{text}" aria-description="{text}">{shown}</dfn>'

    tag = "li" if as_list else "p"
    body = "".join(f"<{tag}>{_MARK.sub(hint, escape(text, quote=False))}</{tag}>" for text in paragraphs)
    body = body.replace("95 % CI", "95\u00a0%\u00a0CI")  # without a line break inside
    return f'<div class="lesson-text">{f"<ul>{body}</ul>" if as_list else body}</div>'
