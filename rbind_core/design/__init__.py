"""Design: change an RNA letter by letter to make a network's score high or low, within constraints."""

from rbind_core.design.constraints import Constraints as Constraints
from rbind_core.design.constraints import read_gc as read_gc
from rbind_core.design.constraints import read_motifs as read_motifs
from rbind_core.design.constraints import read_positions as read_positions
from rbind_core.design.search import MOST_RESTARTS as MOST_RESTARTS
from rbind_core.design.search import MOST_STEPS as MOST_STEPS
from rbind_core.design.search import MOST_TEMPERATURE as MOST_TEMPERATURE
from rbind_core.design.search import SAYS_NOT as SAYS_NOT
from rbind_core.design.search import STEPS as STEPS
from rbind_core.design.search import Design as Design
from rbind_core.design.search import Objective as Objective
from rbind_core.design.search import Step as Step
from rbind_core.design.search import design as design
from rbind_core.design.search import percent_below as percent_below
