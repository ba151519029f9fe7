"""A file that somebody wrote as text reads the same however its editor saved it, in every command that takes one."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from scrutiny.text_files import text_of

ROOT = Path(__file__).resolve().parents[2]
HOLIDAYS = json.dumps(
    {
        part: {"division": part, "events": [{"title": "New Year’s Day", "date": "2026-01-01", "notes": "", "bunting": True}]}
        for part in ("england-and-wales", "scotland", "northern-ireland")
    },
    ensure_ascii=False,
)
METHOD = next((ROOT / "config" / "methods").glob("*.toml")).read_text(encoding="utf-8")
#: Each command that takes text: what it is given before the file, the file's name and its text.
TEXTS = {
    "methods check": ("m.toml", METHOD),
    "methods load": ("m.toml", METHOD),
    "ladders check": ("l.toml", (ROOT / "config" / "ladders.toml").read_text(encoding="utf-8")),
    "holidays check": ("h.json", HOLIDAYS),
    "holidays load": ("h.json", HOLIDAYS),
    "statements write accessibility": ("s.txt", "## Hygyrchedd\n\nGŵyl yw’r dydd\n"),
    "audit verify --against": ("head.json", json.dumps({"audit": {"number": 0, "digest": ""}, "service": "Sŵn"})),
    "reorganisation preview": ("p.json", json.dumps({"title": "Ŵyr"}, ensure_ascii=False)),
}
#: Commands whose files are no such text, and why.
OTHERS = {
    "audit sign": "signed byte for byte",
    **dict.fromkeys(("backup", "reports print", "areas export", "burden export", "datasets package"), "written, not read"),
    "restore": "a zip",
    **dict.fromkeys(("areas load", "areas lineage", "areas people", "areas postcodes"), "layers and tables"),
    **dict.fromkeys(
        ("agencies at-many", "agencies load", "agencies map", "areas apportion", "areas at-many", "areas resolve", "bodies load"),
        "a table (file_reading.tables)",
    ),
    "agenda load-calendar": "a table, or such a text (text_files)",
    "people load": "a table (file_reading.tables)",
    **dict.fromkeys(("ledger load", "ledger figures"), "a table (file_reading)"),
}
SAVED = {
    "with its mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "with Windows line ends": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "as Notepad's Unicode": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
}


def _taking_files(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of the commands that take a path."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _taking_files(command, (*path, name))
        elif any(isinstance(one.type, click.Path) for one in command.params):
            yield " ".join((*path, name))


def test_every_command_that_takes_a_file_is_known_here(app: Flask) -> None:
    texts = {" ".join(command.split()[:2]) for command in TEXTS}
    assert {*_taking_files(app.cli), "reorganisation preview"} == texts | set(OTHERS)


@pytest.mark.parametrize("command", TEXTS)
def test_a_command_says_the_same_of_a_file_however_it_was_saved(app: Flask, tmp_path: Path, command: str) -> None:
    name, text = TEXTS[command]
    file = tmp_path / name

    def said(content: bytes) -> tuple[int, str]:
        file.write_bytes(content)
        done = app.test_cli_runner().invoke(args=[*command.split(), str(file)])
        return done.exit_code, done.output

    said(text.encode())  # a command that takes the file up says another thing the second time
    wanted = said(text.encode())
    assert "cannot be read" not in wanted[1], wanted
    for how, saved in SAVED.items():
        assert said(saved(text)) == wanted, how


def test_the_reader_gives_the_same_text_and_refuses_what_is_none() -> None:
    for saved in SAVED.values():
        assert text_of(saved("a = “b”\nŵ\n")) == "a = “b”\nŵ\n"
    with pytest.raises(UnicodeDecodeError):
        text_of(b"caf\xe9 = 1\n")


def test_no_other_module_reads_a_file_as_text() -> None:
    """Words of our own (templates, the demonstration) are read as we wrote them."""
    own = re.compile(r"\.read_text\((?!content|kept|self)")
    sources = [path for path in (ROOT / "scrutiny").rglob("*.py") if "demo" not in path.parts and path.name != "text_files.py"]
    lists = re.compile(r"\(Path\(__file__\)\.parent / [^)]+\)\.read_text\(")
    assert not [path.name for path in sources if own.search(lists.sub("", path.read_text(encoding="utf-8")))]
