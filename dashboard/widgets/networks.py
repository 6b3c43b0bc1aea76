"""Other networks of the same protein beside an effect: asked on the side, drawn when they have answered."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.state.engine import ConstructsInNetworks
from dashboard.state.keys import IN_LINK
from dashboard.state.markdown import plain
from dashboard.state.waiting import ask
from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.in_networks import InNetworks
from rbind_core.constructs import Construct
from rbind_core.data import fetch
from rbind_core.data.deepbind_files import deepbind_files, has_deepbind
from rbind_core.errors import DataError, RBindError
from rbind_core.model.committee import has_committee
from rbind_core.model.registry import Model
from rbind_core.model.second_opinion import CAVEAT, may_have_second_opinion
from rbind_core.statistics.between_networks import BetweenNetworks

HELP = """The same constructs on the same background RNAs in other networks of this protein: fine-tuned ones (○) and heads of panels
that score all proteins (◇), with dilations 1-2-4 or 1-2-4-8, most trained on probes drawn anew. The line is where another such
network would be in 95 of 100 cases. It says nothing about another experiment or another assay."""

EXPERIMENTS_HELP = """The network of another RNAcompete experiment with the same protein. Experiments differ by more than networks
of one experiment do: in the preparation of the protein, in the fragment that was made, in noise."""


def wanted(model: Model, key: str) -> bool:
    """Draw the switch; False where a model has no other networks."""
    if not has_committee(model):
        return False
    return st.toggle("Other networks", True, key=key, help=HELP, **IN_LINK)


def asked(
    slot: str, model: Model, choice: BackgroundChoice, constructs: Sequence[Construct], status: DeltaGenerator
) -> InNetworks | None:
    """The constructs in other networks, or None while they are under way; a problem is said in the place of the progress."""
    request = ConstructsInNetworks(model, choice, tuple(constructs), has_deepbind(model.measured_in))
    try:
        answer = ask(slot, request, status)
    except RBindError as error:
        status.caption(f":orange-badge[:material/warning: no other networks] {plain(str(error))}")
        return None
    return answer.result if answer is not None and answer.request == request else None


def say(found: BetweenNetworks) -> None:
    """One effect in the networks, in words."""
    interval = found.interval95
    another = "" if interval is None else f"; another network: {interval[0]:.2f} to {interval[1]:.2f} (95 %)"
    st.caption(f"{found.sentence().capitalize()}, mean {found.mean:.2f}{another}", help=HELP)


def say_all(found: InNetworks, labels: Sequence[str]) -> None:
    """The arms of an experiment in the networks: how many have one sign everywhere, and the one with the largest spread."""
    spreads = found.all
    same = sum(one.agree == len(one.networks) for one in spreads)
    widest = max(range(len(spreads)), key=lambda number: spreads[number].sd)
    st.caption(
        f"**Other networks:** the sign of {same} of {len(spreads)} effects is the same in all {len(spreads[0].networks)} networks. "
        f"They differ most in {plain(labels[widest])}: {spreads[widest].sentence()}.",
        help=HELP,
    )
    say_problems(found)


def say_problems(found: InNetworks) -> None:
    """Networks that were left out."""
    for problem in found.problems:
        st.caption(f":orange-badge[:material/warning: a network is left out] {plain(problem)}")


def say_experiments(model: Model, found: InNetworks, labels: Sequence[str]) -> None:
    """The same effects in the networks of other experiments with this protein: a larger spread, of another kind."""
    for one in found.beside.experiments:
        effects = ", ".join(f"{plain(label)} {effect:+.2f}" for label, effect in zip(labels, one.effects, strict=False))
        grade = ", grade B" if one.grade == "B" else ""
        st.caption(
            f"**Another experiment with {plain(model.protein)}** ({one.experiment}{grade}): {effects}", help=EXPERIMENTS_HELP
        )


def second_opinion(model: Model, found: InNetworks | None, labels: Sequence[str], key: str) -> None:
    """What DeepBind's published model says of the same effects, or an offer to fetch it."""
    if not may_have_second_opinion(model):
        return
    if found is not None and found.beside.deepbind:
        effects = ", ".join(f"{plain(label)} {effect:+.2f}" for label, effect in zip(labels, found.beside.deepbind, strict=False))
        st.caption(f"**DeepBind's opinion** (in its own units): {effects}", help=CAVEAT)
    elif not has_deepbind(model.measured_in):
        name = deepbind_files()[model.measured_in]
        size = fetch.sources()[name].size / 1e3
        if st.button(f"Ask DeepBind too ({size:.0f} kB)", icon=":material/download:", key=key, type="tertiary", help=CAVEAT):
            try:
                fetch.fetch([name])
            except DataError as error:
                st.caption(f":orange-badge[:material/warning: not fetched] {plain(str(error))}")
            else:
                st.rerun()
