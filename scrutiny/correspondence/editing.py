"""A letter edited as a whole before it goes: its words kept, and brought up to date where the letter says something else by then.

Only paragraphs that nobody touched are brought up to date. Where an edited one rests on what has changed since, the words
are out of date: whoever edited the letter must look at it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import digest, note
from scrutiny.correspondence.edited_models import LetterAttachment, LetterEdit
from scrutiny.correspondence.sealing import PLACEHOLDER
from scrutiny.extensions import db
from scrutiny.read_ahead import known
from scrutiny.transaction import check_version
from scrutiny.typed_text import clean, clean_line
from scrutiny.word_changes import TooDifferent, steps_between
from workflows.refusals import Refused, Stale
from workflows.roles import Actor

#: Stands for the line that greets the reader, which is each reader's own unless somebody changed it.
GREETING: Final = "\0"
LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as the product words it, and how it greets its reader."""

    subject: str
    text: str
    dear: str


def edit_of(kind: str, reference: str) -> LetterEdit | None:
    """The edited words that wait for a letter to go."""
    return next((one for one in edits_of(reference) if one.kind == kind and one.state == "kept"), None)


def edits_of(reference: str) -> list[LetterEdit]:
    """Everything that was edited of letters about a record, newest first."""
    return known("letter_edits", reference, lambda: edits_ahead([reference])[reference])


def edits_ahead(references: Collection[str]) -> dict[str, list[LetterEdit]]:
    """The same for several records; one statement."""
    found: dict[str, list[LetterEdit]] = {reference: [] for reference in references}
    rows = select(LetterEdit).where(LetterEdit.reference.in_(references)).order_by(LetterEdit.id.desc())
    for one in db.session.scalars(rows):
        found[one.reference].append(one)
    return found


def last_used(kind: str, reference: str) -> LetterEdit | None:
    """The edited words with which a letter went last."""
    return next((one for one in edits_of(reference) if one.kind == kind and one.state == "used"), None)


def keep_edit(
    kind: str,
    reference: str,
    composed: Composed,
    *,
    subject: str,
    text: str,
    within: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    language: str = "en",
) -> LetterEdit | None:
    """Keep a letter as somebody edited it, in place of what was kept before; None where it is as composed again."""
    subject, text = clean_line(subject), clean(text).strip()
    _check(subject, text)
    before = edit_of(kind, reference)
    if (before is None) != (seen is None):
        raise Stale(
            gettext("Somebody else has changed this letter since you opened it. Your words are below: look at the letter again")
        )
    if before is not None:
        check_version(before, seen)
        _end(before, "dropped", at)
    if (subject, text) == (composed.subject, composed.text.strip()):
        if before is not None:
            note("letter_edit_dropped", about=reference, within=within, by=by, at=at, letter=kind)
        return None
    edit = LetterEdit(
        kind=kind,
        reference=reference,
        subject=subject,
        text=text,
        language=language,
        dear=composed.dear,
        of_subject=composed.subject,
        of_text=composed.text.strip(),
        by=by.reference,
        at=at,
    )
    db.session.add(edit)
    db.session.flush()
    note("letter_edited", about=reference, within=within, by=by, at=at, letter=kind, text=digest(subject + text))
    return edit


def drop_edit(edit: LetterEdit, *, within: str, by: Actor, at: datetime) -> None:
    """Give edited words up: the letter goes as the product words it."""
    if edit.state != "kept":
        raise Refused(gettext("These words have been used or discarded already"))
    _end(edit, "dropped", at)
    note("letter_edit_dropped", about=edit.reference, within=within, by=by, at=at, letter=edit.kind)


def end_edit(edit: LetterEdit, state: str, at: datetime) -> None:
    """The letter has gone: with these words (used), or without them (overtaken)."""
    if edit.state == "kept":
        _end(edit, state, at)


