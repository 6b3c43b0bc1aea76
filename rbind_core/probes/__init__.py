"""The test probes of a model: scoring, filters, order, and plain records."""

from rbind_core.probes.choice import PARTS as PARTS
from rbind_core.probes.choice import ScoredProbes as ScoredProbes
from rbind_core.probes.choice import scored_probes as scored_probes
from rbind_core.probes.ranking import LISTED as LISTED
from rbind_core.probes.ranking import ProbeFilter as ProbeFilter
from rbind_core.probes.ranking import Ranking as Ranking
from rbind_core.probes.ranking import drawn_rows as drawn_rows
from rbind_core.probes.ranking import rank as rank
from rbind_core.probes.ranking import what_to_loosen as what_to_loosen
from rbind_core.probes.records import probe_columns as probe_columns
from rbind_core.probes.records import probes_csv as probes_csv
from rbind_core.probes.records import probes_record as probes_record
from rbind_core.probes.table import NEED_MEASURED as NEED_MEASURED
from rbind_core.probes.table import ORDERS as ORDERS
from rbind_core.probes.table import ProbeTable as ProbeTable
from rbind_core.probes.table import motif_background as motif_background
from rbind_core.probes.table import probe_table as probe_table
