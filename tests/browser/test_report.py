"""A report in a real browser, from a file and without a network: figures are drawn, nothing is asked for, nothing complains."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import run
from rbind_core.experiments.robustness import Robustness
from rbind_core.model.registry import list_models
from rbind_core.report import experiment_report
from tests.toys import AdditiveModel, sample_of

pytestmark = pytest.mark.browser


def result_of(name, background="profile"):
    return run(EXPERIMENTS[name](motif="UGCAUG"), GlobalImportanceAnalysis(AdditiveModel(), sample_of(background, 50)))


@pytest.mark.parametrize("name", ["sites", "spacing", "kmer-ism", "robustness"])
def test_a_report_opens_without_a_network(toy_models, page: Page, tmp_path, name):
    robust = name == "robustness"
    result = Robustness({b: result_of("sites", b) for b in ("profile", "shuffle")}) if robust else result_of(name)
    model = list_models()[0]
    text = experiment_report(model, BackgroundChoice(samples=50), result, model.label, "settings", "command", "python")
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")

    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    page.goto(path.as_uri())
    expect(page.locator(".js-plotly-plot svg.main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_contain_text(result.experiment.title)
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert complaints == []

    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.pdf(format="A4").startswith(b"%PDF")
