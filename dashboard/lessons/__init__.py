"""The paper's story in lessons, in order. Another lesson is one more class in this list."""

from dashboard.lessons.canned import Backgrounds, GcRichEnds, HowClose, LoopOrStem, ManyMotifs
from dashboard.lessons.lesson import Lesson as Lesson
from dashboard.lessons.one_motif import OneMotif
from dashboard.lessons.one_rna import OneRna
from dashboard.lessons.other_networks import OtherNetworks
from dashboard.lessons.prediction import Prediction

LESSONS: tuple[Lesson, ...] = (
    Prediction(),
    OneRna(),
    OneMotif(),
    ManyMotifs(),
    HowClose(),
    LoopOrStem(),
    GcRichEnds(),
    Backgrounds(),
    OtherNetworks(),
)
