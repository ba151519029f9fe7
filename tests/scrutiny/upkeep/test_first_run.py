"""`make run` twice at once on a fresh copy: one makes the demonstration, the other waits and finds it made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from config.settings import PROJECT_ROOT

#: In place of `flask`: says when it begins and ends, takes its time, and writes the database it is told to.
SLOW_FLASK = """#!/usr/bin/env bash
echo "begin $*" >>"$LOG"
sleep 0.3
[ "$1" = demo ] && echo made >>"${DATABASE_URL#sqlite:///}"
echo "end $*" >>"$LOG"
"""


@pytest.mark.skipif(shutil.which("flock") is None, reason="there is no flock here")
def test_two_first_runs_take_turns(tmp_path: Path) -> None:
    (tmp_path / "setup").mkdir()
    shutil.copy(PROJECT_ROOT / "setup" / "prepare.sh", tmp_path / "setup" / "prepare.sh")
    flask = tmp_path / ".venv" / "bin" / "flask"
    flask.parent.mkdir(parents=True)
    flask.write_text(SLOW_FLASK)
    flask.chmod(0o755)
    log = tmp_path / "log"
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LOG": str(log)}
    started = [
        subprocess.Popen(["bash", "setup/prepare.sh", "demo"], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [process.wait(30) for process in started] == [0, 0, 0]
    assert (tmp_path / "var" / "demo.db").read_text() == "made\n", "made once, by one"
    said = log.read_text().splitlines()
    assert said.count("begin demo") == 1
    assert [line.split()[0] for line in said] == ["begin", "end"] * (len(said) // 2), "never two at once"
