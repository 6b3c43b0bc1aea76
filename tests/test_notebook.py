"""The notebooks run from the first to the last cell on what is bundled, and are kept without their output."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.servers import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 240  # for a cell, on a busy computer


def code_of(notebook: Any) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def shown(notebook: Any, kind: str) -> list[Any]:
    """Outputs of one kind, in order."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output["data"][kind] for output in outputs if kind in output.get("data", {})]


@pytest.fixture(scope="module")
def executed() -> Any:
    """The notebook of Fig. 2, run as a reader does, from its folder."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", str(ROOT))
    patch.delenv("RBIND_DATA_DIR", raising=False)
    notebook = nbformat.read(ROOT / "notebooks" / "figure2.ipynb", as_version=4)
    try:
        return NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    finally:
        patch.undo()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_kept_without_output(path: Path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_needs_the_core_alone(path: Path):
    code = code_of(nbformat.read(path, as_version=4))
    assert "rbind_core" in code
    assert re.findall(r"\b(?:streamlit|dashboard|tensorflow|keras)\b", code) == []


def test_no_cell_warns(executed):
    streams = [output for cell in executed.cells for output in cell.get("outputs", []) if output.output_type == "stream"]
    assert [one.text for one in streams if one.name == "stderr"] == []


def test_figure_2_is_drawn_and_finds_what_the_paper_found(executed):
    figures = shown(executed, "application/vnd.plotly.v1+json")
    titles = " ".join(figure["layout"]["title"]["text"] for figure in figures)
    assert len(figures) == 7
    for title in (
        "single mutations",
        "Number of sites",
        "Fig. 2g",
        "Spacing",
        "6-mers",
        "Mutations of the motif",
        "Measured affinities",
    ):
        assert title in titles
    numbers = {cells[1]: cells[2] for cells in rows_of(shown(executed, "text/html")[-1])}
    assert numbers["best 6-mer"] == "UGCAUG"
    assert float(numbers["R² of none to three UGCAUG sites"]) > 0.95
    assert 25 < float(numbers["three UGCAUG sites beyond the sum of each alone"].removesuffix(" %")) < 40
    assert float(numbers["p of importance against ln K_D"]) < 0.05
    assert int(numbers["gaps below 3 nt that cost"]) >= 1


def rows_of(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in rows if "<td>" in row]
