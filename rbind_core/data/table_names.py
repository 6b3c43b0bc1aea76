"""What a column's name says about it: a score, a companion of a score, a line number."""

from __future__ import annotations

import re
from enum import IntEnum


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EXACT_SCORES = _set(
    "score scores bindingscore intensity signal affinity enrichment z zscore zscores logfc log2fc logfoldchange log2foldchange "
    "logratio log2ratio logenrichment log2enrichment"
)
_SCORE_WORDS = _set(
    "z zscore zscores fc lfc foldchange ratio mean average median value values activity response target measurement measured y "
    "fluorescence binding bound"
)
_SCORE_PARTS = ("score", "intensit", "signal", "affinit", "enrich")
_COMPANIONS = _set(
    "pval pvals pvalue pvalues padj qval qvalue fdr fwer bonferroni holm significance "
    "sd std stdev stddev stderr se sem var variance cv err error errors mad iqr ci lower upper deviation "
    "start end stop pos position coordinate length len size width nt chr chrom chromosome strand gc gcpercent mfe dg deltag "
    "energy temperature replicate replicates rep batch plate well rank percentile quantile flag flags cluster group"
)
_COUNTS = _set("count counts read reads umi umis coverage depth cpm tpm rpkm")
_IDS = _set("id ids idx index unnamed nr no num number rownames rowname rownumber line lineno")
_WEAK_IDS = _set("probe probes name key gene transcript spot feature row col column x fold event")
_CONSTANTS = _set("kd ki km ic50 ec50 koff dissociation")
_ALONE = _set("p q n")  # companions, but also units as in Kd_nM
_P_VALUE = re.compile("(^|[^a-z])[pq][^a-z]*(val|adj)")
_COMPANION_ENDS = re.compile("(sd|std|stdev|stderr|se|sem|var|cv|pval|pvalue|padj|fdr|err|error|rank|count|counts)$")

_SEQUENCES = _set(
    "sequence sequences seq seqs rna rnas rnasequence rnaseq probesequence probeseq sequenz targetsequence nucleotidesequence "
    "dna dnasequence"
)
_NOT_THE_RNA = _set(
    "barcode barcodes bc umi adapter adaptor adapters primer primers linker flank flanks flanking constant index tag prefix suffix "
    "upstream downstream promoter motif kmer consensus"
)


class Sounds(IntEnum):
    """How much the name of a column of numbers sounds like a score, best first."""

    LIKE_A_SCORE = 0
    SOMEWHAT_LIKE_A_SCORE = 1
    NEUTRAL = 2
    LIKE_A_COUNT = 3
    LIKE_A_COMPANION = 4
    LIKE_A_NUMBER_OF_THE_LINE = 5


def words(name: str) -> list[str]:
    """Split a name into its words, in lower case and without digits.

    Parameters
    ----------
    name : such as `adj.P.Val` or `MeanIntensity`.
    """
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def sounds(name: str) -> Sounds:
    """Judge the name of a column of numbers; neutral for '' and for an unknown name."""
    whole, parts = _plain(name), set(words(name))
    if whole in _EXACT_SCORES:
        return Sounds.LIKE_A_SCORE
    if parts & _IDS or whole in _IDS:
        return Sounds.LIKE_A_NUMBER_OF_THE_LINE
    if parts & _COMPANIONS or whole in _COMPANIONS | _ALONE or _P_VALUE.search(name.lower()):
        return Sounds.LIKE_A_COMPANION
    is_score = any(part in whole for part in _SCORE_PARTS)
    if is_score and _COMPANION_ENDS.search(whole):
        return Sounds.LIKE_A_COMPANION
    if parts & _COUNTS or whole in _COUNTS:
        return Sounds.LIKE_A_COUNT
    if is_score or parts & _SCORE_WORDS or whole in _SCORE_WORDS or any(word.startswith("log") for word in parts):
        return Sounds.SOMEWHAT_LIKE_A_SCORE
    if parts & _WEAK_IDS:
        return Sounds.LIKE_A_NUMBER_OF_THE_LINE
    return Sounds.NEUTRAL


def is_small_where_strong(name: str) -> bool:
    """Tell whether a name is of a measure that is small where binding is strong, such as K_D, but not its logarithm."""
    parts = set(re.findall("[a-z]+[0-9]*", name.lower()))
    return bool(parts & _CONSTANTS) and not name.lower().startswith(("p", "-log", "log"))


def is_a_sequence(name: str) -> bool:
    """Tell whether a column of this name holds the RNAs, such as `sequence` or `rna`."""
    return _plain(name) in _SEQUENCES


def is_not_the_rna(name: str) -> bool:
    """Tell whether a column of this name holds other sequences, such as barcodes, adapters or primers."""
    return bool(set(words(name)) & _NOT_THE_RNA)
