"""Questions put to a model: global importance on a chosen background, mutagenesis, gradients, windows along an RNA."""

from rbind_core.analyses.background_choice import BackgroundChoice as BackgroundChoice
from rbind_core.analyses.prepare import open_background as open_background
from rbind_core.analyses.prepare import prepare as prepare
from rbind_core.analyses.prepare import probe_library as probe_library
