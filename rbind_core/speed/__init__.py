"""Speed and memory measured side by side in one run, as a table: `./rbind bench`."""

from rbind_core.speed.run import run
from rbind_core.speed.table import table
from rbind_core.speed.timing import Measure, side_by_side

__all__ = ["Measure", "run", "side_by_side", "table"]
