"""What goes into printing and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workflows.refusals import Refused


class PdfMissing(Refused):
    """This machine has no Pango, so nothing can be printed on it; everything else works."""


class PrintingFailed(Refused):
    """A page that should have printed did not: too slow, too large, or the printing process died."""


@dataclass(frozen=True)
class Asset:
    """A picture handed over in memory; the page asks for it as asset:<its name>."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class AttachedFile:
    """A file to be carried inside the PDF. `relationship` is PDF/A-3's: Data, Source, Alternative, Supplement."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class PrintJob:
    """One page of HTML to print: `created` dates the file, so the same job gives the same bytes."""

    html: str
    created: datetime
    attachments: Sequence[AttachedFile] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)


@dataclass(frozen=True)
class Printed:
    """A printed file, its number of pages, and what printed it (versions, and a digest of the fonts used)."""

    pdf: bytes
    pages: int
    printer: str
