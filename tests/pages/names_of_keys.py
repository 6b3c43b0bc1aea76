"""Reads the code of the dashboard for the names under which it keeps anything in the link and in the session.

A part of a name that is known only at run time is written '{}'.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEEPERS = ("st.session_state", "st.query_params")
METHODS = ("get", "get_all", "pop", "setdefault")
# Functions of the dashboard that are given a name: in which place, and what it is kept as.
GIVEN_A_NAME = {
    "linked": (0, "{}"),
    "choose": (1, "{}"),
    "read_or_last": (0, "_good_{}"),
    "forget": (0, "_good_{}"),
    "_name": (0, "_{}_{{}}"),
    "_number": (0, "{}"),
    "networks.wanted": (1, "{}"),
    "choices.asked_rna": (0, "{}"),
}


def names_in(path: Path) -> set[str]:
    """Names in one file."""
    tree = ast.parse(path.read_text())
    return {name for expression, form in _expressions(tree) for name in _texts(expression, tree, form)}


def _expressions(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Expressions that are names of something kept, each with what it is kept as."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in KEEPERS:
            yield node.slice, "{}"
        elif isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) in KEEPERS:
            yield node.left, "{}"
        elif isinstance(node, ast.Call):
            yield from _arguments(node)


def _arguments(call: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    keeper, _, method = ast.unparse(call.func).rpartition(".")
    if keeper in KEEPERS and method in METHODS:
        yield call.args[0], "{}"
    elif (function := ast.unparse(call.func)) in GIVEN_A_NAME:
        place, form = GIVEN_A_NAME[function]
        yield from ((argument, form) for argument in call.args[place : place + 1])
    options = {option.arg: option.value for option in call.keywords}
    is_kept = "bind" in options or "persist_state" in options or any(ast.unparse(one.value) == "IN_LINK" for one in call.keywords)
    if is_kept:
        yield options["key"], "{}"


def _texts(expression: ast.expr, tree: ast.AST, form: str) -> set[str]:
    """What an expression can be; nothing for an argument of the function around, whose callers give the name."""
    if isinstance(expression, ast.Constant):
        return {form.format(expression.value)}
    if isinstance(expression, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in expression.values)
        return {form.format("".join(parts))}
    if isinstance(expression, ast.Call) and ast.unparse(expression.func) == "setting_key":
        return {"{}_{}"}
    if isinstance(expression, ast.Name):
        return {text for value in _values(expression.id, tree) for text in _texts(value, tree, form)}
    return set()


def _values(name: str, tree: ast.AST) -> Iterator[ast.expr]:
    """What is assigned to a variable in its file, or in the one that it is imported from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from (value for one, value in _pairs(target, node.value) if isinstance(one, ast.Name) and one.id == name)
        elif isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            yield ast.Constant(getattr(import_module(str(node.module)), name))


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


@cache
def names_by_room() -> dict[str, set[str]]:
    """Names by the room that they are used in: a page, or '' for what all pages share."""
    found: dict[str, set[str]] = {}
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    for path in [*(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard").rglob("*.py")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        room = next((part for part in parts[1:] if part in pages), "lessons" if "lessons" in parts else "")
        found.setdefault(room, set()).update(names_in(path))
    return found
