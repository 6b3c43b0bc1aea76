"""Walks the public modules: documented, typed, seeded by an explicit generator, and light to import."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import rbind_core

COMMAND_LINE = ("rbind_core.cli",)
SOURCES = sorted(Path(rbind_core.__file__).parent.rglob("*.py"))
DEFERS_TO_THE_PROTOCOL = re.compile(r"see `\w+\.\w+`")
# Names of array types: `Codes` is (..., L) uint8, `Rows` and `Ints` hold numbers of rows.
ARRAYS = ("NDArray", "Codes", "Rows", "Ints")
SHAPE = re.compile(r"\((?:\S[^()]*)?,[^()]*\)|\(len\(\w+\),\)|\(\)")
DTYPE = r"int\d|float\d|bool|integer|floating|number\]|intp|Codes|Rows|Ints"


def public_modules():
    names = [module.name for module in pkgutil.walk_packages(rbind_core.__path__, "rbind_core.")]
    return [
        importlib.import_module(name)
        for name in names
        if not name.startswith(COMMAND_LINE) and not any(part.startswith("_") for part in name.split("."))
    ]


def defined_here(module, kind):
    return [
        value
        for name, value in vars(module).items()
        if not name.startswith("_") and kind(value) and value.__module__ == module.__name__
    ]


def is_function(value):
    return inspect.isfunction(inspect.unwrap(value)) if callable(value) and not inspect.isclass(value) else False


def functions_of(module):
    return [inspect.unwrap(function) for function in defined_here(module, is_function)]


def methods_of(cls):
    found = []
    for name, value in vars(cls).items():
        value = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        value = getattr(value, "func", value)  # cached_property
        value = value.fget if isinstance(value, property) else value
        if inspect.isfunction(value) and not name.startswith("_"):
            found.append(value)
    return found


MODULES = public_modules()
CLASSES = [cls for module in MODULES for cls in defined_here(module, inspect.isclass)]
FUNCTIONS = [function for module in MODULES for function in functions_of(module)]
METHODS = [method for cls in CLASSES for method in methods_of(cls)]


def name_of(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


def parameters_of(function):
    return [p for p in inspect.signature(function).parameters.values() if p.name not in ("self", "cls")]


def entries(doc, heading):
    """Entries of a numpydoc section, each with its continuation on one line."""
    section = re.search(rf"{heading}\n-{{3,}}\n(.*?)(?=\n\n\w[\w ]*\n-{{3,}}|\Z)", inspect.cleandoc(doc or ""), re.DOTALL)
    return re.sub(r"\n +", " ", section.group(1)).splitlines() if section else []


def documented_parameters(doc):
    """What the section 'Parameters' says of each name: `a, b : ...` stands for both."""
    named = [re.match(r"([\w*, ]+?) ?: (.*)", line) for line in entries(doc, "Parameters")]
    return {name.strip().lstrip("*"): match.group(2) for match in named if match for name in match.group(1).split(",")}


def is_array(annotation):
    return any(name in str(annotation) for name in ARRAYS) or "ndarray" in str(annotation)


def states_an_array(annotation, text):
    return SHAPE.search(text) and (re.search(DTYPE, str(annotation)) or re.search(DTYPE, text))


def undescribed_arrays(thing):
    described = documented_parameters(thing.__doc__)
    arrays = [p for p in parameters_of(thing) if is_array(p.annotation)]
    return [p.name for p in arrays if not states_an_array(p.annotation, described.get(p.name, ""))]


def test_the_walk_finds_the_library():
    """Without this, an empty walk would pass every test below."""
    names = {name_of(thing) for thing in [*CLASSES, *FUNCTIONS, *METHODS]}
    assert names >= {
        "rbind_core.rna.sequences.encode",
        "rbind_core.analyses.gia.GlobalImportanceAnalysis.importance",
        "rbind_core.analyses.gia.Importance.local",
        "rbind_core.data.library.profile",
        "rbind_core.data.transforms.Normalisation.fit",
        "rbind_core.training.fitting.fit",
        "rbind_core.model.registry.Model",
    }


@pytest.mark.parametrize("thing", [*MODULES, *CLASSES, *FUNCTIONS, *METHODS], ids=lambda t: getattr(t, "__qualname__", t.__name__))
def test_everything_public_has_a_docstring(thing):
    assert vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__


@pytest.mark.parametrize("function", [*FUNCTIONS, *METHODS], ids=name_of)
def test_every_argument_and_result_has_a_type(function):
    signature = inspect.signature(function)
    assert [p.name for p in parameters_of(function) if p.annotation is p.empty] == []
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("function", [*FUNCTIONS, *METHODS], ids=name_of)
def test_every_array_argument_states_its_shape_and_dtype(function):
    if not DEFERS_TO_THE_PROTOCOL.search(function.__doc__):
        assert undescribed_arrays(function) == []


@pytest.mark.parametrize("function", [*FUNCTIONS, *METHODS], ids=name_of)
def test_every_array_that_is_returned_states_its_shape_and_dtype(function):
    annotation = inspect.signature(function).return_annotation
    if is_array(annotation) and not DEFERS_TO_THE_PROTOCOL.search(function.__doc__):
        assert states_an_array(annotation, " ".join(entries(function.__doc__, "Returns")) or function.__doc__)


@pytest.mark.parametrize("thing", [*CLASSES, *FUNCTIONS, *METHODS], ids=name_of)
def test_nothing_is_described_that_does_not_exist(thing):
    """A parameter may go without a line where its name and type say all, but no line may outlive its parameter."""
    if described := documented_parameters(thing.__doc__):
        assert described.keys() - {p.name for p in parameters_of(thing)} == set()


@pytest.mark.parametrize("doc", ["model : the model.", "codes : sequences, uint8.", "codes : (n, 41)."])
def test_an_array_without_shape_or_dtype_is_noticed(doc):
    def score(model, codes):
        pass

    score.__doc__ = f"Score.\n\nParameters\n----------\n{doc}\n"
    score.__annotations__ = {"codes": "NDArray"}
    assert undescribed_arrays(score) == ["codes"]


@pytest.mark.parametrize("cls", [c for c in CLASSES if "__init__" in vars(c) and not is_dataclass(c)], ids=name_of)
def test_every_parameter_of_a_constructor_has_a_type_and_its_arrays_a_shape(cls):
    if getattr(cls, "_is_protocol", False):
        return
    assert undescribed_arrays(cls) == []
    assert all(p.annotation is not p.empty for p in parameters_of(cls.__init__))


@pytest.mark.parametrize("function", [*FUNCTIONS, *METHODS], ids=name_of)
def test_a_source_of_randomness_is_called_rng_and_is_a_generator(function):
    for parameter in parameters_of(function):
        annotation = str(parameter.annotation)
        assert (parameter.name == "rng") == ("random.Generator" in annotation), parameter
        assert parameter.name not in ("random_state", "random", "generator")
        assert "RandomState" not in annotation


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_module_uses_global_randomness(path):
    text = path.read_text()
    assert re.findall(r"np\.random\.(?!default_rng|Generator|SeedSequence)\w+", text) == []
    assert re.findall(r"^\s*(?:import random|from random import|from numpy\.random import).*", text, re.MULTILINE) == []
    assert "default_rng()" not in text  # without a seed nobody could repeat it


@pytest.mark.parametrize(
    "module",
    [
        "cli",
        "analyses",
        "experiments.catalogue",
        "model.registry",
        "model.predictor",
        "motifs",
        "data.library",
        "quality.evaluation",
    ],
)
def test_importing_the_core_does_not_load_tensorflow_or_streamlit(module):
    heavy = "{'tensorflow', 'keras', 'streamlit'} & set(sys.modules)"
    command = [sys.executable, "-c", f"import sys, rbind_core.{module}; print(sorted({heavy}))"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
