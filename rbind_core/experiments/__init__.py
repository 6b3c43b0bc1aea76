"""From a few plain settings to a ready analysis, and the paper's experiments."""

from rbind_core.experiments.setup import PARTS as PARTS
from rbind_core.experiments.setup import BackgroundChoice as BackgroundChoice
from rbind_core.experiments.setup import ScoredProbes as ScoredProbes
from rbind_core.experiments.setup import open_background as open_background
from rbind_core.experiments.setup import prepare as prepare
from rbind_core.experiments.setup import probe_library as probe_library
from rbind_core.experiments.setup import scored_probes as scored_probes
