"""Letters that go out in a body's name, edited as a whole before they go, and the files sent with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.correspondence import editing
from scrutiny.correspondence.edited_models import MOST_ATTACHED, LetterAttachment, LetterEdit
from scrutiny.correspondence.edited_queries import sent_files
from scrutiny.correspondence.editing import Composed, attachments_ahead, attachments_of, edit_of, last_used, merged
from scrutiny.evidence.service import enter_received
from scrutiny.extensions import db
from scrutiny.file_reading.file_warnings import as_text
from scrutiny.formats import size
from scrutiny.requests.models import EvidenceRequest
from scrutiny.stored_files import stored
from scrutiny.stored_files.intake import Received
from workflows.refusals import Refused
from workflows.roles import Actor

ISSUED: Final = "request_issued"
CHAIRS: Final = "chairs_letter"
#: The letters of a ladder that may be edited before they go.
OF_LADDER: Final = ("request_reminder", "request_chased")
#: Who may see a file that leaves with a letter: what is personal or confidential does not go by email.
MARKINGS: Final = ("open", "exempt")


def init_app(app: Flask) -> None:
    """What goes or went with a letter keeps its bytes, whatever becomes of them elsewhere."""
    stored.counts_as_use(app, sent_files)


@dataclass(frozen=True, slots=True)
class Lettering:
    """One letter that may be edited: its kind, the record its words and files are kept with, and the request it is about."""

    kind: str
    reference: str
    request: EvidenceRequest
    agency: Agency

    @property
    def within(self) -> str:
        """The review it is read with."""
        return self.request.review.plain

    @property
    def with_all(self) -> str:
        """The record whose files go with every such letter; '' where there is none."""
        return self.request.review.plain if self.kind == ISSUED else ""

    @property
    def edit(self) -> LetterEdit | None:
        """The edited words that wait for it."""
        return edit_of(self.kind, self.reference)

    @property
    def files(self) -> list[LetterAttachment]:
        """The files sent with it."""
        return attachments_of(*filter(None, (self.with_all, self.reference)))


def of_request(request: EvidenceRequest) -> Lettering:
    """The letter that asks."""
    return Lettering(ISSUED, request.plain, request, request.agency)


def to_agency(kind: str, request: EvidenceRequest, agency: Agency, waits: str = "") -> Lettering:
    """A reminder or chase to one agency, which is edited before anything of it is recorded; or a letter that waits for
    approval, under the reference of what `waits`."""
    return Lettering(kind, f"{request.plain}/{waits or agency.reference}", request, agency)


def edit_to_use(lettering: Lettering) -> LetterEdit | None:
    """The words a letter goes with: those that wait or, where it is sent once more, those it went with before."""
    return lettering.edit or (last_used(lettering.kind, lettering.reference) if lettering.kind == ISSUED else None)


def edit_that_fits(lettering: Lettering, composed: Composed, *, at: datetime) -> LetterEdit | None:
    """The same for a letter that the clock sends: words that are out of date are set aside, and the letter goes as composed."""
    edit = lettering.edit
    if edit is not None and merged(edit, composed) is None:
        editing.end_edit(edit, "overtaken", at)
        return None
    return edit


def keep_words(
    lettering: Lettering,
    composed: Composed,
    *,
    subject: str,
    text: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    language: str = "en",
) -> LetterEdit | None:
    """Keep a letter as somebody edited it; None where it is as composed again."""
    return editing.keep_edit(
        lettering.kind,
        lettering.reference,
        composed,
        subject=subject,
        text=text,
        within=lettering.within,
        by=by,
        at=at,
        seen=seen,
        language=language,
    )


def attach(
    lettering: Lettering,
    received: Sequence[Received],
    *,
    marking: str,
    for_all: bool = False,
    looked: bool = False,
    by: Actor,
    at: datetime,
) -> list[LetterAttachment]:
    """Send files with a letter, or with every request of its review; they were inspected and kept as evidence is.

    What is hidden in one stops it, as it stops an answer, until somebody has `looked` at it: an email is not taken back.
    """
    if not received:
        raise Refused(gettext("Choose a file"))
    if marking not in MARKINGS:
        raise Refused(gettext("Say who may see this: personal and confidential files are not sent by email"))
    for file in received:
        hidden = [warning.words for warning in file.warnings if warning.kind.stops]
        if hidden and not looked:
            raise Refused(gettext("Look at “%(file)s”, and tick that you have. %(what)s", file=file.name, what=" ".join(hidden)))
    reference = lettering.with_all if for_all and lettering.with_all else lettering.reference
    there = lettering.files
    if any(one.sha256 == file.sha256 for one in there for file in received):
        raise Refused(gettext("This file is attached already"))
    for carried in _carried(lettering, for_all=for_all):
        _check_size(carried, received)
    stored.take_turns(one.sha256 for one in received)
    added = [_added(reference, one, marking, by, at) for one in received]
    for one in added:
        note(
            "letter_attachment_added", about=reference, within=lettering.within, by=by, at=at, sha256=one.sha256, marking=marking
        )
    return added


def _carried(lettering: Lettering, *, for_all: bool) -> list[list[LetterAttachment]]:
    """The files of each email that is to carry more: of this letter, or of every request of its review."""
    found = [lettering.files]
    if for_all and lettering.with_all:
        shared = attachments_of(lettering.with_all)
        others = select(EvidenceRequest.id).where(EvidenceRequest.review_id == lettering.request.review_id)
        found += [[*shared, *own] for own in attachments_ahead([f"request:{key}" for key in db.session.scalars(others)]).values()]
    return found


def _check_size(carried: Sequence[LetterAttachment], received: Sequence[Received]) -> None:
    """Refuse files that make an email larger than mail servers take, saying how large and what could be left out."""
    files: list[LetterAttachment | Received] = [*carried, *received]
    sizes = {one.sha256: (one.size, one.name) for one in files}
    total = sum(number for number, _ in sizes.values())
    if total <= MOST_ATTACHED:
        return
    largest, name = max(sizes.values())
    raise Refused(
        gettext(
            "The attachments of this email would be %(total)s together, and an email can carry %(most)s. "
            "Remove “%(name)s” (%(size)s), or choose a smaller file",
            total=size(total),
            most=size(MOST_ATTACHED),
            name=name,
            size=size(largest),
        )
    )


def _added(reference: str, received: Received, marking: str, by: Actor, at: datetime) -> LetterAttachment:
    """One file, and the row of its bytes."""
    enter_received(received, at=at)
    row = LetterAttachment(
        reference=reference,
        sha256=received.sha256,
        name=received.name,
        media_type=received.media_type,
        size=received.size,
        marking=marking,
        warnings_kept=as_text(received.warnings),
        scan=received.scan,
        added_by=by.reference,
        added_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def gone(lettering: Lettering, *, at: datetime) -> None:
    """A letter has gone: its words are used, and the files of a reminder go with no other."""
    if lettering.edit is not None:
        editing.end_edit(lettering.edit, "used", at)
    if lettering.kind != ISSUED:
        for one in attachments_of(lettering.reference):
            one.removed_at, one.removed_by = at, "sent"
        db.session.flush()
