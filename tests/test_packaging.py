"""The wheel, the container and the texts that go with them say what the project is and hold what it needs."""

from __future__ import annotations

import fnmatch
import importlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import rbind_core
from dashboard.server import main as server
from dashboard.server.main import DEFAULT_PORT
from rbind_core.system.paths import PRETRAINED
from tests.servers import ROOT

ONLY_THE_DASHBOARD_NEEDS = {"streamlit"}
NOT_CARRIED = ("*/__pycache__/*", "*.pyc", "*.part", "*.part.npz", "*.checkpoint.npz")


@pytest.fixture(scope="module")
def builder() -> WheelBuilder:
    return WheelBuilder(str(ROOT))


@pytest.fixture(scope="module")
def wheel_files(builder) -> dict[str, Path]:
    """Path in the wheel to the file that it comes from."""
    return {file.distribution_path: Path(file.path) for file in builder.recurse_included_files()}


def files_below(folder: Path, where: str) -> set[str]:
    found = {f"{where}/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if not any(fnmatch.fnmatch(path, pattern) for pattern in NOT_CARRIED)}


def requirements(file: str) -> dict[str, Requirement]:
    lines = (ROOT / file).read_text().splitlines()
    return {r.name: r for r in (Requirement(line) for line in lines if line and not line.startswith(("#", "-")))}


def pinned() -> dict[str, list[Version]]:
    """Versions of each package in constraints.txt, over all Pythons."""
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            one = Requirement(line)
            found.setdefault(one.name, []).append(Version(str(one.specifier).removeprefix("==")))
    return found


def declared(builder: WheelBuilder) -> dict[str, Requirement]:
    core = builder.metadata.core
    return {one.name: one for one in map(Requirement, [*core.dependencies, *core.optional_dependencies["train"]])}


def test_the_wheel_holds_the_whole_core_and_every_model(wheel_files):
    assert set(wheel_files) == files_below(ROOT / "rbind_core", "rbind_core") | files_below(PRETRAINED, "rbind_core/pretrained")


@pytest.mark.parametrize("suffix", [".py", ".tsv", ".txt", ".json", ".safetensors", ".parquet", "py.typed"])
def test_the_wheel_holds_files_of_each_kind(wheel_files, suffix):
    assert any(path.endswith(suffix) for path in wheel_files)


def test_the_version_of_the_wheel_is_that_of_the_core(builder):
    assert builder.metadata.version == rbind_core.__version__


def test_the_command_of_the_wheel_exists_and_tells_the_version(builder):
    module, name = builder.metadata.core.scripts["rbind"].split(":")
    result = CliRunner().invoke(getattr(importlib.import_module(module), name), ["--version"])
    assert rbind_core.__version__ in result.output


def test_the_wheel_needs_what_the_project_needs_without_the_dashboard(builder):
    assert set(declared(builder)) == set(requirements("requirements.txt")) - ONLY_THE_DASHBOARD_NEEDS


def test_what_the_wheel_allows_holds_the_versions_that_are_tested(builder):
    versions = pinned()
    for name, one in declared(builder).items():
        assert all(version in one.specifier for version in versions[name]), name


def test_every_requirement_is_pinned():
    names = {re.sub("_", "-", name) for file in ("requirements.txt", "requirements-dev.txt") for name in requirements(file)}
    assert names - set(pinned()) == set()


@pytest.mark.parametrize("inside", [True, False], ids=["wheel", "source tree"])
def test_bundled_files_are_found_in_a_wheel_and_in_the_source_tree(tmp_path, inside):
    package = tmp_path / "rbind_core"
    (package / "system").mkdir(parents=True)
    for name in ("__init__.py", "system/__init__.py", "system/paths.py"):
        (package / name).write_bytes((ROOT / "rbind_core" / name).read_bytes())
    folder = (package if inside else tmp_path) / "pretrained"
    folder.mkdir()
    command = [sys.executable, "-c", "from rbind_core.system.paths import PRETRAINED; print(PRETRAINED)"]
    result = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert Path(result.stdout.strip()) == folder


def test_nothing_is_written_into_an_installed_package(tmp_path):
    """Its next version would replace it."""
    shutil.copytree(ROOT / "rbind_core", tmp_path / "rbind_core")
    models = tmp_path / "rbind_core" / "pretrained" / "models"
    shutil.copytree(ROOT / "pretrained" / "models" / "RNCMPT00168", models / "RNCMPT00168")
    before = sorted(models.parent.rglob("*"))

    def rbind(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "rbind_core.cli", *arguments]
        environment = {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.returncode, done.stderr.strip()

    refused = "rbind: what was installed with RBind stays as it is; name a folder for the models with --out"
    assert rbind("train", "--experiment", "RNCMPT00071") == (2, refused)
    left_out = "note: the atlas that was installed with RBind stays as it is; name a file with --out to measure its models"
    assert rbind("atlas", "--rbp", "RNCMPT00168") == (0, left_out)
    assert sorted(models.parent.rglob("*")) == before


# The container


def dockerfile() -> list[tuple[str, str]]:
    """Instructions and their arguments, with continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def arguments_of(instruction: str) -> list[str]:
    return [rest for name, rest in dockerfile() if name == instruction]


def copied() -> list[str]:
    """What is copied out of the project's folder."""
    return [source for rest in arguments_of("COPY") if not rest.startswith("--from") for source in rest.split()[:-1]]


def container_environment() -> dict[str, str]:
    return dict(word.split("=", 1) for rest in arguments_of("ENV") for word in shlex.split(rest))


def test_all_that_the_image_copies_exists_and_is_not_ignored():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {source for source in copied() if not (ROOT / source).exists()} == set()
    assert set(copied()) == allowed


def test_the_image_holds_what_the_dashboard_runs():
    needed = {"app.py", "entry", "pages", "dashboard", "rbind_core", "pretrained", ".streamlit"}
    assert needed <= set(copied())
    assert "tests" not in copied()


def test_the_image_is_built_from_the_pinned_requirements_only():
    install = next(rest for rest in arguments_of("RUN") if "pip install" in rest)
    assert "-r requirements.txt" in install
    assert "requirements-dev" not in (ROOT / "Dockerfile").read_text()
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text()


def test_the_python_of_the_image_is_one_that_the_project_runs_on(builder):
    images = {rest.split()[0] for rest in arguments_of("FROM")}
    assert len(images) == 1
    version = re.search(r"python:([\d.]+)", images.pop()).group(1)
    assert Version(version) in SpecifierSet(builder.metadata.core.requires_python)


def test_the_image_listens_where_its_health_is_asked_for():
    command = yaml.safe_load(arguments_of("CMD")[-1])
    assert command[:3] == ["python", "-m", "dashboard.server.main"]
    given: dict[str, Any] = server.main.make_context("server", command[3:]).params
    assert (given["address"], given["port"], given["headless"]) == ("0.0.0.0", DEFAULT_PORT, True)
    assert arguments_of("EXPOSE") == [str(DEFAULT_PORT)]
    assert f"http://127.0.0.1:{DEFAULT_PORT}/_stcore/health" in arguments_of("HEALTHCHECK")[0]


def test_the_image_does_not_run_as_root():
    made = re.search(r"useradd .*?--uid (\d+) (\w+)", next(rest for rest in arguments_of("RUN") if "useradd" in rest))
    assert int(made.group(1)) > 0
    assert arguments_of("USER") == [made.group(2)]
    order = [name for name, _ in dockerfile()]
    assert "RUN" not in order[order.index("USER") :]


def test_all_that_people_make_lies_in_the_volume_of_the_image():
    sources = [*(ROOT / "rbind_core").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]
    named = {name for path in sources for name in re.findall(r"RBIND_\w+_DIR", path.read_text())}
    brought = {"RBIND_DATA_DIR"}  # read only: a folder that already holds the measured files
    folders = {name: path for name, path in container_environment().items() if name.endswith("_DIR")}
    assert set(folders) == named - brought
    assert arguments_of("VOLUME") == ["/data"]
    assert all(path.startswith("/data/") for path in folders.values())


# Texts


def test_the_citation_is_that_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert str(citation["version"]) == rbind_core.__version__
    assert {"message", "title", "authors", "license", "date-released"} <= set(citation)
    assert len(citation["references"]) == 6
    assert all(re.fullmatch(r"10\.\d{4,}/\S+", one["doi"]) and one["authors"] and one["title"] for one in citation["references"])


def test_the_changelog_begins_with_this_version():
    versions = re.findall(r"^## \[([\d.]+)\] - \d{4}-\d{2}-\d{2}$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == rbind_core.__version__


def test_every_requirement_has_its_licence_written_down(builder):
    text = (ROOT / "docs" / "LICENCES.md").read_text()
    assert [name for name in requirements("requirements.txt") if not re.search(rf"\b{re.escape(name)}\b", text)] == []
    assert all((ROOT / file).is_file() for file in builder.metadata.core.license_files)
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert builder.metadata.core.license_expression == "MIT"
