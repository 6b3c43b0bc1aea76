"""Histograms over all RBPs with clickable bars, and tables whose rows open a profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.state.links import go_to
from dashboard.state.markdown import plain
from dashboard.widgets.export_row import take_away
from rbind_core.atlas.across import Across, agrees_column, value_rows
from rbind_core.atlas.distribution import Distribution, interval_text
from rbind_core.atlas.studies import BEYOND, BEYOND_MEASURED, LOOP, THREE, networks_column
from rbind_core.figures.distributions import histograms
from rbind_core.figures.theme import download_options
from rbind_core.statistics import t_margin

OPEN = ":material/badge: Open"
RATIO_HELP = "Global importance of the best 6-mer with GCGCGC at that end, divided by that without. 1: no change."
ALONE_HELP = "Global importance of the best 6-mer at 18-23 alone (z-score units). Where it is small, ratios to it are unsure."
BACKGROUNDS_HELP = (
    "Under the seven backgrounds of the paper. *agree*: no clear effect is reversed, nearly all stay clear; a verdict is the same. "
    "*differ*: not so. *nothing clear*: under the profile background there is no clear effect, or no verdict, to compare."
)
NETWORKS_HELP = (
    "Networks of the committee that lie on the same side of {0} as their mean. They differ in recipe, dilations, probes, seed."
)
SUM_HELP = "Three sites minus the sum of each alone at the same places, in % of that sum. 0: they add up."
SITES_VERDICT_HELP = "*additive*: the 95 % CI lies within 20 % of the sum; *more*, *less*: beyond that; *undecided*: neither."
EXTRAPOLATED_HELP = "Whether three sites are predicted above 99.9 % of the measured scores that the network was trained on."
SITES_HELP = "R² of the line through the global importances of 1, 2 and 3 sites (Fig. 2g), which does not say that they add up."
SLOPE_HELP = "What a further site adds on average (z-score units)."
LOOP_HELP = (
    "Global importance of the motif in the loop of a hairpin minus at the same place between like strands that do not pair "
    "(z-score units)."
)
CHANGES_HELP = "The same where changes of the strands keep the pairs, minus where they break them (z-score units)."
PAIRING_VERDICT_HELP = (
    "*helps*, *hurts*: clear in both after Holm's correction, beyond what letters alone give, and at least a tenth of the "
    "motif's effect."
)
_CI = "95 % CI"


def _open(experiments: Sequence[str], key: str) -> None:
    go_to("profile", experiments[st.session_state[key].row])


def _button_column(experiments: Sequence[str], key: str) -> Any:
    arguments = tuple(experiments), key
    return st.column_config.ButtonColumn("Profile", width=90, type="tertiary", on_click=_open, args=arguments, key=key)


def show_histogram(found: Across, title: str, chosen: str) -> tuple[Distribution, int] | None:
    """Draw a figure of a study with its row of exports.

    Parameters
    ----------
    chosen : experiment of the model to mark.

    Returns
    -------
    (Distribution, int) or None
        Distribution and bin of the clicked bar.
    """
    distributions, name = found.figures[title], found.study.name
    key = f"all_{distributions[0].quantity.column}"
    event = st.plotly_chart(
        histograms(distributions, title, found.settings, chosen),
        key=key,
        on_select="rerun",
        selection_mode="points",
        config=download_options(name),
        alt=f"{title}, {found.counted}: {' '.join(one.sentence for one in distributions)}",
    )
    take_away(
        key,
        name,
        pd.DataFrame(value_rows(distributions)).to_csv(index=False),
        f"./rbind experiment {name} --json",
        f"""from rbind_core.atlas.across import across
from rbind_core.atlas.files import load_atlas
from rbind_core.model.registry import list_models

for one in across("{name}", list_models(), load_atlas()).distributions:
    print(one.sentence)
    print(dict(zip(one.experiments, one.values)))
