"""Hypothesis strategies: pieces that are right where they stand, mixed with those of the corpus, cut, doubled and swapped."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.constructs.strategies import scaffold_texts
from tests.fuzz.corpus import CONTENTS, RNA, SHORT_TEXTS, table
from tests.toys import construct_texts, rna

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
CI = settings(max_examples=12, deadline=None, suppress_health_check=_SLOW, derandomize=True, database=None)

_hostile = st.sampled_from(sorted(SHORT_TEXTS.values(), key=len)[:80])
_number = st.one_of(st.integers(-5, 60).map(str), st.sampled_from(["1e400", "nan", "-0", "٣", "²", "1_0", "0x1", "9" * 30, "1.5"]))
_letters = st.one_of(rna(min_size=0), rna(alphabet="ACGUTNRYacgt-"), st.just(RNA))
_change = st.builds("{}{}{}".format, st.sampled_from("ACGUTNacgt"), _number, st.sampled_from("ACGUTNacgt>-"))
_fasta = st.lists(st.builds(">{}\n{}\n".format, st.one_of(_hostile, st.text(max_size=20)), _letters), min_size=1, max_size=4).map(
    "".join
)
_row = st.lists(_number, min_size=3, max_size=5).map(" ".join)
_meme = st.builds(
    "MEME version 4\n{}\nMOTIF {} {}\nletter-probability matrix: alength= {} w= {}\n{}\n".format,
    st.sampled_from(["", "ALPHABET= ACGU", "ALPHABET= ACDEFGHIKLMNPQRSTVWY", "ALPHABET\nA\nEND ALPHABET", "ALPHABET"]),
    st.one_of(_hostile, st.text(max_size=10)),
    st.text(max_size=10),
    _number,
    _number,
    st.lists(st.one_of(_row, st.just("0.25 0.25 0.25 0.25")), max_size=4).map("\n".join),
)
_element = st.one_of(
    st.builds("{}@{}".format, _letters, st.one_of(_number, st.just("*"))),
    st.builds("stem:{}-{}/{}-{}{}".format, _number, _number, _number, _number, st.sampled_from(["", ":gu", ":x", ":"])),
    st.builds("{}:{}-{}".format, st.sampled_from(["occlude", "context", "STEM", "", "x"]), _number, _number),
)
_construct = st.one_of(construct_texts(), scaffold_texts(), st.lists(_element, max_size=5).map("+".join))
_named = st.builds(
    "{}{}".format, st.one_of(st.just(""), st.text(max_size=8).map("{}=".format), _hostile.map("{}=".format)), _construct
)
_lines = st.lists(st.lists(st.one_of(_change, _number, _letters, _hostile), min_size=1, max_size=5), min_size=1, max_size=6)
_variants = st.builds(
    lambda rows, between: "\n".join(between.join(row) for row in rows), _lines, st.sampled_from([",", "\t", " ", ";"])
)
_ranges = st.lists(st.builds("{}-{}".format, _number, _number), min_size=1, max_size=4).map(",".join)

_OF_A_SURFACE = {
    "pasted sequences": _fasta,
    "FASTA": _fasta,
    "constructs": st.lists(_named, min_size=1, max_size=3).map(";".join),
    "position of a pattern": _number,
    "variant": _change,
    "variants": _variants,
    "chain of mutations": st.lists(_change, max_size=6).map(",".join),
    "motifs (MEME)": _meme,
    "constraints of a design": st.one_of(_ranges, _ranges.map("{}%".format), st.lists(_letters, max_size=4).map(" ".join)),
}


def texts_for(surface: str) -> st.SearchStrategy[str]:
    """What a parser expects, as it is or broken, or anything at all."""
    right = _OF_A_SURFACE.get(surface, _letters)
    return st.one_of(right, st.builds(_broken, right, _hostile, st.randoms(use_true_random=False)), _hostile, st.text(max_size=60))


def contents() -> st.SearchStrategy[bytes]:
    """Files that are right for some parser, broken, or bytes at random."""
    whole = st.one_of(
        st.sampled_from(sorted(CONTENTS.values())),
        st.one_of(_fasta, _meme, _variants).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.builds(_table, st.sampled_from("\t,; "), st.one_of(_number, _hostile), st.sampled_from(["utf-8", "utf-16", "latin-1"])),
    )
    return st.one_of(st.binary(max_size=200), whole, st.builds(_broken_bytes, whole, st.randoms(use_true_random=False)))


def _table(separator: str, odd: str, encoding: str) -> bytes:
    lines = table().replace("\t", separator).split("\n")
    lines[3] = f"{odd}{separator}{lines[3]}"
    return "\n".join(lines).encode(encoding, "replace")


def _broken(text: str, hostile: str, random) -> str:
    """A piece put in, cut out, doubled, or the order turned round."""
    at, to = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    return random.choice(
        [
            text[:at] + hostile + text[at:],
            text[:at] + text[to:],
            text[:to] + text[at:],
            text[::-1],
            hostile.join(text[:40]),
            text * 3,
        ]
    )


def _broken_bytes(content: bytes, random) -> bytes:
    at, to = sorted((random.randint(0, len(content)), random.randint(0, len(content))))
    return random.choice(
        [
            content[:at],
            content[at:],
            content[:at] + content[to:],
            content[:at] + bytes([random.randint(0, 255)]) + content[at + 1 :],
        ]
    )
