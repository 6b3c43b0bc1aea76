"""The command line, `./rbind`: every number of the dashboard, as text or as JSON.

Results go to standard output, progress and warnings to standard error; a user's error is one line and exit status 2.
Modules are imported by the commands that need them, so that others start at once.
"""

import click

from rbind_core import __version__
from rbind_core.cli import (
    atlas,
    compare,
    data,
    design,
    epistasis,
    experiment,
    gia,
    ism,
    kmers,
    models,
    motif,
    predict,
    probes,
    slide,
    table,
    training,
    variants,
    who,
)
from rbind_core.cli.shared import OneLineErrors


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__version__, prog_name="rbind")
def main() -> None:
    """RBind: test hypotheses on neural networks that predict how strongly a protein binds an RNA.

    Four more commands in the source tree: `./rbind app [--port P] [--headless]` opens the dashboard, `./rbind test` runs the tests,
    `./rbind bench` measures speed and memory, `./rbind repair` installs again what is missing.
    """


for command in (
    models.list_command,
    predict.predict,
    who.who,
    ism.ism,
    gia.gia,
    experiment.experiment,
    kmers.kmers,
    probes.probes,
    motif.motif,
    slide.slide,
    epistasis.epistasis,
    compare.compare,
    variants.variants,
    design.design,
    models.fold,
    models.evaluate,
    data.data,
    table.table,
    training.train,
    training.list_training_runs,
    atlas.atlas,
):
    main.add_command(command)