""",
    )
    return clicked_bar(distributions, event["selection"]["points"])


def clicked_bar(distributions: Sequence[Distribution], points: Sequence[dict[str, Any]]) -> tuple[Distribution, int] | None:
    """Find the bar behind a click.

    Parameters
    ----------
    points : Streamlit's selection; only bars have custom data.

    Returns
    -------
    (Distribution, int) or None
        None if no bar is selected, or one that no longer exists.
    """
    by_column = {one.quantity.column: one for one in distributions}
    for point in points:
        column, number = (*(point.get("customdata") or ()), None, None)[:2]
        if column in by_column and 0 <= number < len(by_column[column].counts):
            return by_column[column], int(number)
    return None


def list_models_of(bar: tuple[Distribution, int], table: pd.DataFrame) -> None:
    """List the RBPs of a bar with links to their profiles.

    Parameters
    ----------
    table : of all models.
    """
    one, number = bar
    members = one.members(number)
    st.markdown(f"**{plain(one.quantity.title)} {one.bin_text(number)}: {len(members)} of {one.n} models**")
    experiments = [one.experiments[place] for place in members]
    rows = {
        "Protein": [one.proteins[place] for place in members],
        "Profile": [OPEN] * len(members),
        one.quantity.title: [one.values[place] for place in members],
        _CI: [one.interval_text(place) for place in members],
        "Experiment": experiments,
        "Best 6-mer": table.loc[experiments, "top_kmer"].tolist(),
        "Motif alone": table.loc[experiments, "top_importance"].tolist(),
    }
    if not one.has_intervals:
        del rows[_CI]
    st.dataframe(
        pd.DataFrame(rows),
        key=f"bar_{one.quantity.column}_{number}",
        width="content",
        hide_index=True,
        height=min(35 * (len(members) + 1) + 3, 320),
        column_config={
            "Protein": st.column_config.TextColumn(width=110, pinned=True),
            one.quantity.title: st.column_config.NumberColumn(format=f"%.{one.quantity.decimals}f"),
            "Motif alone": st.column_config.NumberColumn(format="%.2f", help=ALONE_HELP),
            "Profile": _button_column(experiments, f"open_{one.quantity.column}_{number}"),
        },
    )


def show_table(table: pd.DataFrame) -> None:
    """Draw the table of all models, with exports.

    Parameters
    ----------
    table : from `across_table`.
    """
    experiments = table["experiment"].tolist()
    shown = pd.DataFrame(
        {
            "Protein": table["protein"],
            "Profile": OPEN,
            "Experiment": table["experiment"],
            "Best 6-mer": table["top_kmer"],
            "Motif alone": table["top_importance"],
            "GC 5'": table["gc_five"],
            "GC 5', 95 % CI": _intervals(table, "gc_five"),
            "GC 3'": table["gc_three"],
            "GC 3', 95 % CI": _intervals(table, "gc_three"),
            "3' - 5'": table["gc_difference"],
            "3' - 5', 95 % CI": _intervals(table, "gc_difference"),
            "GC: backgrounds": table[agrees_column("gcbias")],
            "GC 3': networks": table[networks_column(THREE.column)],
            "Sites, % of sum": table["sites_per_cent_of_sum"],
            "Sites, 95 % CI": _intervals(table, "sites_per_cent_of_sum", 0),
            "Sites: verdict": table["sites_verdict"],
            "Beyond measured": ["" if one is None else "yes" if one else "no" for one in table[BEYOND_MEASURED]],
            "Sites, R²": table["sites_r_squared"],
            "Slope": table["sites_slope"],
            "Sites: backgrounds": table[agrees_column("sites")],
            "Sites: networks": table[networks_column(BEYOND.column)],
            "Loop - open": table["loop_minus_open"],
            "Loop - open, 95 % CI": _intervals(table, "loop_minus_open"),
            "Pairs kept - broken": table["compensatory"],
            "Kept - broken, 95 % CI": _intervals(table, "compensatory"),
            "Pairing: verdict": table["pairing_verdict"],
            "Pairing: backgrounds": table[agrees_column("stemloop")],
            "Loop - open: networks": table[networks_column(LOOP.column)],
        }
    )
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    st.dataframe(
        shown,
        key="all_rbps",
        hide_index=True,
        height=min(35 * (len(shown) + 1) + 3, 440),
        placeholder="–",
        column_config={
            "Protein": text(width=110, pinned=True),
            "Motif alone": number(format="%.2f", help=ALONE_HELP),
            **{name: number(format="%.2f", help=RATIO_HELP) for name in ("GC 5'", "GC 3'")},
            "3' - 5'": number(format="%+.2f", help="Difference of the two ratios. Above 0: the 3' end does more."),
            **{f"{name}: backgrounds": text(help=BACKGROUNDS_HELP) for name in ("GC", "Sites", "Pairing")},
            "GC 3': networks": text(help=NETWORKS_HELP.format(1)),
            **{f"{name}: networks": text(help=NETWORKS_HELP.format(0)) for name in ("Sites", "Loop - open")},
            "Sites, % of sum": number(format="%+.0f", help=SUM_HELP),
            "Sites: verdict": text(help=SITES_VERDICT_HELP),
            "Beyond measured": text(help=EXTRAPOLATED_HELP),
            "Sites, R²": number(format="%.3f", help=SITES_HELP),
            "Slope": number(format="%+.2f", help=SLOPE_HELP),
            "Loop - open": number(format="%+.2f", help=LOOP_HELP),
            "Pairs kept - broken": number(format="%+.2f", help=CHANGES_HELP),
            "Pairing: verdict": text(help=PAIRING_VERDICT_HELP),
            "Profile": _button_column(experiments, "open_all_rbps"),
        },
    )
    said, button = st.columns([3, 1], vertical_alignment="center")
    said.caption(f"{len(shown)} models. Click a heading to sort, *Open* for everything about a protein.")
    button.download_button(
        "Table (CSV)", table.to_csv(index=False), "all-rbps.csv", "text/csv", key="all_rbps_csv", on_click="ignore", width="stretch"
    )


def _intervals(table: pd.DataFrame, column: str, decimals: int = 2) -> list[str]:
    """The 95 % CI of each value, as text."""
    rows = zip(table[column], table[f"{column}_standard_error"], table["samples"], strict=True)
    return [interval_text(value, t_margin(error, int(n)), decimals) for value, error, n in rows]
