"""What axe-core finds on every page, light and dark.

    python -m tests.browser.accessibility --out docs/ACCESSIBILITY.md

starts a fresh server and writes the report; the tests beside it fail where a finding is serious.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import click
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from dashboard.state.pages import FIRST, NAMES, address
from tests.browser.conftest import settle
from tests.servers import free_port, start_dashboard

PAGES = [address(name) for name in NAMES]
SCHEMES = ("light", "dark")
SERIOUS = ("serious", "critical")
# Streamlit's browser side loads the part that draws our style sheet when it comes, which may be after the text.
IN_OUR_STYLE = """() => getComputedStyle(document.body).getPropertyValue('--out-of-date') === '1'
    && document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)"""


@dataclass(frozen=True)
class Finding:
    """A rule that elements of a page break: how bad it is, which rule, how many elements, and the first of them."""

    impact: str
    rule: str
    elements: int
    first: str

    def __str__(self) -> str:
        return f"{self.impact}: {self.rule} ({self.elements}), first {self.first}"


def findings(browser: Browser, server: str, path: str, scheme: str) -> list[Finding]:
    """Open a page and check it.

    Parameters
    ----------
    browser : Chromium.
    server : its address.
    path : of the page.
    scheme : 'light' or 'dark'.

    Returns
    -------
    list of Finding
        The rules of axe-core that are broken, the default set (WCAG 2 A and AA, and best practice).
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}/{'' if path == FIRST else path}", timeout=60_000)
    settle(page)
    page.wait_for_timeout(1000)
    page.wait_for_function(IN_OUR_STYLE)
    violations = Axe().run(page).response["violations"]
    context.close()
    return [Finding(v["impact"], v["id"], len(v["nodes"]), " ".join(v["nodes"][0]["html"].split())[:90]) for v in violations]


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="File for the report [standard output].")
def main(out: Path | None) -> None:
    """Check every page, light and dark."""
    lines = []
    serious = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port = free_port()
        server = start_dashboard(port, Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            for path in PAGES:
                found = {scheme: findings(browser, f"http://127.0.0.1:{port}", path, scheme) for scheme in SCHEMES}
                serious += sum(finding.impact in SERIOUS for some in found.values() for finding in some)
                lines.append(f"| {path} | " + " | ".join(_listed(found[scheme]) for scheme in SCHEMES) + " |")
                click.echo(lines[-1], err=True)
        finally:
            browser.close()
            server.terminate()
            server.wait(20)
    text = "\n".join([*_heading(serious), *lines, ""])
    if out:
        out.write_text(text)
    else:
        click.echo(text)


def _listed(found: list[Finding]) -> str:
    return ", ".join(f"{finding.rule} ({finding.impact}, {finding.elements})" for finding in found) or "none"


def _heading(serious: int) -> list[str]:
    version = re.search(r"axe v([\d.]+)", Axe().axe_script).group(1)
    return [
        "# Accessibility",
        "",
        "Made by `python -m tests.browser.accessibility --out docs/ACCESSIBILITY.md` on "
        f"{datetime.now(timezone.utc):%Y-%m-%d}: axe-core {version} in headless Chromium at 1440 x 900, its default rules (WCAG 2 "
        f"A and AA, best practice), each page as it opens. **{serious} serious or critical findings.**",
        "",
        "| page | light | dark |",
        "|---|---|---|",
    ]


if __name__ == "__main__":
    main()
