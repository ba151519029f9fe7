"""A machine that is not as it should be: `flask` and the server end with one sentence and a status, not the password."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.settings import PROJECT_ROOT

PASSWORD = "Sesam-77"
SERVER = ("setup/serve.py",)
FLASK = ("-m", "flask")
#: A command that reads rows, the one that makes the tables, and the server.
STARTS = {"command": (*FLASK, "jobs", "list"), "upgrade": (*FLASK, "db", "upgrade"), "server": SERVER}


def _in_turn(faults: Iterable[str]) -> list[Any]:
    """Every fault with every start, of which each fault meets one here and the others in `make proof`."""
    return [
        pytest.param(
            what, start, id=f"{what}-{start}", marks=[] if at % len(STARTS) == number % len(STARTS) else [pytest.mark.proof]
        )
        for number, what in enumerate(faults)
        for at, start in enumerate(STARTS)
    ]


def _ended(address: str, start: str, folder: Path, *, first: tuple[str, ...] = ()) -> str:
    """The one sentence on standard error of a process that was to use this database."""
    environment = os.environ | {
        "SECRET_KEY": "y" * 40,
        "DATABASE_URL": address,
        "FILES_URL": f"file://{folder / 'files'}",
        "MAIL_URL": str(folder / "mail"),
        "PORT": "0",
    }
    command = [*first, sys.executable, *STARTS[start]]
    ended = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    said = ended.stdout + ended.stderr
    assert ended.returncode not in (0, None), said
    assert "Traceback" not in said, said
    assert PASSWORD not in said
    assert len(ended.stderr.strip().splitlines()) <= 2, said
    return ended.stderr


def _no_database(folder: Path) -> Path:
    path = folder / "notes.db"
    path.write_text("Minutes of the committee. " * 400)
    return path


def _folder(folder: Path) -> Path:
    path = folder / "folder.db"
    path.mkdir()
    return path


def _below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("")
    return folder / "file" / "scrutiny.db"


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no database": (_no_database, "is not a SQLite database"),
    "a folder": (_folder, "cannot be opened"),
    "below a file": (_below_a_file, "is a file, so no database can be in it"),
}


@pytest.mark.parametrize(("what", "start"), _in_turn(FILES))
def test_a_file_that_cannot_be_the_database_is_said(tmp_path: Path, what: str, start: str) -> None:
    """And stays what it is."""
    make, words = FILES[what]
    path = make(tmp_path)
    before = sorted(path.parent.rglob("*")) if path.parent.is_dir() else []
    content = path.read_bytes() if path.is_file() else b""
    assert words in _ended(f"sqlite:///{path}", start, tmp_path)
    assert (path.read_bytes() if path.is_file() else b"") == content
    left = sorted(path.parent.rglob("*")) if path.parent.is_dir() else []
    assert [one for one in left if one not in before and one.name not in ("files", "mail")] in (
        [],
        [path.with_name(f"{path.name}.timetable.lock")],
    )


def _may_mount() -> bool:
    """Whether this machine lets us have disks of our own."""
    tried = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="no disks of one's own here")
@pytest.mark.parametrize(("what", "start"), _in_turn(["read-only"]))
def test_a_read_only_disk_is_said(tmp_path: Path, what: str, start: str) -> None:
    """For root too, who minds no mode of a file."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'mount --bind {disk} {disk} && mount -o remount,bind,ro {disk} && exec "$@"'
    first = ("unshare", "--map-root-user", "--mount", "bash", "-c", script, "bash")
    assert "Read-only file system" in _ended(f"sqlite:///{disk / 'scrutiny.db'}", start, tmp_path, first=first)


@contextmanager
def _listening(answer: bytes) -> Iterator[int]:
    """The port of a server that answers whoever connects with these bytes, or with nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            held = []
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                held.append(one)
                if answer:
                    one.recv(8)  # may it be encrypted?
                    one.sendall(b"N")
                    one.recv(1000)
                    one.sendall(answer)
                    one.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def _refusal(code: str, words: str) -> bytes:
    """What PostgreSQL sends that lets nobody in."""
    fields = f"SFATAL\0VFATAL\0C{code}\0M{words}\0\0".encode()
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


SERVERS = {
    "silent": (b"", "does not answer"),
    "wrong password": (
        _refusal("28P01", 'password authentication failed for user "scrutiny"'),
        "refuses the name or the password",
    ),
    "no such database": (_refusal("3D000", 'database "scrutiny" does not exist'), "has no database of the name"),
}


@pytest.mark.parametrize(("what", "start"), _in_turn(SERVERS))
def test_a_server_that_lets_nobody_in_is_said(tmp_path: Path, what: str, start: str) -> None:
    answer, words = SERVERS[what]
    with _listening(answer) as port:
        address = f"postgresql://scrutiny:{PASSWORD}@127.0.0.1:{port}/scrutiny?connect_timeout=2"
        assert words in _ended(address, start, tmp_path)


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "does not answer" in _ended(f"postgresql://scrutiny:{PASSWORD}@127.0.0.1:1/scrutiny", "command", tmp_path)
