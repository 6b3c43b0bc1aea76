"""What commands say of many tasks: how far they are, what went wrong, where they run."""

import io
import sys

import click
import pytest

from rbind_core.cli import cluster_options
from rbind_core.cli.cluster_options import TaskProgress, fail_for


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Time, in seconds, as the progress sees it."""
    now = [0.0]
    monkeypatch.setattr(cluster_options.time, "monotonic", lambda: now[0])
    return now


def test_progress_in_a_log_file_is_a_line_for_each_task_with_count_and_times(clock, capsys):
    progress = TaskProgress()
    clock[0] = 60
    progress("RBFOX1", 1, 4)
    clock[0] = 4000
    progress("SNRPA", 4, 4)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "[######------------------] 1/4  1:00 so far, about 3:00 left  RBFOX1",
        "[########################] 4/4  1:06:40 so far  SNRPA",
    ]


def test_progress_on_a_terminal_is_one_line_written_over_and_over(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress = TaskProgress()
    for done in (1, 2):
        progress("RBFOX1", done, 2)
    assert sys.stderr.getvalue().count("\n") == 1
    assert sys.stderr.getvalue().endswith("RBFOX1\n")
    assert sys.stderr.getvalue().count(cluster_options.CLEAR) == 2


def test_failures_of_one_kind_are_one_line_and_end_with_status_2(capsys):
    with pytest.raises(SystemExit) as ending:
        fail_for({"A": "no data", "B": "broken", "C": "no data", "D": "no data", "E": "no data"})
    assert ending.value.code == 2
    assert capsys.readouterr().err.splitlines() == ["rbind: A, C, D and 1 more: no data", "rbind: B: broken"]
    fail_for({})


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], (None, None)),
        (["--scheduler", "tcp://host:8786"], ("tcp://host:8786", None)),
        (["--workers", "0"], (None, 0)),
    ],
)
def test_a_command_with_the_options_is_told_where_to_run(arguments, given):
    @click.command()
    @cluster_options.cluster_options
    def command(scheduler, workers):
        return scheduler, workers

    assert command.main(arguments, standalone_mode=False) == given


def test_fewer_than_no_workers_are_refused():
    command = click.command()(cluster_options.cluster_options(lambda scheduler, workers: None))
    with pytest.raises(click.BadParameter, match="-1 is not in the range"):
        command.main(["--workers", "-1"], standalone_mode=False)
