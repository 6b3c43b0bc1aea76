"""Odd surroundings: a broken-off installation, no home, other languages, difficult names, closed streams, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.installation import Installation, assert_one_sentence

RNA = "GGAUCCUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU"
DIFFICULT = "Übung 1; $HOME 'a'"


# The launcher. A shell script stands for Python: pip does nothing, the rest is passed on.


def environment_of(folder: Path, pip_works: bool = True) -> Path:
    environment = folder / "die Umgebung"
    (environment / "bin").mkdir(parents=True)
    python = environment / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\necho "$*" >>"{folder}/calls"\n'
        f'case "$*" in *"-m pip"*) exit {0 if pip_works else 1} ;; esac\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    return environment


def launch(of: Installation, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(of.root / "rbind"), *arguments]
    return subprocess.run(
        command, env=of.environment | environment, cwd="/", capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("language", [{"LANG": "C", "LC_ALL": "C"}, {"LANG": "de_DE.ISO-8859-1", "LC_ALL": ""}])
def test_the_launcher_works_in_a_difficult_folder_and_in_any_language(whole, tmp_path, language):
    environment = environment_of(tmp_path)
    result = launch(whole, "predict", "--rbp", "RBFOX1", "--seq", RNA, RBIND_ENV=str(environment), **language)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(RNA)
    assert_one_sentence(launch(whole, "predict", "--rbp", "Größe", "--seq", RNA, RBIND_ENV=str(environment), **language), "Größe")


def test_an_installation_that_was_broken_off_while_pip_came_is_made_anew(whole, tmp_path):
    environment = environment_of(tmp_path, pip_works=False)
    makes = tmp_path / "python3"
    makes.write_text(f'#!/bin/sh\ncase "$*" in *"-m venv"*) echo made >>"{tmp_path}/made"; exit 1 ;; esac\nexit 0\n')
    makes.chmod(0o755)
    (environment / "notes of mine").write_text("not to be deleted")
    refused = launch(whole, "list", RBIND_ENV=str(environment), RBIND_PYTHON=str(makes))
    assert refused.returncode == 2
    assert "no environment could be made in" in refused.stderr
    assert "RBIND_ENV=" in refused.stderr
    assert (tmp_path / "made").exists()
    assert (environment / "notes of mine").exists(), "nothing of the user's is deleted"


def test_repair_installs_again(whole, tmp_path):
    environment = environment_of(tmp_path)
    assert launch(whole, "list", RBIND_ENV=str(environment)).returncode == 0
    for arguments, installs in ((["list"], 1), (["repair"], 2)):
        assert launch(whole, *arguments, RBIND_ENV=str(environment)).returncode == 0
        assert (tmp_path / "calls").read_text().count("pip install") == installs


def test_repair_finds_packages_whose_files_are_cut_off(whole, tmp_path):
    environment = environment_of(tmp_path)
    toy = tmp_path / "site-packages"
    info = toy / "toy_package-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-package\nVersion: 1.0\n")
    (info / "RECORD").write_text("toy.py,,10\ntoy_package-1.0.dist-info/RECORD,,\n")
    for content, is_damaged in (("0123456789", False), ("01234", True)):
        (toy / "toy.py").write_text(content)
        (tmp_path / "calls").write_text("")
        result = launch(whole, "repair", RBIND_ENV=str(environment), PYTHONPATH=str(toy))
        assert result.returncode == 0, result.stderr
        assert ("installing again: toy-package" in result.stderr) == is_damaged
        assert ("--force-reinstall" in (tmp_path / "calls").read_text()) == is_damaged


def test_a_python_that_is_gone_is_noticed(whole, tmp_path):
    environment = environment_of(tmp_path)
    assert launch(whole, "list", RBIND_ENV=str(environment)).returncode == 0
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to(tmp_path / "removed")
    refused = launch(whole, "list", RBIND_ENV=str(environment), RBIND_PYTHON=str(tmp_path / "removed"))
    assert_one_sentence(refused, "Python 3.10 to 3.13 is needed (found none)")


# Home, names and streams.


@pytest.mark.parametrize("home", [None, "/dev/null", "/nowhere"])
def test_a_command_needs_no_home(whole, home):
    environment = {name: value for name, value in whole.environment.items() if not name.startswith("RBIND_") and name != "HOME"}
    here = Installation(whole.root, environment | ({"HOME": home} if home else {}), whole.python)
    result = here.run("gia", "--rbp", "RBFOX1", "--pattern", "UGCAUG@18", "--samples", "20", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["samples"] == 20


def test_every_option_takes_files_with_difficult_names(whole, tmp_path):
    folder = tmp_path / DIFFICULT
    folder.mkdir()
    rna = folder / "séquences (1).fa"
    rna.write_text(f">größer\n{RNA}\n", encoding="utf-8")
    mine = folder / "own, models"
    meme = folder / "motifs é.meme"
    meme.write_text(
        "MEME version 4\n\nALPHABET= ACGU\n\nMOTIF x\nletter-probability matrix: alength= 4 w= 4 nsites= 20\n"
        "0 0 0 1\n0 0 1 0\n0 1 0 0\n1 0 0 0\n"
    )
    logo = folder / "Bild ä.svg"
    here = whole.with_environment(RBIND_MODELS_DIR=str(mine), RBIND_CACHE_DIR=str(folder / "cache"), LANG="C.UTF-8")
    several = ["gia", "--rbp", "RBFOX1", "--pattern", "UGCAUG@18", "--samples", "20", "--background", "file", "--fasta", str(rna)]
    for arguments in (
        ["predict", "--rbp", "RBFOX1", "--fasta", str(rna)],
        ["slide", "--rbp", "RBFOX1", "--fasta", str(rna)],
        ["motif", "--rbp", "RBFOX1", "--meme", str(meme)],
        ["ism", "--rbp", "RBFOX1", "--seq", RNA, "--out", str(logo)],
        several,
    ):
        result = here.run(*arguments)
        assert result.returncode == 0, (arguments[0], result.stderr)
    assert logo.stat().st_size > 1000
    for option in (["predict", "--rbp", "RBFOX1", "--fasta"], ["data", "import"], ["train", "--name", "x", "--table"]):
        assert_one_sentence(here.run(*option, str(folder / "fehlt ü")), "fehlt ü")


def test_a_reader_that_leaves_early_is_no_error(whole):
    command = " ".join([*whole.python, "-m", "rbind_core.cli", "ism", "--rbp", "RBFOX1", "--seq", RNA])
    result = subprocess.run(
        ["sh", "-c", f"{command} | head -n 1"], env=whole.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert len(result.stdout.splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert "Broken pipe" not in result.stderr


@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(whole, tmp_path, closed):
    """A file that is opened later must not take the number of a closed stream, and get what is said."""
    out = tmp_path / "logo.svg"
    command = f"{whole.python[0]} -m rbind_core.cli ism --rbp RBFOX1 --seq {RNA[:30]} --out {out} {closed}"
    result = subprocess.run(["sh", "-c", command], env=whole.environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    text = out.read_text()
    assert "<svg" in text
    assert "note:" not in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["kmers", "--rbp", "RBFOX1", "--exhaustive"],
        ["kmers", "--rbp", "RBFOX1_PU", "--samples", "200", "--exhaustive"],
    ],
)
def test_ctrl_c_ends_a_long_command_in_one_word(whole, arguments):
    process = subprocess.Popen(
        [*whole.python, "-m", "rbind_core.cli", *arguments],
        env=whole.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # as a terminal does, the signal goes to all processes of the command
    )
    time.sleep(2.5)
    os.killpg(process.pid, signal.SIGINT)
    try:
        out, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert out == ""
    assert said.splitlines()[-1] == "stopped"
    assert "Traceback" not in said
