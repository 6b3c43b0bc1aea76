"""How large an effect is: how often it is positive, and where the score with the construct lies among measured scores."""

from __future__ import annotations

from dataclasses import dataclass

from rbind_core.analyses.gia import Importance
from rbind_core.model.measured_scores import MeasuredScores

COVERS = "background RNAs"  # what an interval is taken over, and nothing else
COVERS_SAYS = (
    "N makes the mean precise, not the network right: the interval covers the choice of background RNAs only, "
    "not what another network trained on the same data would say."
)


@dataclass(frozen=True)
class Level:
    """Mean predicted score of the RNAs with a construct, compared with the scores that the network was trained on.

    `mean_score` is a z-score of log intensity; `known_probes_above` the share (0 to 1) of the measured probes with a higher
    score; `beyond_measured` tells whether it is above their 99.9th percentile, `percentile_99_9`. These three are None where
    the measured scores are unknown.
    """

    mean_score: float
    known_probes_above: float | None = None
    beyond_measured: bool | None = None
    percentile_99_9: float | None = None

    @property
    def text(self) -> str:
        """The score and how many measured probes exceed it, in words."""
        score = f"mean predicted score {self.mean_score:.2f}"
        if self.known_probes_above is None:
            return score
        return f"{score}, {self._above} of the measured probes above it"

    @property
    def warning(self) -> str | None:
        """A warning where the network extrapolates."""
        if not self.beyond_measured:
            return None
        return (
            f"The mean predicted score, {self.mean_score:.2f}, is beyond the measured range (99.9th percentile of the measured "
            f"probes: {self.percentile_99_9:.2f}): there the network extrapolates."
        )

    @property
    def _above(self) -> str:
        share = self.known_probes_above
        assert share is not None
        if share == 0:
            return "none"
        return "less than 0.1 %" if share < 0.001 else f"{share:.1%}".replace("%", " %")


def level(importance: Importance, measured: MeasuredScores | None) -> Level:
    """Compare the mean score with a construct with the scores that the network was trained on.

    Parameters
    ----------
    measured : scores of the training probes; None where unknown, which leaves the shares out.
    """
    score = importance.mean_score
    if measured is None:
        return Level(score)
    return Level(score, measured.share_above(score), score > measured.percentile_99_9, measured.percentile_99_9)


def effect_text(importance: Importance) -> str:
    """Say how certain and how large an effect is, without a test: a p-value does not answer a question about one network.

    Returns
    -------
    str
        Such as '95 % CI +4.08 to +4.30, N = 1,000; above 0 in 99 % of the background RNAs; Cohen's d 1.86'.
    """
    if importance.samples < 2:
        return importance.ci_text
    size = f"; Cohen's d {importance.effect_size:.2f}" if importance.standard_deviation > 0 else ""
    often = f"above 0 in {100 * importance.positive_share:.3g} % of the background RNAs"
    return f"{importance.ci_text}, N = {importance.samples:,}; {often}{size}"
