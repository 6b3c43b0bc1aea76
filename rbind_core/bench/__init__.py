"""Speed and memory measured side by side in one run, as a table: `./rbind bench`."""

from rbind_core.bench.run import run
from rbind_core.bench.table import table
from rbind_core.bench.timing import Measure, side_by_side

__all__ = ["Measure", "run", "side_by_side", "table"]
