"""Files that people send, made on the spot: good ones, and ones that must be refused in plain words."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FilePayload

from tests.scrutiny.findings.conftest import a_pdf, a_workbook

QUOTED = "Nine of ten patients went home in time"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def minutes() -> FilePayload:
    """A PDF of two pages."""
    return {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": a_pdf(QUOTED, "Second page")}


def cases() -> FilePayload:
    """A workbook of two sheets."""
    return {"name": "cases.xlsx", "mimeType": SHEETS, "buffer": a_workbook()}


def not_what_it_says() -> FilePayload:
    """A program that calls itself a PDF."""
    return {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 400}


def of_no_kind_we_take() -> FilePayload:
    """A program that says so."""
    return {"name": "setup.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" + b"\0" * 400}


def empty() -> FilePayload:
    """Nothing at all."""
    return {"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""}


def cut_short() -> FilePayload:
    """The first half of a PDF."""
    whole = a_pdf("A page that never came whole")
    return {"name": "half.pdf", "mimeType": "application/pdf", "buffer": whole[: len(whole) // 2]}


def with_a_hostile_name() -> FilePayload:
    """A good PDF whose name would like to be elsewhere, or a script."""
    return {"name": "../../etc/<img src=x onerror=alert(1)>.pdf", "mimeType": "application/pdf", "buffer": a_pdf("Harmless")}


def too_large(folder: Path) -> Path:
    """A file larger than this instance takes, three megabytes against two."""
    path = folder / "large.pdf"
    path.write_bytes(a_pdf("Large") + b"%" * 3_100_000)
    return path
