"""Rules of the house that a reader of one file would not see: nothing loads code from data, and no module grows too long."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.state import pages
from tests.servers import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SOURCES = sorted(path for folder in ("rbind_core", "dashboard", "entry", "pages") for path in (ROOT / folder).rglob("*.py"))
SOURCES.append(ROOT / "app.py")
MODULES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in SOURCES}

LOADS_CODE = {"pickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "torch", "yaml"}
# Tasks travel to workers of one's own Dask cluster as pickles that the same program has made.
MAY_LOAD_CODE = {"rbind_core/system/tasks.py": {"pickle", "cloudpickle"}}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
RUNS_IN_A_SHELL = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn"}
LOADS_A_KERAS_MODEL = {"load_model", "model_from_json", "deserialize_keras_object", "enable_unsafe_deserialization"}
EXPLICIT_RANDOMNESS = {"default_rng", "Generator", "SeedSequence"}

MOST_LINES = 400

PUBLIC_SERVER = {
    ("client", "showErrorDetails"): "none",
    ("client", "toolbarMode"): "viewer",
    ("browser", "gatherUsageStats"): False,
    ("server", "enableXsrfProtection"): True,
    ("server", "enableCORS"): True,
}


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of all imported packages."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names


def calls(tree: ast.AST) -> Iterator[tuple[str, dict[str, str]]]:
    """Dotted name and keyword arguments of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {k.arg: ast.unparse(k.value) for k in node.keywords if k.arg}


def forbidden_calls(tree: ast.AST) -> list[str]:
    found = []
    for name, keywords in calls(tree):
        bad = name in RUNS_TEXT | RUNS_IN_A_SHELL or name.split(".")[-1] in LOADS_A_KERAS_MODEL
        bad |= keywords.get("shell", "False") != "False" or keywords.get("unsafe_allow_html", "False") != "False"
        bad |= keywords.get("allow_pickle", "False") != "False" or keywords.get("unsafe_allow_javascript", "False") != "False"
        bad |= name in ("np.load", "numpy.load") and keywords.get("allow_pickle") != "False"
        if bad:
            found.append(name)
    return found


def global_randomness(tree: ast.AST) -> list[str]:
    found = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    names = [match.group(1) for name in found if (match := re.fullmatch(r"(?:np|numpy)\.random\.(\w+)", name))]
    return [name for name in names if name not in EXPLICIT_RANDOMNESS] + sorted({"random"} & imported(tree))


@pytest.mark.parametrize(
    "text",
    [
        "eval(words)",
        "os.system(command)",
        "subprocess.run(command, shell=True)",
        "np.load(file)",
        "np.load(file, allow_pickle=True)",
        "st.markdown(name, unsafe_allow_html=True)",
        "keras.models.load_model(upload)",
    ],
)
def test_the_checks_below_see_what_they_look_for(text):
    assert forbidden_calls(ast.parse(text))


def test_the_checks_below_see_imports_and_randomness():
    tree = ast.parse("def f():\n    import pickle\n    from yaml.loader import Loader\n    import random\n    np.random.seed(1)")
    assert imported(tree) == {"pickle", "yaml", "random"}
    assert global_randomness(tree) == ["seed", "random"]
    assert not forbidden_calls(ast.parse("np.load(file, allow_pickle=False); re.compile(text); model.eval()"))
    assert not global_randomness(ast.parse("np.random.default_rng(0)"))


@pytest.mark.parametrize("name", MODULES)
def test_nothing_loads_code_from_data_or_runs_text(name):
    assert imported(MODULES[name]) & LOADS_CODE <= MAY_LOAD_CODE.get(name, set())
    assert forbidden_calls(MODULES[name]) == []


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith("rbind_core")])
def test_the_dashboard_uses_no_global_randomness(name):
    assert global_randomness(MODULES[name]) == []


@pytest.mark.parametrize("name", MODULES)
def test_no_module_is_too_long(name):
    assert len((ROOT / name).read_text().splitlines()) <= MOST_LINES


def test_every_page_is_in_the_menu_once():
    assert sorted(pages.NAMES) == sorted(path.stem for path in pages.FOLDER.glob("*.py"))
    assert len(set(pages.NAMES)) == len(pages.NAMES)


def test_the_settings_are_those_of_a_public_server():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert {key: settings[key[0]][key[1]] for key in PUBLIC_SERVER} == PUBLIC_SERVER
    assert settings["server"]["maxUploadSize"] <= 20  # MB


def test_openvino_reports_nothing_to_others(tmp_path):
    code = "import rbind_core, openvino; from openvino.tools.ovc import telemetry; print(type(telemetry).__module__)"
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "openvino.tools.ovc.telemetry_stub", "OpenVINO reports to others by another package"
    assert list(tmp_path.iterdir()) == []  # no number that would tell this computer from others


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").glob("*.js")), ids=lambda path: path.name)
def test_no_script_turns_text_into_code_or_loads_from_elsewhere(path: Path):
    text = path.read_text()
    assert re.findall(r"\b(?:eval|Function|document\.write|insertAdjacentHTML|outerHTML)\s*\(", text) == []
    assert re.findall(r"https?://(?!www\.w3\.org/)", text) == []


def test_the_style_sheet_holds_no_sign_for_which_streamlit_would_leave_it_out():
    assert "<" not in (ROOT / "dashboard" / "widgets" / "app.css").read_text()


def parts_run_alone(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Functions that Streamlit runs without entry/main.py around them: dialogs, and what is given to `st.fragment`."""
    given = {
        ast.unparse(one.args[0]) for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == "st.fragment"
    }
    for one in ast.walk(tree):
        if isinstance(one, ast.FunctionDef):
            marks = [ast.unparse(mark).split("(")[0] for mark in one.decorator_list]
            if one.name in given or {"st.dialog", "st.fragment"} & set(marks):
                yield one


def test_what_goes_wrong_in_a_part_that_runs_alone_is_said_there():
    parts = [part for name, tree in MODULES.items() if not name.startswith("rbind_core") for part in parts_run_alone(tree)]
    assert len(parts) >= 5
    for part in parts:
        assert "said_on_the_page()" in map(ast.unparse, part.decorator_list), part.name
