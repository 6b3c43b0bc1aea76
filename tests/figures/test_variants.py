import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.figures.variants import variants_figure
from rbind_core.variants import Variant, read_variants, variant_effects
from tests.toys import MotifCounter, sample_of

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACC"


@pytest.fixture
def effects():
    gia = GlobalImportanceAnalysis(MotifCounter(), sample_of("profile"))
    return variant_effects(gia, read_variants(SEQUENCE, "<b>, G8A\nG1C").variants, flank=2)


def named(figure, name):
    return next(trace for trace in figure.data if trace.name.startswith(name))


def test_both_effects_stand_at_their_place(effects):
    figure = variants_figure(effects, "TOYBP (TOY1)", "profile background, N = 100, seed 0")
    own, averaged = named(figure, "in its own RNA"), named(figure, "context averaged out")
    assert list(own.y) == [effect.own.mean for effect in effects] == [-1, 0]
    assert own.marker.symbol == "diamond-open"
    assert list(averaged.y) == [effect.marginalised.mean for effect in effects]
    assert averaged.marker.symbol == "triangle-up"
    low, high = effects[0].marginalised.ci95
    assert averaged.error_y.array[0] == pytest.approx((high - low) / 2)


def test_every_mark_is_within_the_axis(effects):
    figure = variants_figure(effects, "TOYBP", "settings")
    low, high = figure.layout.yaxis.range
    assert low < min(0, *(effect.usual_range[0] for effect in effects))
    assert high > 0
    bars = named(figure, "95 %")
    assert [base + length for base, length in zip(bars.base, bars.y, strict=True)] == pytest.approx(
        [effect.usual_range[1] for effect in effects]
    )


def test_titles_name_model_settings_and_flank_and_names_are_escaped(effects):
    figure = variants_figure(effects, "TOY<BP (TOY1)", "N = 100")
    assert figure.layout.title.text == "TOY&lt;BP (TOY1): effect of variants"
    assert figure.layout.title.subtitle.text == "N = 100; flank 2 nt"
    assert figure.layout.xaxis.ticktext[0].replace("<br>", " ") == "&lt;b&gt; G8A"
    assert "<b>" not in str(named(figure, "in its own RNA").customdata)


def test_effects_of_nothing_are_drawn_too():
    gia = GlobalImportanceAnalysis(MotifCounter(), sample_of("profile"))
    figure = variants_figure(variant_effects(gia, [Variant(SEQUENCE, 1, "G", "G")]), "TOYBP", "settings")
    assert figure.layout.yaxis.range[0] < figure.layout.yaxis.range[1]
