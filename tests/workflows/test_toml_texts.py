"""A TOML text that somebody sends is read in a time that grows with its length, or is a fault in a sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from workflows.methods import check_method
from workflows.toml_texts import toml_of

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.mark.parametrize("path", sorted(CONFIG.rglob("*.toml")), ids=lambda path: path.name)
def test_every_text_of_ours_is_read(path: Path) -> None:
    assert toml_of(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "a." * 50_000 + "a = 1",
        "a . " * 50_000 + "a = 1",
        "[" + "a." * 50_000 + "a]",
        "x = {" + "a." * 50_000 + "a = 1}",
        '"a".' * 50_000 + "a = 1",
        '"a b" . ' * 30_000 + "a = 1",
        "a = " + "[" * 5_000,
        "a = " + "{a = " * 5_000,
        "a = " + "9" * 5_000,
        "# " + "x" * 400_000,
        'x = {y = """"\'"""", ' + "a." * 50_000 + "a = 1}",
        "x = '''\n\" a.b ''' # don't\n" + "a." * 50_000 + "a = 1",
        '"\\a' * 90_000,
    ],
    ids=[
        "dots",
        "spaces",
        "header",
        "inline",
        "quoted",
        "quoted words",
        "lists",
        "tables",
        "number",
        "long",
        "behind a quotation mark in a text",
        "behind one in a comment",
        "quotations without an end",
    ],
)
def test_what_would_take_the_square_of_its_length_is_a_fault(text: str) -> None:
    begun = time.process_time()
    [fault] = check_method(text, "method.toml")
    assert fault.remedy
    assert time.process_time() - begun < 5


def test_prose_with_many_stops_is_no_key() -> None:
    assert toml_of('text = "' + "One. Two words. " * 200 + '"')


def test_stops_in_a_text_of_several_lines_or_a_comment_are_no_key() -> None:
    letters = ".".join("abcdefghijklmnopqrstuvwxyz")
    assert toml_of(f'a.b = """\n{letters} "quoted" {letters}""" # that is {letters}\n') == {
        "a": {"b": f'{letters} "quoted" {letters}'}
    }
