"""The files an edition is published with: the PDF, its data and, for the report of a review, a Word document."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrutiny.adapters import word
from scrutiny.snapshots.printing import html_of, print_edition
from scrutiny.snapshots.signed_content import canonical
from scrutiny.snapshots.snapshot import read
from scrutiny.snapshots.word import word_of
from workflows.refusals import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its kind (pdf, data or word), and for a PDF its pages and what printed it."""

    kind: str
    media_type: str
    content: bytes
    pages: int | None = None
    printed_with: str = ""


def files_of(snapshot: dict[str, Any], digest: str, *, sealed_at: datetime) -> list[Made]:
    """Every file of a sealed snapshot. The report of a place is printed by the hundred, and has no Word document."""
    printed = print_edition(snapshot, digest, sealed_at=sealed_at)
    files = [
        Made("pdf", "application/pdf", printed.pdf, printed.pages, printed.printer),
        Made("data", "application/json", canonical(snapshot)),
    ]
    if snapshot["kind"] == "review":
        try:
            document = word_of(html_of(snapshot, digest, in_word=True), read(snapshot), at=sealed_at)
            files.append(Made("word", word.MEDIA_TYPE, document))
        except Refused as refused:  # a picture that could not be drawn: the report comes out on its day all the same
            log.exception("no Word document of %s: %s", snapshot["edition"]["reference"], refused.sentence)
    return files
