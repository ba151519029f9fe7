"""A backup that is damaged, foreign or cannot be written: one sentence, an exit status, and everything as it was."""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config.settings import PROJECT_ROOT
from scrutiny.extensions import db
from tests.scrutiny.upkeep.conftest import counts_now

Made = tuple[Path, dict[str, int], str]
FLIPS = 50
#: What a command says that did not do it: one line.
SENTENCE = re.compile(r"Error: .+\n")


def _members(path: Path) -> dict[str, bytes]:
    """What a zip holds, by name."""
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def _zip(members: dict[str, bytes]) -> bytes:
    """A sound zip of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return out.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    """The same as a tar of another program."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as bundle:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            bundle.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _manifest(members: dict[str, bytes], **changed: object) -> dict[str, bytes]:
    """The same with another manifest."""
    return members | {"manifest.json": json.dumps(json.loads(members["manifest.json"]) | changed).encode()}


def _bad(whole: bytes, members: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every kind of file that is no backup, or no longer one."""
    yield "empty", b""
    yield "a text file", b"Minutes of the committee.\n" * 50
    yield "a tar", _tar(members)
    yield "another program's zip", _zip({"word/document.xml": b"<w:document/>"})
    yield "an empty zip", _zip({})
    for share in (0.01, 0.3, 0.9, 0.999):
        yield f"cut at {share}", whole[: int(len(whole) * share)]
    yield "cut at its start", whole[1000:]
    for manifest in (b"[]", b"{}", b"null", b"\xff", b"{", b'{"form": 1}', b'{"form": []}'):
        yield f"its manifest {manifest!r}", _zip(members | {"manifest.json": manifest})
    yield "another form", _zip(_manifest(members, form=99))
    yield "another version", _zip(_manifest(members, migration="0001"))
    yield "rows that are not numbers", _zip(_manifest(members, rows={"person": "many"}))
    file = next(name for name in members if name.startswith("files/"))
    yield "a file that is not what it is called", _zip(members | {file: b"%PDF-forged"})
    yield "a file called by no digest", _zip(members | {"files/../../escaped": b"x"})
    yield "a file left out", _zip({name: content for name, content in members.items() if name != file})
    table = "tables/person.jsonl"
    yield "a table left out", _zip({name: content for name, content in members.items() if name != table})
    yield "a row left out", _zip(members | {table: members[table].partition(b"\n")[2]})
    lines = members[table].splitlines(keepends=True)
    rest = b"".join(lines[1:])
    for row in (b"", b"{}", b"[1]", b"nonsense", b"[" + b'{"x": 1, "y": 2},' * 60 + b"1]", lines[1].strip()):
        yield f"a row that is {row[:12]!r}", _zip(members | {table: row + b"\n" + rest})
    number = json.loads(lines[0])
    for value in ({"moment": "soon"}, {"bytes": 7}, {"json": {}}, {"day": 5}, {}, [], None, "x" * 10):
        row = json.dumps([value] * len(number)).encode()
        yield f"a row of {value!r}", _zip(members | {table: row + b"\n" + rest})


def _left(folder: Path) -> list[str]:
    """Everything below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_whatever_is_no_backup_is_refused_in_a_sentence(made: Made, empty: Flask, tmp_path: Path) -> None:
    """No case ends in a fault, keeps a row, or leaves a file or a folder."""
    path, _, _ = made
    whole, members = path.read_bytes(), _members(path)
    files, nothing = tmp_path / "new", counts_now()
    bad = tmp_path / "bad.zip"
    refused = 0
    for name, content in _bad(whole, members):
        bad.write_bytes(content)
        before = _left(tmp_path)
        said = empty.test_cli_runner().invoke(args=["restore", str(bad)])
        assert isinstance(said.exception, SystemExit), (name, said.exception)
        assert said.exit_code == 1, name
        assert SENTENCE.fullmatch(said.output), (name, said.output)
        assert counts_now() == nothing, name
        assert (_left(files), _left(tmp_path)) == ([], before), name
        refused += 1
    assert refused > 30


def test_a_flipped_bit_is_refused_or_makes_no_difference(made: Made, empty: Flask, tmp_path: Path) -> None:
    """A bit of a date or of a mode changes nothing that is restored; any other is found before anything is kept."""
    path, counts, _ = made
    whole, nothing = path.read_bytes(), counts_now()
    tail = len(whole) - whole.index(b"PK\x01\x02")  # the list of what is in the zip: every reader's first stumbling block
    draw = random.Random(10)
    places = [draw.randrange(len(whole)) for _ in range(FLIPS)] + [len(whole) - 1 - draw.randrange(tail) for _ in range(FLIPS)]
    refused = 0
    bad = tmp_path / "bad.zip"
    for place in places:
        content = bytearray(whole)
        content[place] ^= 1 << draw.randrange(8)
        bad.write_bytes(content)
        said = empty.test_cli_runner().invoke(args=["restore", str(bad)])
        if said.exit_code:
            assert isinstance(said.exception, SystemExit), (place, said.exception)
            assert SENTENCE.fullmatch(said.output), (place, said.output)
            assert (counts_now(), _left(tmp_path / "new")) == (nothing, []), place
            refused += 1
        else:
            assert {name: rows for name, rows in counts_now().items() if rows != counts[name]} == {}, place
            _empty_again(tmp_path / "new")
    assert refused > FLIPS, "most bits matter"


def _empty_again(files: Path) -> None:
    """Take back a restore that succeeded."""
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(text(f"DELETE FROM {table.name}"))
    db.session.commit()
    for child in files.iterdir():
        shutil.rmtree(child)


def _flask(app: Flask, *arguments: str, temporary: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """`flask` as an administrator calls it; `before`: what the shell does first, on disks of its own."""
    settings = app.config["SETTINGS"]
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {
        "SECRET_KEY": "y" * 40,
        "DATABASE_URL": settings.database_url,
        "FILES_URL": settings.files_url,
        "TMPDIR": str(temporary),
        "FLASK": f"{sys.executable} -m flask",
    }
    command = [sys.executable, "-m", "flask", *arguments]
    if before:
        command = ["unshare", "--map-root-user", "--mount", "bash", "-c", before, "bash", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def _said(ended: subprocess.CompletedProcess[str]) -> str:
    """The one sentence a command ended with."""
    assert ended.returncode not in (0, None), ended
    assert "Traceback" not in ended.stderr + ended.stdout, ended.stderr
    (sentence,) = [line for line in ended.stderr.splitlines() if line.startswith("Error: ")]
    return sentence


@pytest.mark.parametrize("what", ["a folder", "cut"])
def test_the_command_itself_ends_with_a_status(made: Made, empty: Flask, tmp_path: Path, what: str) -> None:
    path, nothing = made[0], counts_now()
    db.session.rollback()
    bad = tmp_path / "bad"
    makes: dict[str, Callable[[], object]] = {"a folder": bad.mkdir, "cut": lambda: bad.write_bytes(path.read_bytes()[:-50])}
    makes[what]()
    temporary = tmp_path / "temporary"
    assert "bad" in _said(_flask(empty, "restore", str(bad), temporary=temporary))
    assert (counts_now(), _left(temporary), _left(tmp_path / "new")) == (nothing, [], [])


#: What an administrator's disk may be like; "$F" is the folder to write to, "$1" and "$2" the command.
DISKS = {
    "full": 'mount -t tmpfs -o size=64k none "$F"; $FLASK "$1" "$2"; end=$?; ls -A "$F" >&3; exit $end',
    "read-only": 'mount --bind "$F" "$F"; mount -o remount,bind,ro "$F"; $FLASK "$1" "$2"; end=$?; ls -A "$F" >&3; exit $end',
}


def _may_mount() -> bool:
    """Whether this machine lets us have disks of our own."""
    tried = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="no disks of one's own here")
@pytest.mark.parametrize("disk", DISKS)
def test_a_disk_that_takes_no_backup_is_said(made: Made, app: Flask, tmp_path: Path, disk: str) -> None:
    """A full disk and a read-only one, for root too; nothing is left there, and no backup is noted as made."""
    folder, listed, temporary = tmp_path / "disk", tmp_path / "listed", tmp_path / "temporary"
    folder.mkdir()
    before = f"F={folder}; exec 3>{listed}; {DISKS[disk]}"
    ended = _flask(app, "backup", str(folder / "tonight.zip"), temporary=temporary, before=before)
    assert "could not be written, and nothing was kept" in _said(ended)
    assert (listed.read_text(), _left(folder), _left(temporary)) == ("", [], [])
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM backup_made")) == 1, "the one of the fixture"


def test_a_place_that_takes_no_backup_is_said(made: Made, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of that name stays as it is; a folder that is missing is not made, and one that is a file stays one."""
    path, temporary = made[0], tmp_path / "temporary"
    whole = path.read_bytes()
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    places = {
        path: "is there already",
        tmp_path / "missing" / "b.zip": "could not be written",
        path / "b.zip": "could not be written",
    }
    for place, words in {**places, tmp_path: ""}.items():
        said = app.test_cli_runner().invoke(args=["backup", str(place)])
        assert said.exit_code not in (0, None), place
        assert isinstance(said.exception, SystemExit), (place, said.exception)
        (sentence,) = [line for line in said.output.splitlines() if line.startswith("Error: ")]
        assert words in sentence
    assert path.read_bytes() == whole
    assert not (tmp_path / "missing").exists()
    assert (_left(temporary), list(tmp_path.glob("*.part"))) == ([], [])
