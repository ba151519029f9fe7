"""What goes into printing and what comes out, and how both travel between two processes as length-led frames."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

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

    def frame(self) -> tuple[dict[str, Any], list[bytes]]:
        """The job as a header and its bytes."""
        head = {
            "created": self.created.isoformat(),
            "attachments": [[file.name, file.description, file.relationship] for file in self.attachments],
            "assets": [[name, asset.media_type] for name, asset in self.assets.items()],
        }
        files = [file.content for file in self.attachments]
        return head, [self.html.encode(), *files, *(asset.content for asset in self.assets.values())]

    @classmethod
    def of_frame(cls, head: Mapping[str, Any], blobs: Sequence[bytes]) -> PrintJob:
        """The job that made this header and these bytes."""
        html, *rest = blobs
        contents = iter(rest)
        return cls(
            html=html.decode(),
            created=datetime.fromisoformat(head["created"]),
            attachments=[
                AttachedFile(name, next(contents), description, relationship)
                for name, description, relationship in head["attachments"]
            ],
            assets={name: Asset(media_type, next(contents)) for name, media_type in head["assets"]},
        )


@dataclass(frozen=True)
class Printed:
    """A printed file, its number of pages, and what printed it (versions, and a digest of the fonts used)."""

    pdf: bytes
    pages: int
    printer: str


def write_frame(stream: IO[bytes], head: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one frame: the header's length, the header in JSON (with the sizes of the bytes), the bytes."""
    text = json.dumps({**head, "sizes": [len(blob) for blob in blobs]}).encode()
    stream.write(struct.pack("!I", len(text)) + text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one frame, or None where the other side has gone."""
    try:
        (length,) = struct.unpack("!I", _exactly(stream, 4))
        head = json.loads(_exactly(stream, length))
        return head, [_exactly(stream, size) for size in head["sizes"]]
    except EOFError:
        return None


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
