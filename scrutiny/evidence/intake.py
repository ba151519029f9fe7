"""A file that was sent: inspected, shown to the virus scanner and its bytes kept, all before any row is written."""

from __future__ import annotations

from dataclasses import dataclass

from scrutiny.adapters.antivirus import Clean, Infected
from scrutiny.adapters.fitted import fitted
from scrutiny.adapters.inspection import inspect, safe_name
from workflows.refusals import Refused


@dataclass(frozen=True, slots=True)
class Received:
    """A file fit to keep, whose bytes are kept already: digest, size in bytes and what its sender should know."""

    name: str
    sha256: str
    size: int
    media_type: str
    pages: int | None
    warnings: tuple[str, ...]
    scan: str  # 'clean' or 'not scanned'


def receive(name: str, content: bytes) -> Received:
    """Inspect, scan and keep the bytes of one file; Refused says what is wrong with it and what to send instead."""
    store = fitted("files")
    if not content:
        raise Refused(f"“{safe_name(name)}” is empty. Choose a file with something in it")
    if len(content) > store.max_upload_mb * 1_000_000:
        raise Refused(f"“{safe_name(name)}” is too large. Choose a file smaller than {store.max_upload_mb} MB")
    inspected = inspect(name, content)
    verdict = fitted("scanner").scan(content)
    if isinstance(verdict, Infected):
        raise Refused(f"“{inspected.name}” was not kept. {verdict.words}")
    kept = store.keep(content, announced_size=len(content))
    pages = len(inspected.sheets) or inspected.pages
    scan = "clean" if isinstance(verdict, Clean) else "not scanned"
    return Received(inspected.name, kept.sha256, kept.size, inspected.media_type, pages, inspected.warnings, scan)
