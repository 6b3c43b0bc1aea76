"""How a widget keeps its value in the link and in the session, and the names under which each page keeps anything there.

A test holds `KEYS` against the code: what a page keeps stands here, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypedDict


class InLink(TypedDict):
    """Keyword arguments of a widget whose value stands in the link, and stays when another page is looked at."""

    bind: Literal["query-params"]
    persist_state: Literal["session"]


IN_LINK: Final[InLink] = {"bind": "query-params", "persist_state": "session"}


def setting_key(experiment: str, setting: str) -> str:
    """Key of the control of an experiment's setting, and its name in the link."""
    return f"{experiment}_{setting}".replace("-", "_")


@dataclass(frozen=True)
class Kept:
    """Names with what they hold: those in the link, most of which are keys of widgets too, and those in the session alone.

    A part in braces differs from run to run.
    """

    link: dict[str, str] = field(default_factory=dict)
    session: dict[str, str] = field(default_factory=dict)


EVERYWHERE = ""
KEYS: Final = {
    EVERYWHERE: Kept(
        {
            "rbp": "experiment of the model",
            "background": "its name",
            "gc": "GC content of the background that asks for one, %",
            "context": "the RNA of the background that is one RNA",
            "file": "digest of the background's own sequences",
            "n": "number of background RNAs",
            "seed": "of their draw",
            "library": "designed or measured probes",
            "colours": "palette of the nucleotides",
        },
        {
            "_settings": "what the sidebar says, for the page",
            "_good_{input}": "the last value of an input that could be read",
            "_good_context": "the last RNA of the background that could be read",
            "_good_numbers": "the last N and seed that make sense",
            "_file": "digest of the sequences in use",
            "_upload_read": "the upload that was read last, and what was wrong with it",
            "_background_preview_is_open": "whether the dialog about the background is open",
            "_shown_{place}": "the last answer of a place on a page",
            "_pending_{place}": "the job that the place waits for",
            "_cancelled_{place}": "the request that was cancelled there",
            "_session_name": "by which jobs know who waits",
            "_browser": "the visitor of a shared server, where there is no cookie",
            "_go_to": "the page that a callback asks for",
            "_endless_numbers": "parameters that were taken out of the link",
            "_measure_{experiment}_{weights}": "whether the model is to be measured for the atlas",
            "_atlas_set_aside": "where a damaged atlas file is now",
            "_{editor}_answered": "number of the last edit of a construct editor that was heard",
        },
    ),
    "browse": Kept(
        {
            "q": "text that is searched for",
            "motif_contains": "letters that the motif holds",
            "evidence": "grade of the models that are shown",
            "sort": "order of the cards",
            "species": "whose models are shown",
            "family": "kind of the proteins that are shown",
            "group": "group of similar motifs",
            "reads": "sequence, or structure too",
            "least": "lowest test Pearson",
            "gc3": "range of the effect of a GC-rich 3' end",
        }
    ),
    "profile": Kept(),
    "sequence": Kept(
        {
            "seq": "the RNA",
            "mut": "mutations that it carries",
            "seqs": "several RNAs",
            "show": "the view",
            "heights": "what the heights of letters are",
            "cells": "what a cell of the map of pairs shows",
            "pair_at": "the pair of positions that is looked at",
            "fold_colours": "what colours the structure",
            "part": "which examples are listed",
        },
        {
            "_chain_good": "the last RNA and mutations that could be read",
            "_chain_of": "the RNA that the mutations belong to",
            "_chain_start": "the RNA without them",
            "_chain_taken_back": "mutations that can be made again",
            "_good_several": "the last RNAs that could be read",
            "ism_chart": "the mutation that was clicked",
            "pairs_chart": "the pair that was clicked",
            "stacked_chart": "the map that was clicked",
            "stacked_rows": "the row that was clicked",
            "probes-{experiment}-{library}-{part}": "the example that was clicked",
        },
    ),
    "hypothesis": Kept(
        {
            "c": "the constructs",
            "shape": "how local importance is drawn",
            "points": "whether every RNA is a point",
            "networks": "whether other networks are asked too",
            "view": "what stands below the numbers",
            "pairs": "whether all pairs are compared",
        },
        {"_good_constructs": "the last ones that could be read"},
    ),
    "experiments": Kept(
        {
            "experiment": "which one",
            "robust": "whether under all seven backgrounds",
            "trial_networks": "whether other networks are asked too",
            "{experiment}_{setting}": "its settings; see `setting_key`",
        }
    ),
    "lessons": Kept(
        {
            "lesson": "its number",
            "run": "1 when it has been run",
            "reveal": "1 when what came out is shown",
        },
        {
            "_lesson": "its number, while another page is looked at",
            "_lesson_stages": "how far each lesson is",
            "guess_{lesson}": "what is expected",
        },
    ),
    "compare": Kept(
        {
            "with": "experiments of the other models",
            "kmer_scale": "z-scores or shares",
            "find": "letters that are looked for",
            "picked": "the 6-mer that was clicked",
            "pair": "which two are drawn against each other",
        },
        {
            "_compared_with": "the others, while another page is looked at",
            "_compared_with_default": "the others as long as nobody chooses",
            "_good_motif": "the last letters that could be read",
            "_last_motif": "the letters that were looked for before",
            "compare_scatter": "the point that was clicked",
        },
    ),
    "kmers": Kept({"k": "length of the k-mers", "start": "their position", "mode": "fast or exhaustive"}),
    "all_rbps": Kept({"across": "what is looked at"}, {"all_{list}": "the row whose profile is asked for"}),
    "probes": Kept(
        {
            "contains": "letters that stand in the probe",
            "order": "quantity by which probes are ordered",
            "first": "highest, lowest or spread",
            "probe_gc": "range of the GC content, %",
            "{score}_from": "lowest score that passes",
            "{score}_to": "highest score that passes",
            "probe": "the sequence that is looked at",
        },
        {"probe_rows_{request}": "the row that was clicked"},
    ),
    "long_rna": Kept(
        {
            "rna": "the pasted RNAs; in the link if short",
            "rnas": "digest of RNAs that are long or many",
            "rbp2": "experiment of the second model",
            "stride": "nt from window to window",
            "record": "number of the RNA that is drawn",
            "window": "first position of the window that is looked at",
            "mutations_of": "one window or the whole RNA",
        },
        {
            "_rna_text": "the pasted RNAs, while another page is looked at",
            "_rna_file": "digest of the RNAs in use",
            "_rna_problem": "what was wrong with the upload",
            "_rna_good": "the last RNAs that could be read",
            "rna_upload": "the uploaded file",
            "_clicked_{number}": "the record or window that was clicked",
            "_belongs_{number}": "what that click belongs to",
            "track": "the point that was clicked",
            "sites_{experiment}_{track}": "the row of the best windows that was clicked",
            "records_{digest}": "the row of the RNAs that was clicked",
        },
    ),
    "who": Kept(
        {
            "who_rna": "the RNA; its digest if it is long",
            "who_second": "another one to compare it with",
            "who_find": "text that is searched for",
            "who_grade": "grade of the models that are shown",
            "who_family": "kind of the proteins that are shown",
            "who_species": "whose proteins are shown",
            "who_fold": "whether similar proteins are one row",
            "who_drawn": "the best proteins on the map, or all",
        },
        {
            "_{rna}_file": "digest of the RNA in use, if it came from a file",
            "_{rna}_problem": "what was wrong with the upload",
            "_{rna}_good": "the last RNA that could be read",
            "{rna}_upload": "the uploaded file",
            "_who_chosen": "experiment of the protein that was clicked",
            "who_map": "the site that was clicked",
            "who_rows_{table}": "the row that was clicked",
        },
    ),
    "variants": Kept(
        {"wt": "the wild type", "changes": "its variants", "flank": "nt that are kept around a change"},
        {"_good_variants": "the last ones that could be read"},
    ),
    "design": Kept(
        {
            "against": "experiment of the model whose score is to stay low",
            "aim": "highest or lowest score",
            "from": "the RNA to start from",
            "gc_range": "GC content allowed, %",
            "forbid": "motifs that are not to be there",
            "keep": "positions that stay",
            "most_changed": "positions that may change",
            "steps": "steps at most",
            "restarts": "further runs",
            "warmth": "temperature at the start",
            "weight": "of the other model's score",
        }
    ),
    "models": Kept(
        {
            "method": "published method to compare with",
            "models_view": "scale of measured against predicted, or single points",
            "view": "the same in old links",
        }
    ),
    "train": Kept(
        {"run": "id of the training run that is looked at"},
        {
            "_example": "whether the example table is used",
            "_deleting_run": "the run that is about to be deleted",
            "_run_problem": "what could not be done with a run",
            "_dialog_problem": "what could not be done with a model",
            "_dialog_done": "whether the dialog has done its work",
            "new_name": "of a model that is renamed",
        },
    ),
}
