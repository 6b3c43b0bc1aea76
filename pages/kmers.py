"""The k-mers page: every k-mer at one place, ranked by global importance, and the motif compared with a file of published ones."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.state import atlas, engine
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.waiting import ask, compute, last_shown
from dashboard.views.kmers import TOP, RankGroups, Scan
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from dashboard.widgets.meme_upload import compare_with_upload
from rbind_core.errors import RBindError
from rbind_core.experiments.records import kmer_record
from rbind_core.figures.kmers import ranks_figure
from rbind_core.figures.motif import motif_figure
from rbind_core.figures.theme import download_options
from rbind_core.motifs import ALIGNED, KMER_START, KmerScan, alignment_motif, check_place, separation_text
from rbind_core.motifs.ranks import MOST_RANKED, RankGroup
from rbind_core.report.reproduce import kmers_command, kmers_python
from rbind_core.system.quoting import in_json

FAST, EXHAUSTIVE = "fast", "exhaustive"
MODE_HELP = f"""**Fast**: all k-mers on a few background RNAs, the better ones on more and more; those clearly worse than the
twentieth drop out. Finds the best {TOP} with less than a tenth of the predictions. **Exhaustive**: every k-mer on all N background
RNAs, with a table of all of them; 6-mers take about two and a half minutes, 8-mers over half an hour."""
K_HELP = "Length of the k-mers in nucleotides. There are 4 to the power of k of them."
START_HELP = "Position of the k-mer's first nucleotide. The paper's is 18."
RANKS_HELP = f"""The ranks that this k-mer may have as far as the data can tell: those of its neighbours in the list whose
importances on the same background RNAs differ from its own by less than 2 standard errors of the paired difference. The best
{MOST_RANKED} are compared."""


def show_table(scan: KmerScan, groups: list[RankGroup]) -> None:
    low, high = scan.mean - scan.margin, scan.mean + scan.margin
    st.dataframe(
        pd.DataFrame(
            {
                "Rank": np.arange(1, len(scan.kmers) + 1),
                "Rank range": [one.text for one in groups] + [""] * (len(scan.kmers) - len(groups)),
                "K-mer": scan.kmers,
                "Global importance": scan.mean,
                "95 % CI": [f"{a:.3f} to {b:.3f}" for a, b in zip(low, high, strict=True)],
            }
        ),
        hide_index=True,
        height=420,
        column_config={
            "Global importance": st.column_config.NumberColumn(format="%.3f", help="z-score units of log intensity"),
            "Rank range": st.column_config.TextColumn(help=RANKS_HELP),
        },
    )


settings = sidebar.current()
st.title("K-mers")
st.markdown("*Which short words raise predicted binding most?*")
a, b, c = st.columns([1, 1, 3], vertical_alignment="bottom")
k = a.number_input("k", 3, 8, 6, key="k", help=K_HELP, **IN_LINK)
start = b.number_input("At position", 1, 39, KMER_START, key="start", help=START_HELP, **IN_LINK)
mode = c.segmented_control("Scan", [FAST, EXHAUSTIVE], default=FAST, key="mode", required=True, help=MODE_HELP, **IN_LINK)

problem = st.empty()
chart, table = st.columns([4, 3], gap="medium")
figure, status, table_status = chart.container(), chart.empty(), table.empty()
try:
    check_place(int(k), int(start))
    entry = atlas.entry(settings.model)
    answer = compute("kmers", Scan(settings.model, settings.choice, int(k), int(start), mode == EXHAUSTIVE, entry), status)
except RBindError as error:
    problem.error(plain(str(error)))
    answer = last_shown("kmers")
    problem.error(f"{plain(str(error))}. The figure is the last one that was finished.")

asked, scan = answer.request, answer.result
best = RankGroups(asked, tuple(scan.kmers[:MOST_RANKED]), scan)
compared = ask("kmer_groups", best, table_status)
groups = compared.result if compared and compared.request == best else []
model, choice, is_exhaustive = asked.model, asked.choice, asked.exhaustive
motif = alignment_motif(scan.best(ALIGNED))
record = partial(kmer_record, model, choice, scan, is_exhaustive, groups=groups)
about = choice.describe(model.measured_in)
with figure:
    st.plotly_chart(
        motif_figure(
            motif,
            record(TOP)["kmers"],
            model.label,
            f"{scan.k}-mers at {scan.start}-{scan.start + scan.k - 1}; {about}; bars are 95 % CI",
            settings.palette,
            TOP,
            560,
        ),
        key="kmer_scan",
        config=download_options(f"{model.protein}-{scan.k}-mers"),
        alt=f"Best {scan.k}-mers of {model.label} at {scan.start}; the best is {scan.kmers[0]}",
    )
with chart:
    take_away(
        "kmer_scan",
        f"{model.protein}-{scan.k}-mers",
        lambda: pd.DataFrame(record(len(scan.kmers))["kmers"]).to_csv(index=False),
        kmers_command(model, choice, scan.k, scan.start, is_exhaustive),
        kmers_python(model, choice, scan.k, scan.start, is_exhaustive),
        lambda: in_json(record(len(scan.kmers))),
    )
with table:
    show_table(scan, groups)
    st.caption(f"These are the best {min(TOP, len(scan.kmers))} of this draw of background RNAs. {separation_text(groups[:TOP])}")
    st.caption(
        f"{len(scan.kmers):,} of {scan.tested:,} {scan.k}-mers, {scan.predictions:,} sequences scored "
        f"({scan.predictions / (scan.tested * scan.samples):.1%} of all). The best of many are picked after the fact, so their "
        "importances are a little too high."
    )
    if caution := engine.analysis(model, choice).sample.caution:
        st.warning(caution)
if is_exhaustive:
    st.plotly_chart(
        ranks_figure(scan, model.label, about),
        key="kmer_ranks",
        config=download_options(f"{model.protein}-{scan.k}-mer-ranks"),
        alt=f"Global importance of all {scan.k}-mers of {model.label} by rank",
    )
compare_with_upload(model, motif, settings.palette)
