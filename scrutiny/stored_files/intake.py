"""A file that was sent: inspected, shown to the virus scanner and its bytes kept, all before any row is written."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.adapters.antivirus import Clean, Infected
from scrutiny.file_reading.file_warnings import FileWarning
from scrutiny.file_reading.inspection import safe_name
from scrutiny.file_reading.sandbox_lanes import check_file
from workflows.refusals import Refused


@dataclass(frozen=True, slots=True)
class Received:
    """A file fit to keep, whose bytes are kept already: digest, size in bytes and what its sender should know."""

    name: str
    sha256: str
    size: int
    media_type: str
    pages: int | None
    warnings: tuple[FileWarning, ...]
    scan: str  # 'clean' or 'not scanned'


def receive(name: str, sent: bytes | IO[bytes]) -> Received:
    """Inspect, scan and keep one file; Refused says what is wrong with it and what to send instead.

    The file is read where it lies, in pieces: what was sent with a form lies on the disk already.
    """
    store = fitted.files()
    file = io.BytesIO(sent) if isinstance(sent, bytes) else sent
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise Refused(gettext("“%(name)s” is empty. Choose a file with something in it", name=safe_name(name)))
    if size > store.max_upload_mb * 1_000_000:
        raise Refused(
            gettext(
                "“%(name)s” is too large. Choose a file smaller than %(max_upload_mb)sMB",
                name=safe_name(name),
                max_upload_mb=store.max_upload_mb,
            )
        )
    inspected = check_file(name, sent)
    verdict = fitted.scanner().scan(file)
    if isinstance(verdict, Infected):
        raise Refused(gettext("“%(inspected)s” was not kept. %(verdict)s", inspected=inspected.name, verdict=verdict.words))
    kept = store.keep(file, announced_size=size)
    pages = len(inspected.sheets) or inspected.pages
    scan = "clean" if isinstance(verdict, Clean) else "not scanned"
    return Received(inspected.name, kept.sha256, kept.size, inspected.media_type, pages, inspected.warnings, scan)
