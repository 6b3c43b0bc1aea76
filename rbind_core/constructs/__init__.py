"""Constructs: what is embedded into a background, as text (`stem:7-16/24-33+GCUGGC@18`) and as an object."""

from rbind_core.constructs.arrangements import all_arrangements as all_arrangements
from rbind_core.constructs.construct import Construct as Construct
from rbind_core.constructs.draws import Draws as Draws
from rbind_core.constructs.elements import STEM_FORMS as STEM_FORMS
from rbind_core.constructs.elements import Context as Context
from rbind_core.constructs.elements import Element as Element
from rbind_core.constructs.elements import Occlusion as Occlusion
from rbind_core.constructs.elements import Pattern as Pattern
from rbind_core.constructs.elements import Stem as Stem
from rbind_core.constructs.text import MAX_CONSTRUCTS as MAX_CONSTRUCTS
from rbind_core.constructs.text import MAX_ELEMENTS as MAX_ELEMENTS
from rbind_core.constructs.text import parse_construct as parse_construct
from rbind_core.constructs.text import parse_constructs as parse_constructs
from rbind_core.constructs.text import parse_pattern as parse_pattern
