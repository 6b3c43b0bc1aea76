"""Speed and memory measured in one run, as a table: `./rbind bench`."""

from bench.run import run
from bench.table import table
from bench.timing import Measure, side_by_side

__all__ = ["Measure", "run", "side_by_side", "table"]
