"""`./rbind runs`."""

from __future__ import annotations

import json

import pytest

from rbind_core.cli import main
from rbind_core.runs import FAILED


def test_runs_are_listed_with_their_state_and_message(place, busy, monkeypatch, capsys):
    run = place.submit()
    monkeypatch.setenv("RBIND_RUNS_DIR", str(place.runs))
    with pytest.raises(SystemExit) as end:
        main(["runs", "--json"])
    assert end.value.code == 0
    assert json.loads(capsys.readouterr().out) == [{"run": run.id, "name": "MINE", "state": "waiting", "done": 0.0, "message": ""}]
    run.end(FAILED, "The disk was full.")
    with pytest.raises(SystemExit):
        main(["runs"])
    assert capsys.readouterr().out == "MINE\tfailed\t0%\tThe disk was full.\n"
