"""Two gigabytes are looked at, scanned, kept and sent back by a process that may hold a few megabytes more than it began with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORK = """
import hashlib, io, resource, sys, tempfile
from workflows.refusals import Refused
from scrutiny.adapters.antivirus import NoScanner
from scrutiny.adapters.files import FileStore
from scrutiny.adapters.sandbox import Limits, Lane
from scrutiny.file_reading import sandbox_lanes
megabytes, folder = int(sys.argv[1]), sys.argv[2]
sandbox_lanes.CHECK = Lane(sandbox_lanes.SERVER, Limits(seconds=200, patience=500))
store = FileStore(f"file://{folder}", max_upload_mb=megabytes + 100)
sent = tempfile.TemporaryFile()
sent.write(b"%PDF-1.7\\n")
sent.truncate(megabytes * 1_000_000 - 6)
sent.seek(0, io.SEEK_END)
sent.write(b"%%EOF\\n")
small = FileStore(f"file://{folder}", max_upload_mb=megabytes + 100)
small.keep(b"first")  # the store has its threads and buffers now
def kilobytes(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))
limit, before = kilobytes("VmData") * 1024 + 200_000_000, kilobytes("VmHWM")
resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))
try:
    sandbox_lanes.check_file("plan.pdf", sent)
except Refused as refused:
    print(refused)
print(NoScanner().scan(sent))
kept = store.keep(sent)
with store.opened(kept.sha256) as back:
    digest, size = hashlib.sha256(), 0
    while piece := back.read(1 << 20):
        digest.update(piece)
        size += len(piece)
assert (digest.hexdigest(), size) == (kept.sha256, megabytes * 1_000_000) == (kept.sha256, kept.size)
print("kept", size, "with", (kilobytes("VmHWM") - before) // 1000, "MB")
assert kilobytes("VmHWM") - before < 100_000
"""


def streamed(megabytes: int, folder: Path) -> str:
    """What the process says, under a limit of 200 MB more than it began with."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", WORK, str(megabytes), str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=580)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_file_larger_than_its_memory_flows_through(tmp_path: Path) -> None:
    """400 MB with less than 100 MB to hold them in; the file, which is no PDF inside, is refused for what it is."""
    words = streamed(400, tmp_path)
    assert "“plan.pdf” is damaged and cannot be read." in words
    assert "kept 400000000" in words


@pytest.mark.proof
def test_two_gigabytes_flow_through(tmp_path: Path) -> None:
    """The same with 2 GB."""
    words = streamed(2000, tmp_path)
    print(words)
    assert "kept 2000000000" in words
