"""Variants: the effect of a substitution in its own RNA, and with everything beyond its flanks averaged out."""

from rbind_core.variants.effects import FEWEST_SINGLES as FEWEST_SINGLES
from rbind_core.variants.effects import FLANK as FLANK
from rbind_core.variants.effects import MOST_FLANK as MOST_FLANK
from rbind_core.variants.effects import SAYS_NOT as SAYS_NOT
from rbind_core.variants.effects import VariantEffect as VariantEffect
from rbind_core.variants.effects import own_effect as own_effect
from rbind_core.variants.effects import variant_effects as variant_effects
from rbind_core.variants.reading import MOST_VARIANTS as MOST_VARIANTS
from rbind_core.variants.reading import Variant as Variant
from rbind_core.variants.reading import Variants as Variants
from rbind_core.variants.reading import check_wild_type as check_wild_type
from rbind_core.variants.reading import example_variants as example_variants
from rbind_core.variants.reading import read_mutant as read_mutant
from rbind_core.variants.reading import read_variant as read_variant
from rbind_core.variants.reading import read_variants as read_variants
from rbind_core.variants.reading import read_wild_type as read_wild_type
