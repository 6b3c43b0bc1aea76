"""A copy of RBind to be damaged, in a folder with a difficult name; and pages as a visitor without a browser sees them."""

from __future__ import annotations

import contextlib
import os
import shutil
import site
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.visitor import is_error, messages
from rbind_core.system.paths import PRETRAINED
from tests.servers import ROOT, START_SECONDS, free_port

if TYPE_CHECKING:
    from streamlit.proto.Element_pb2 import Element

NAME = "Mein RBind, zweite Größe"
PATIENCE = 60  # seconds for a page
PAGES = (
    *("", "profile", "sequence", "hypothesis", "experiments", "lessons", "compare", "kmers", "all-rbps"),
    *("probes", "long-rna", "variants", "design", "models", "train"),
)
RBFOX1, SNRPA, STRUCTURE = "RNCMPT00168", "RNCMPT00071", "RBFOX1_PU"
_CODE = ("rbind_core", "dashboard", "entry", "pages", ".streamlit")
_FILES = ("app.py", "rbind", "requirements.txt", "requirements-dev.txt", "constraints.txt")


@dataclass
class Installation:
    """Where it lies, and the environment that its processes get."""

    root: Path
    environment: dict[str, str]
    python: list[str] = field(default_factory=lambda: [sys.executable])

    @property
    def pretrained(self) -> Path:
        return self.root / "pretrained"

    def without(self, *names: str) -> Installation:
        """The same on a computer where some packages are not installed: all others are there by links."""
        folder = self.root.parent / f"without {' '.join(names)}" / "site-packages"
        folder.mkdir(parents=True)
        for entry in (entry for packages in site.getsitepackages() for entry in Path(packages).iterdir()):
            if entry.name.lower().split("-")[0].split(".")[0] not in {name.lower() for name in names}:
                (folder / entry.name).symlink_to(entry)
        path = os.pathsep.join([str(self.root), str(folder)])
        return Installation(self.root, self.environment | {"PYTHONPATH": path}, [sys.executable, "-S"])

    def with_environment(self, **variables: str) -> Installation:
        return Installation(self.root, self.environment | variables, self.python)

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """A command, as the launcher starts it."""
        command = [*self.python, "-m", "rbind_core.cli", *arguments]
        options = {"capture_output": True, "text": True, "timeout": 120, "check": False, "cwd": self.root.parent} | options
        return subprocess.run(command, env=self.environment, **options)

    @contextlib.contextmanager
    def serve(self, port: int | None = None, *options: str) -> Iterator[Server]:
        """The dashboard; ends with the block."""
        server = Server(self, port or free_port(), options)
        server.start()
        try:
            yield server
        finally:
            server.process.terminate()
            server.process.wait(20)


class Server:
    """A running dashboard."""

    def __init__(self, of: Installation, port: int, options: Sequence[str] = ()) -> None:
        self.of, self.port, self.options = of, port, options
        self.log = of.root.parent / f"log of port {port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [*self.of.python, "-m", "dashboard.server.main", "--port", str(self.port), "--headless", *self.options]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=self.of.root.parent, env=self.of.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, f"the server ended: {self.log.read_text()[-2000:]}"
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
            time.sleep(0.05)
        self.process.kill()
        raise AssertionError("no answer from the server")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, page: str, query: str = "") -> Seen:
        """Open a page anew, and wait until all that it computes is there."""
        end = time.monotonic() + PATIENCE
        seen = self._open_once(page, query)
        while seen.is_waiting and time.monotonic() < end:
            time.sleep(0.3)
            seen = self._open_once(page, query)
        return seen

    def _open_once(self, page: str, query: str) -> Seen:
        seen = Seen()
        for message in messages(self.port, page, query):
            assert not is_error(message), f"/{page} shows an error: {self.log.read_text()[-3000:]}"
            if message.WhichOneof("type") == "delta":
                seen.note(message.delta.new_element)
        return seen


@dataclass
class Seen:
    """What a page shows: messages in boxes, other text, and figures as JSON."""

    alerts: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def note(self, element: Element) -> None:
        match element.WhichOneof("type"):
            case "alert":
                self.alerts.append(element.alert.body.replace("\\", ""))
            case "markdown":
                self.texts.append(element.markdown.body.replace("\\", ""))
            case "plotly_chart":
                self.figures.append(element.plotly_chart.spec)

    @property
    def is_waiting(self) -> bool:
        """Whether something is still being computed."""
        return any("hourglass_top" in text for text in self.texts)

    def says(self, *words: str) -> bool:
        """Whether one of the messages holds all these words."""
        return any(all(word in alert for word in words) for alert in self.alerts)


def install(folder: Path, models: Sequence[str] = (RBFOX1, SNRPA, STRUCTURE)) -> Installation:
    """Copy RBind with some of its models into a folder."""
    root = folder / NAME
    for name in _CODE:
        shutil.copytree(ROOT / name, root / name)
    for name in _FILES:
        shutil.copy2(ROOT / name, root / name)
    for name in ("profile.json", "atlas.parquet"):
        (root / "pretrained").mkdir(exist_ok=True)
        shutil.copy2(PRETRAINED / name, root / "pretrained" / name)
    shutil.copytree(PRETRAINED / "trunk", root / "pretrained" / "trunk")
    for name in models:
        shutil.copytree(PRETRAINED / "models" / name, root / "pretrained" / "models" / name)
    (folder / "temporary").mkdir()
    own = {
        "PYTHONPATH": str(root),
        "HOME": str(folder / "home"),
        "RBIND_CACHE_DIR": str(folder / "cache"),
        "RBIND_MODELS_DIR": str(folder / "own models"),
        "RBIND_RUNS_DIR": str(folder / "runs"),
        "RBIND_IMPORT_DIR": str(folder / "imported"),
        "TMPDIR": str(folder / "temporary"),
        "BROWSER": "true",
    }
    here = {name: value for name, value in os.environ.items() if not name.startswith("RBIND_")}
    return Installation(root, here | own)


def assert_one_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """A command that ended with status 2 and one line that holds these words, beside notes."""
    assert result.returncode == 2, (result.returncode, result.stderr)
    lines = [line for line in result.stderr.splitlines() if line.strip() and not line.startswith("note:")]
    said = [line for line in lines if line.startswith("rbind: ")]
    assert len(said) == 1, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in said[0], (word, said[0])
