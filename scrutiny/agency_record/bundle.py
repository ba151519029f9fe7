"""Everything an agency sent as one zip: each answer as a text, its files as they were sent, and a list of the contents."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from flask_babel import gettext

from scrutiny.adapters.files import FileDamaged, FileMissing
from scrutiny.agency_record.asked import Asked
from scrutiny.agency_record.receipts import ReceiptRow
from scrutiny.audit.service import note
from scrutiny.evidence import reading
from scrutiny.evidence.models import EvidenceFile
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import moment
from scrutiny.requests.models import Answer
from scrutiny.transaction import run
from workflows.refusals import Refused
from workflows.roles import Actor

#: How much one zip may hold: bytes of files and their number. More is taken in parts, by requester or year.
MOST_BYTES, MOST_FILES = 1_000_000_000, 5_000
PIECE = 1 << 20
#: What no file name may hold, on whatever machine the zip is opened.
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Size:
    """How many answers and files a zip would hold, and how many bytes the files have."""

    answers: int
    files: int
    bytes: int

    @property
    def is_too_large(self) -> bool:
        """Whether it is more than one zip may hold."""
        return self.bytes > MOST_BYTES or self.files > MOST_FILES


def size_of(found: Sequence[Asked]) -> Size:
    """What a zip of these items would hold."""
    files = [file for one in found for file in one.files if file.erased_at is None]
    return Size(sum(len(one.rows) for one in found), len(files), sum(file.stored.size for file in files))


def bundle(found: Sequence[Asked], *, by: Actor, at: datetime) -> IO[bytes]:
    """The zip as an open file at its beginning, noted in the trail; Refused where there is nothing to take, or too much."""
    size = size_of(found)
    if not size.answers:
        raise Refused(gettext("Nothing has been sent that fits your choice, so there is nothing to download"))
    if size.is_too_large:
        raise Refused(gettext("This is too much for one download. Choose one requester or one year"))
    out = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    listed: list[tuple[str | int, ...]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in found:
            _write_item(archive, one, listed)
        head = (
            gettext("Path"),
            gettext("Reference"),
            gettext("What it is"),
            gettext("Sent"),
            gettext("Bytes"),
            gettext("SHA-256"),
        )
        archive.writestr("contents.csv", write_csv((*head, gettext("Note")), listed, bom=True))
    whose = by.capacity.reference
    # A page that is asked for with GET has no transaction, so that noting is one.
    run(lambda: note("agency_record_taken", about=whose, by=by, at=at, answers=size.answers, files=size.files))
    out.seek(0)
    return out


def _write_item(archive: zipfile.ZipFile, one: Asked, listed: list[tuple[str | int, ...]]) -> None:
    """What was sent in answer to one item, in a folder of its own, each sending in its own."""
    sent = {answer.submitted_at: answer for answer in one.answers}
    for number, row in enumerate(one.rows, start=1):
        folder = f"{one.item.reference}/{number}"
        text = _text(one, row).encode()
        archive.writestr(f"{folder}/answer.txt", text)
        moment_sent = row.sent_at.isoformat(timespec="seconds") if row.sent_at else ""
        listed.append((f"{folder}/answer.txt", one.item.reference, row.state, moment_sent, len(text), row.digest, ""))
        answer = sent.get(row.sent_at)
        for place, file in enumerate(_files(answer), start=1):
            path = f"{folder}/{place:02d} {UNSAFE.sub('_', file.name).strip(' .') or 'file'}"
            said = _write_file(archive, path, file)
            listed.append(("" if said else path, one.item.reference, file.name, moment_sent, file.stored.size, file.sha256, said))


def _files(answer: Answer | None) -> list[EvidenceFile]:
    """The files of an answer."""
    return answer.lodging.evidence.files if answer is not None else []


def _write_file(archive: zipfile.ZipFile, path: str, file: EvidenceFile) -> str:
    """Write a file as it was sent; why it is not there, in a sentence, where it is not."""
    if file.erased_at is not None:
        return gettext("Erased %(when)s: %(why)s", when=moment(file.erased_at), why=file.erased_why)
    try:
        with reading.opened(file) as source, archive.open(zipfile.ZipInfo(path), "w", force_zip64=True) as out:
            while piece := source.read(PIECE):
                out.write(piece)
    except (FileMissing, FileDamaged):
        return gettext("This file cannot be read from the store now. The administrator can see why")
    return ""


def _text(asked: Asked, row: ReceiptRow) -> str:
    """One sending in words, a paragraph for each thing said."""
    request = asked.item.request
    head = [f"{asked.item.reference}: {request.review.title}", gettext("Asked by %(body)s", body=asked.requester), row.question]
    who = [gettext("Written by %(name)s", name=row.by)] if row.by else []
    who += [gettext("Approved by %(name)s", name=row.certified_by)] if row.certified_by else []
    said = ", ".join([row.state, *([moment(row.sent_at)] if row.sent_at else []), *who])
    figures = [f"{one.label}: {one.as_typed}" for one in row.figures]
    parts = [*head, said, row.words, row.instead, "\n".join(figures), *row.about]
    digest = [gettext("SHA-256 of the text and figures: %(digest)s", digest=row.digest)] if row.digest else []
    return "\n\n".join(part for part in [*parts, *digest] if part) + "\n"
