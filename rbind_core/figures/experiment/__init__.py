"""Figures of the experiments, drawn like the paper's (Fig. 2-4, S1-S5)."""

from rbind_core.figures.experiment.drawing import experiment_figure as experiment_figure
from rbind_core.figures.experiment.drawing import robustness_figure as robustness_figure
