"""One form brings so many files, and no more work than a while: what is left is named, and nothing else is lost."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from scrutiny.file_reading import file_warnings
from scrutiny.file_reading.file_warnings import FileWarning, Kind, as_text, read_text
from scrutiny.stored_files import uploads


def _files(number: int) -> list[FileStorage]:
    return [FileStorage(io.BytesIO(f"figure {n}\n".encode()), f"figures {n}.txt") for n in range(1, number + 1)]


def test_a_form_with_too_many_files_keeps_the_first_and_names_the_next(context: None, app: Flask) -> None:
    found = uploads._received(_files(uploads.MOST_FILES + 3))
    assert len(found.received) == uploads.MOST_FILES
    [fault] = found.faults
    assert f"“figures {uploads.MOST_FILES + 1}.txt” and those after it were not kept" in fault


def test_files_that_take_long_together_are_sent_in_parts(context: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_SECONDS", -1.0)
    found = uploads._received(_files(3))
    assert (found.received, len(found.faults)) == ([], 1)
    assert "“figures 1.txt” and those after it were not kept" in found.faults[0]


def test_what_a_file_is_called_within_fills_no_page() -> None:
    long = FileWarning(Kind.HIDDEN_SHEET, f"The sheet “{'x' * 1_000_000}” is hidden.")
    kept = read_text(as_text([long] * 5_000))
    assert len(kept) == file_warnings.MOST_WARNINGS
    assert all(len(one.words) <= file_warnings.LONGEST_WARNING for one in kept)
    assert all(one.kind.stops for one in kept)
    assert "4,951 further notes" in kept[-1].words
    assert read_text(as_text(kept)) == kept
