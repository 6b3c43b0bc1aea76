"""Statistics of paired experiments: effects with their intervals, comparisons, interactions, fits, correlations."""

from rbind_core.statistics.comparisons import ALPHA as ALPHA
from rbind_core.statistics.comparisons import Comparison as Comparison
from rbind_core.statistics.comparisons import Convergence as Convergence
from rbind_core.statistics.comparisons import LinearFit as LinearFit
from rbind_core.statistics.comparisons import Ratio as Ratio
from rbind_core.statistics.comparisons import compare as compare
from rbind_core.statistics.comparisons import compare_with_first as compare_with_first
from rbind_core.statistics.comparisons import contrast as contrast
from rbind_core.statistics.comparisons import convergence as convergence
from rbind_core.statistics.comparisons import holm as holm
from rbind_core.statistics.comparisons import interaction as interaction
from rbind_core.statistics.comparisons import linear_fit as linear_fit
from rbind_core.statistics.comparisons import ratio as ratio
from rbind_core.statistics.comparisons import with_holm as with_holm
from rbind_core.statistics.correlations import Correlation as Correlation
from rbind_core.statistics.correlations import Interval as Interval
from rbind_core.statistics.correlations import correlation as correlation
from rbind_core.statistics.correlations import pearson_ci95 as pearson_ci95
from rbind_core.statistics.effects import CONFIDENCE as CONFIDENCE
from rbind_core.statistics.effects import Effect as Effect
from rbind_core.statistics.effects import PairedEffect as PairedEffect
from rbind_core.statistics.effects import StoredEffect as StoredEffect
from rbind_core.statistics.effects import clustered_error as clustered_error
from rbind_core.statistics.effects import p_value_text as p_value_text
from rbind_core.statistics.effects import t_margin as t_margin