def merged(edit: LetterEdit, composed: Composed) -> tuple[str, str] | None:
    """Subject and text of a letter with somebody's words and what is so now; None where the two cannot stand together."""
    subject = composed.subject if edit.subject == edit.of_subject else edit.subject
    untrue = set(edit.of_subject.split()) - set(composed.subject.split())
    if subject is edit.subject and untrue & set(subject.split()):
        return None  # it names a day, or another word, that the letter no longer does
    typed = _paragraphs(edit.text, edit.dear)
    try:
        changes = _changes(_paragraphs(edit.of_text, edit.dear), _paragraphs(composed.text.strip(), composed.dear))
    except TooDifferent:
        return None
    for was, now, before in changes:
        if was:
            place = _place_of(was, typed)
            if place is None:
                return None
            typed[place : place + len(was)] = now
        else:
            place = _place_of(before, typed) if before else -1
            if place is None:
                return None
            typed[place + 1 : place + 1] = now
    return subject, "\n\n".join(typed).replace(GREETING, composed.dear) + "\n"


def _paragraphs(text: str, dear: str) -> list[str]:
    """The paragraphs of a letter, the greeting of its own reader marked."""
    found = text.split("\n\n")
    return [GREETING, *found[1:]] if found[0] == dear else found


def _changes(was: list[str], now: list[str]) -> list[tuple[list[str], list[str], list[str]]]:
    """What differs between two letters: (paragraphs as they were, as they are, the one before where some are new)."""
    steps = steps_between(was, now)
    return [(was[a:b], now[c:d], was[a - 1 : a] if a else []) for name, a, b, c, d in steps if name != "equal"]


def _place_of(some: list[str], within: list[str]) -> int | None:
    """Where paragraphs stand together among others."""
    return next((n for n in range(len(within) - len(some) + 1) if within[n : n + len(some)] == some), None)


def _check(subject: str, text: str) -> None:
    """Refuse what is no letter."""
    if not subject:
        raise Refused(gettext("Enter the subject of the letter"))
    if not text:
        raise Refused(gettext("Enter the text of the letter"))
    if len(subject) > 300:
        raise Refused(gettext("Keep the subject to 300 characters"))
    if len(text) > LONGEST:
        raise Refused(gettext("Keep the letter to %(longest)s characters", longest=f"{LONGEST:,}"))
    if PLACEHOLDER in text + subject or GREETING in text:
        raise Refused(gettext("This letter holds a mark that is filled in when it is sent. Take it out"))


def _end(edit: LetterEdit, state: str, at: datetime) -> None:
    """Take edited words from the letter they waited for; they stay on record."""
    edit.state, edit.ended_at = state, at
    db.session.flush()


def attachments_of(*references: str) -> list[LetterAttachment]:
    """The files sent with letters about these records, in the order they were added."""
    found = [known("letter_files", one, partial(_attached_to, one)) for one in references]
    return sorted((row for rows in found for row in rows), key=lambda row: row.id)


def _attached_to(reference: str) -> list[LetterAttachment]:
    """The files sent with letters about one record."""
    return attachments_ahead([reference])[reference]


def attachments_ahead(references: Collection[str]) -> dict[str, list[LetterAttachment]]:
    """The same for several records, each by itself; one statement."""
    found: dict[str, list[LetterAttachment]] = {reference: [] for reference in references}
    rows = select(LetterAttachment).where(LetterAttachment.reference.in_(references), LetterAttachment.removed_at.is_(None))
    for one in db.session.scalars(rows.order_by(LetterAttachment.id)):
        found[one.reference].append(one)
    return found


def remove_attachment(attachment: LetterAttachment, *, within: str, by: Actor, at: datetime) -> None:
    """Send a file with no more letters; those it went with keep it."""
    if attachment.removed_at is not None:
        raise Refused(gettext("This attachment has been removed already"))
    attachment.removed_at, attachment.removed_by = at, by.reference
    db.session.flush()
    note("letter_attachment_removed", about=attachment.reference, within=within, by=by, at=at, sha256=attachment.sha256)
