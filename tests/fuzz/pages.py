"""Every widget, upload and URL parameter of every page, found on the page and in the source, so that a new one is tried too."""

from __future__ import annotations

import ast
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.fuzz.corpus import DIRECTIVE_MARK, HTML_MARK, MARKDOWN_MARK
from tests.fuzz.ledger import Ledger, shown
from tests.streamlit_interface import choose_by_what_is_shown

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "entry" / "main.py"
SECONDS = 30.0  # for one run of a page, on a busy computer
_TYPED = ("text_input", "text_area")
_CHOSEN = ("selectbox", "radio", "button_group", "multiselect", "checkbox", "toggle", "slider", "select_slider")


def link_parameters() -> list[str]:
    """Names that may be query parameters: every key of a widget, those of `linked`, and what is read from st.query_params."""
    trees = [ast.parse(path.read_text()) for path in _files_of_the_app()]
    constants = {}
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        for target, value in _assigned(node):
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                constants[target.id] = value
    found = (_text_of(key, constants) for tree in trees for node in ast.walk(tree) for key in _keys_in(node))
    return sorted({name for name in found if name})


def _files_of_the_app() -> list[Path]:
    return [MAIN, *(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard").rglob("*.py")]


def _assigned(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _keys_in(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "key")
        if ast.unparse(node.func).split(".")[-1] in ("linked", "_set_parameter") or ast.unparse(node.func) == "st.query_params.get":
            yield from node.args[:1]
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "st.query_params":
        yield node.slice
    elif isinstance(node, ast.Compare) and any(ast.unparse(one) == "st.query_params" for one in node.comparators):
        yield node.left


def _text_of(node: ast.expr, constants: dict[str, ast.Constant]) -> str:
    node = constants.get(node.id, node) if isinstance(node, ast.Name) else node
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def uploads_in_source() -> int:
    """How many uploads there are in the code."""
    return sum(
        len(re.findall(r"\.(?:file_uploader|camera_input|audio_input|chat_input)\(", path.read_text()))
        for path in _files_of_the_app()
    )


class OpenPage:
    """One page in one session; whatever is done to it, `run` says what went wrong."""

    def __init__(self, ledger: Ledger, page: str, parameters: dict[str, str] | None = None) -> None:
        self._ledger, self.page = ledger, page
        self.app = AppTest.from_file(str(MAIN), default_timeout=120)
        for name, value in (parameters or {}).items():
            self.app.query_params[name] = value
        self.opened = False

    def open(self, given: str = "the page as it is", surface: str = "link") -> OpenPage:
        """Open it the way a user does."""
        self._run(f"{surface} to {self.page}", given, lambda: self.app.run())
        self._run(f"{surface} to {self.page}", given, lambda: self.app.switch_page(f"../pages/{self.page}.py").run())
        return self

    def widgets(self, *kinds: str) -> list[Any]:
        """Widgets of some kinds that can be used."""
        return [one for kind in kinds for one in self.app.get(kind) if not getattr(one, "disabled", False)]

    @property
    def typed(self) -> list[str]:
        """Keys of what can be typed into."""
        return [one.key for one in self.widgets(*_TYPED) if one.key]

    @property
    def numbers(self) -> list[str]:
        """Keys of numbers."""
        return [one.key for one in self.widgets("number_input") if one.key]

    @property
    def uploads(self) -> list[str]:
        """Keys of uploads."""
        return [one.key for one in self.widgets("file_uploader") if one.key]

    @property
    def chosen(self) -> list[str]:
        """Keys of what is chosen from a list."""
        return [one.key for one in self.widgets(*_CHOSEN) if one.key]

    def type_text(self, keys: list[str], text: str, given: str) -> None:
        """Type a text into some fields, as far as their limit of letters allows it."""
        text = text.encode("utf-8", "replace").decode()  # a browser sends no half a sign
        for one in self.widgets(*_TYPED):
            if one.key in keys:
                one.set_value(text[: one.max_chars] if one.max_chars else text)
        self._run(f"{self.page}: {', '.join(keys)}", given, self.app.run)

    def type_number(self, keys: list[str], value: float, given: str) -> None:
        """Type a number, as far as its limits allow it."""
        for one in self.widgets("number_input"):
            if one.key in keys:
                bounded = max(value if one.min is None else one.min, min(value if one.max is None else one.max, value))
                one.set_value(float(bounded) if isinstance(one.value, float) else int(bounded))
        self._run(f"{self.page}: {', '.join(keys)}", given, self.app.run)

    def choose(self, key: str, which: int) -> None:
        """Choose one of the options, or one of the ends of a slider."""
        for one in self.widgets(*_CHOSEN):
            if one.key == key:
                with contextlib.suppress(KeyError, ValueError):  # the label of an option that stands for another value
                    _choose(one, which)
                self._run(f"{self.page}: {key}", f"option {which}", self.app.run)
                return

    @property
    def buttons(self) -> list[str]:
        """Keys of what can be pressed."""
        return [one.key for one in self.widgets("button") if one.key]

    def press(self, key: str) -> None:
        """Press a button that is still there."""
        for one in self.widgets("button"):
            if one.key == key:
                one.click()
                self._run(f"{self.page}: {key}", "pressed", self.app.run)
                return

    def upload(self, key: str, name: str, content: bytes, given: str) -> None:
        """Give a file to an upload."""
        for one in self.widgets("file_uploader"):
            if one.key == key:
                one.set_value((name, content, "application/octet-stream"))
                self._run(f"{self.page}: {key}", given, self.app.run)
                return

    def _run(self, surface: str, given: str, run: Callable[[], Any]) -> None:
        start, problem = time.process_time(), ""
        with _logged() as log:
            try:
                run()
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
        seconds = time.process_time() - start
        exceptions = [f"{one.value} {' '.join(one.stack_trace)[-200:]}" for one in self.app.exception] if not problem else []
        problem = problem or next(iter([*exceptions, *log, *found_marks(self.app)]), "")
        if not problem and seconds > SECONDS:
            problem = f"takes {seconds:.1f} s"
        self._ledger.note(surface, given, seconds, problem)


def _choose(widget: Any, which: int) -> None:
    options = list(getattr(widget, "options", []) or [])
    if widget.type in ("checkbox", "toggle"):
        widget.set_value(bool(which % 2))
    elif widget.type == "slider":
        end = (widget.min, widget.max)[which % 2]
        widget.set_value((end, end) if isinstance(widget.value, tuple | list) else end)
    elif widget.type in ("selectbox", "radio") and options:
        widget.select_index(which % len(options)) if widget.type == "selectbox" else widget.set_value(options[which % len(options)])
    elif options:  # segmented controls, pills, several choices: AppTest knows what they show, not the values behind it
        chosen = options[which % len(options)]
        is_list = isinstance(widget.value, list)
        choose_by_what_is_shown(widget)
        widget.set_value(([] if which % 2 else [chosen]) if is_list else chosen)


class _logged(logging.Handler):
    """Errors that anything logs meanwhile."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"in the log: {record.getMessage()[:200]} {record.exc_info[1] if record.exc_info else ''}")

    def __enter__(self) -> list[str]:
        for name in (None, "streamlit"):
            logging.getLogger(name).addHandler(self)
        return self.found

    def __exit__(self, *_: object) -> None:
        for name in (None, "streamlit"):
            logging.getLogger(name).removeHandler(self)


_RAW_IMAGE = re.compile(r"(?<!\\)!?\[x\]\((?:http|javascript)")
_RAW_DIRECTIVE = re.compile(r"(?<!\\):red\[x|(?<!\\):material/home:|(?<!\\)\*\*b\*\*")


def found_marks(app: AppTest) -> Iterator[str]:
    """Where something hostile has become an element instead of text."""
    for block in (app.main, app.sidebar):
        for element in block:
            yield from _marks_of(element)


def _marks_of(element: Any) -> Iterator[str]:
    kind, proto = element.type, getattr(element, "proto", None)
    if proto is None:
        return
    body = getattr(proto, "body", "")
    if kind == "html" or getattr(proto, "allow_html", False):
        if re.search(r"<(img src=x|script|svg/onload|a href=.javascript)", str(body)):
            yield f"HTML of a user in {kind}: {shown(body[max(body.find('<img src=x') - 40, 0) :])}"
    elif kind == "plotly_chart":
        shown_in_it = re.sub(r'"uirevision":"(?:[^"\\]|\\.)*"', "", proto.spec)  # a key that is never drawn
        if re.search(r"(<|\\u003c)(a href=|img src=x|script)", shown_in_it):
            yield "HTML of a user in a figure"
    elif kind == "bidi_component":
        json.loads(proto.json or "null")
    else:
        for field in ("body", "label", "help", "caption", "text"):
            text = getattr(proto, field, "")
            if (
                isinstance(text, str)
                and kind not in ("code", "text", "json")
                and (_RAW_IMAGE.search(text) or _RAW_DIRECTIVE.search(text))
            ):
                yield f"Markdown of a user in {kind}.{field}: {shown(text)}"


MARKS = (HTML_MARK, MARKDOWN_MARK, DIRECTIVE_MARK)
