"""Folders of models that somebody made to do harm: what each must be called, on use or in the list, is one sentence."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.model.registry import CARD, WEIGHTS, store_model
from tests.fuzz.corpus import HTML_MARK
from tests.toys import card, random_weights


def _edit(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        store_model(folder, card("HOSTILE", "HOSTILE"), random_weights())
        described = json.loads((folder / CARD).read_text())
        change(described)
        (folder / CARD).write_text(json.dumps(described))

    return make


def _text(content: str | bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        store_model(folder, card("HOSTILE", "HOSTILE"), random_weights())
        (folder / CARD).write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def _weights(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Path], None]:
    return lambda folder: store_model(folder, card("HOSTILE", "HOSTILE"), change(random_weights())) and None


def _file(content: bytes) -> Callable[[Path], None]:
    """Weights of any bytes, with a card that knows their size and digest."""

    def make(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / WEIGHTS).write_bytes(content)
        described = card("HOSTILE", "HOSTILE")
        described["weights"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        (folder / CARD).write_text(json.dumps(described))

    return make


def _safetensors(header: dict[str, Any] | str, data: bytes = b"", size: int | None = None) -> bytes:
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + data


def _as(dtype: str) -> bytes:
    """All weights as zeros of another type of number."""
    bytes_each = {"F64": 8, "I64": 8, "F16": 2, "BF16": 2, "BOOL": 1, "F8_E4M3": 1, "U8": 1, "C64": 8}[dtype]
    header, at = {}, 0
    for name, array in random_weights().items():
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [at, at + array.size * bytes_each]}
        at += array.size * bytes_each
    return _safetensors(header, b"\0" * at)


def _set(*names: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(described: dict[str, Any]) -> None:
        for name in names[:-1]:
            described = described[name]
        described[names[-1]] = value

    return change


def _put(name: str, array: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda weights: weights | {name: array}


NAN = np.float32("nan")
IN_THE_LIST: dict[str, Callable[[Path], None]] = {
    "card that is no JSON": _text("{"),
    "empty card": _text(""),
    "card of a list": _text("[1, 2]"),
    "card nested without end": _text("[" * 200_000),
    "card of 6 MB": _text(json.dumps({"experiment": "x" * 6_000_000})),
    "card of UTF-16": _text(json.dumps(card()).encode("utf-16")),
    "card with a number of 5,000 digits": _text('{"experiment": ' + "9" * 5000 + "}"),
    "experiment that is a number": _edit(_set("experiment", value=12)),
    "experiment of control characters": _edit(_set("experiment", value="a\x1b[31m\n")),
    "experiment of 10,000 letters": _edit(_set("experiment", value="x" * 10_000)),
    "protein that is a list": _edit(_set("protein", value=["a"])),
    "metrics that are text": _edit(_set("metrics", value={"pearson_test": "high"})),
    "a text for a mean": _edit(_set("normalisation", "mean", value="6")),
    "NaN for a mean": _edit(_set("normalisation", "mean", value=float("nan"))),
    "a standard deviation of zero": _edit(_set("normalisation", "standard_deviation", value=0)),
    "a dilation of 1,000,000,000": _edit(_set("architecture", "dilations", value=[10**9])),
    "a million dilations": _edit(_set("architecture", "dilations", value=[1] * 10**6)),
    "a dilation of -1": _edit(_set("architecture", "dilations", value=[-1])),
    "dilations of text": _edit(_set("architecture", "dilations", value="124")),
    "5 channels": _edit(_set("architecture", "channels", value=5)),
    "true for channels": _edit(_set("architecture", "channels", value=True)),
    "k-mers of HTML": _edit(_set("top_kmers", value=[{"kmer": HTML_MARK, "global_importance": 1, "standard_error": 1}])),
    "a motif of infinity": _edit(_set("motif", value=[[float("inf"), 0, 0, 0]])),
    "a path for a digest": _edit(_set("weights", "sha256", value="../../etc/passwd")),
    "weights of another size": _edit(_set("weights", "bytes", value=10**14)),
    "samples of 10^400": _text(json.dumps(card()).replace("{", '{"summary_samples": 1' + "0" * 400 + ", ", 1)),
}
ON_USE: dict[str, Callable[[Path], None]] = {
    "no weights at all": _weights(lambda weights: {}),
    "weights that lack one": _weights(lambda weights: {k: v for k, v in weights.items() if k != "score/bias"}),
    "weights of another shape": _weights(_put("score/kernel", np.zeros((1, 256), np.float32))),
    "weights without dimensions": _file(
        _safetensors({name: {"dtype": "F32", "shape": [], "data_offsets": [0, 4]} for name in ("conv/kernel",)}, b"\0" * 4)
    ),
    "hidden weights without dimensions": _file(
        _safetensors({"hidden_norm/beta": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}, b"\0" * 4)
    ),
    "weights of no filter": _weights(_put("conv/kernel", np.zeros((11, 4, 0), np.float32))),
    "NaN weights": _weights(_put("score/bias", np.array([NAN]))),
    "infinite weights": _weights(_put("score/bias", np.array([np.inf], np.float32))),
    "one weight too many": _weights(_put("../../hacked", np.zeros(3, np.float32))),
    "empty file": _file(b""),
    "eight bytes": _file(b"\xff" * 8),
    "a header longer than the file": _file(_safetensors("{}", size=2**62)),
    "a header of 100 MB of nothing": _file(_safetensors("{}", size=100_000_000)),
    "a header that is no JSON": _file(_safetensors("{" * 1000)),
    "offsets beyond the file": _file(_safetensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}})),
    "offsets that overlap": _file(
        _safetensors({name: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for name in "ab"}, b"\0" * 4)
    ),
    "a shape that overflows": _file(_safetensors({"a": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 0]}})),
    "a text for a shape": _file(_safetensors({"a": {"dtype": "F32", "shape": "4", "data_offsets": [0, 0]}})),
    "an unknown type": _file(_safetensors({"a": {"dtype": "O", "shape": [1], "data_offsets": [0, 8]}}, b"\0" * 8)),
    "pickle": _file(b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94."),
    **{f"weights of type {dtype}": _file(_as(dtype)) for dtype in ("F64", "I64", "BF16", "BOOL", "F8_E4M3", "U8", "C64")},
}
