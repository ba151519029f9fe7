"""Reading what people did to letters before they went: edited words, and files sent with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select

from scrutiny.correspondence.edited_models import LetterAttachment, LetterEdit, LetterFile
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db


def sent_files(sha256: str = "") -> Select[Any]:
    """The digests of files that are sent with letters or were, of all or of one; those removed unsent are not among them."""
    sent = select(LetterFile.attachment_id)
    rows = select(LetterAttachment.sha256).where(or_(LetterAttachment.removed_at.is_(None), LetterAttachment.id.in_(sent)))
    return rows.where(LetterAttachment.sha256 == sha256) if sha256 else rows


def files_of(letter_ids: Collection[int]) -> list[LetterAttachment]:
    """The files sent with some letters, each once, in the order they were added."""
    rows = select(LetterAttachment).join(LetterFile).where(LetterFile.letter_id.in_(letter_ids)).distinct()
    return list(db.session.scalars(rows.order_by(LetterAttachment.id)))


def sizes_waiting() -> dict[int, dict[str, int]]:
    """What each letter that is in no email yet carries: letter → digest → bytes; one statement."""
    rows = select(LetterFile.letter_id, LetterAttachment.sha256, LetterAttachment.size).join(LetterFile.letter)
    found: dict[int, dict[str, int]] = {}
    for row in db.session.execute(rows.join(LetterFile.attachment).where(Letter.posting_id.is_(None))):
        found.setdefault(row.letter_id, {})[row.sha256] = row.size
    return found


def edit_used(letter: Letter) -> LetterEdit | None:
    """The edited words a letter went with; None where it went as composed."""
    return db.session.get(LetterEdit, letter.edit_id) if letter.edit_id is not None else None
