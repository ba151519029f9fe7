"""Naming who may open what agencies mark for people named only, and ending that; whoever it concerns is told."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.accounts.models import Person
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.evidence import letters, queries
from scrutiny.evidence.models import NamedReader
from scrutiny.evidence.named import has_lapsed, open_rows, why_not
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review
from workflows.refusals import Refused
from workflows.roles import Actor

#: States in which a review is over, so that nobody new may be named.
OVER = ("closed", "withdrawn")


def name_reader(review: Review, person: Person, body: Body, *, by: Actor, at: datetime) -> NamedReader:
    """Let a person of a body of the review open what is marked for those named; Refused with the reason where they may not."""
    if not queries.may_hold_personal(review):
        raise Refused(gettext("The method of this review does not let it hold anything in which people could be recognised"))
    if review.state in OVER:
        raise Refused(gettext("This review is over, so nobody new can be named"))
    if bar := why_not(person, body, review, london_day(at)):
        raise Refused(gettext("%(why)s: choose somebody else", why=bar))
    for held in open_rows(review):
        if (held.person_id, held.body_id) == (person.id, body.id):
            if not has_lapsed(held, london_day(at)):
                raise Refused(gettext("%(name)s is named already", name=person.name))
            _end(held, by=by, at=at)
    row = NamedReader(review=review, person=person, body=body, named_by=by.reference, named_at=at)
    db.session.add(row)
    db.session.flush()
    note("reader_named", about=review.plain, within=review.plain, by=by, at=at, person=person.id, body=body.reference)
    letters.reader_named(row, by=by, at=at)
    return row


def end_naming(row: NamedReader, *, by: Actor, at: datetime) -> None:
    """From now on the person opens it no longer; a second press changes nothing."""
    if row.ended_at is None:
        _end(row, by=by, at=at)
        letters.reader_no_longer_named(row, by=by, at=at)


def _end(row: NamedReader, *, by: Actor, at: datetime) -> None:
    """Write down that a naming has ended."""
    row.ended_by, row.ended_at = by.reference, at
    db.session.flush()
    about = row.review.plain
    note("reader_no_longer_named", about=about, within=about, by=by, at=at, person=row.person_id, body=row.body.reference)
