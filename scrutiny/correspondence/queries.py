"""Reading letters, emails and alerts; always in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.models import Alert, Letter, Posting
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.read_ahead import known
from workflows.labels import Labels, words_of

#: How each state is shown: its word, its shape and the tone that only tints it.
SHOWN = Labels(
    {
        "waiting": (lazy_gettext("Waiting"), "○", "waiting"),
        "posted": (lazy_gettext("Sent"), "✓", "done"),
        "failed": (lazy_gettext("Failed"), "!", "late"),
        "bounced": (lazy_gettext("Came back"), "!", "late"),
        "replaced": (lazy_gettext("Sent again"), "↻", "quiet"),
        "by_post": (lazy_gettext("Posted on paper"), "✓", "done"),
    },
    lambda state: (words_of(state).capitalize(), "·", "quiet"),
)
STATES = {state: word for state, (word, _, _) in SHOWN.items()}
#: States of a letter that somebody must do something about.
UNDELIVERED = ("failed", "bounced")
PER_PAGE = 50
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of letters."""

    letters: list[Letter]
    number: int
    pages: int
    count: int


def letter(letter_id: int) -> Letter | None:
    """One letter with the email it went in."""
    return db.session.scalar(select(Letter).options(joinedload(Letter.posting)).where(Letter.id == letter_id))


def letters(*, state: str = "", kind: str = "", words: str = "", page: int = 1) -> Page:
    """Letters newest first, filtered by state, kind, and words of the address or subject; fifty to a page."""
    wanted = _filtered(select(Letter), state, kind, words)
    count = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-count // PER_PAGE))
    number = min(max(page, 1), pages)
    rows = wanted.options(joinedload(Letter.posting)).order_by(Letter.id.desc())
    return Page(list(db.session.scalars(rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE))), number, pages, count)


def _filtered(rows: Select[Any], state: str, kind: str, words: str) -> Select[Any]:
    """The same rows, with the filters that were chosen."""
    if state in STATES:
        of_state = Posting.state == state
        rows = rows.outerjoin(Posting).where(or_(Letter.posting_id.is_(None), of_state) if state == "waiting" else of_state)
    if kind:
        rows = rows.where(Letter.kind == kind)
    for word in words.split()[:5]:
        rows = rows.where(or_(Letter.address.icontains(word, autoescape=True), Letter.subject.icontains(word, autoescape=True)))
    return rows


def counts(*, within: str = "") -> dict[str, int]:
    """How many letters are waiting, posted and failed, of all or of those read with one record ('review:2')."""
    state = func.coalesce(Posting.state, "waiting")
    rows = select(state, func.count(Letter.id)).outerjoin(Letter.posting).group_by(state).order_by(state)
    found = {row[0]: row[1] for row in db.session.execute(rows.where(Letter.within == within) if within else rows)}
    return {name: found.get(name, 0) for name in STATES}


def kinds() -> list[str]:
    """The kinds of letter written so far."""
    return list(db.session.scalars(select(Letter.kind).distinct().order_by(Letter.kind)))


def days_posted(reference: str, kinds: Collection[str]) -> list[date]:
    """The London days on which letters of some kinds about one record ('request:17') were posted, oldest first."""
    posted = known("posted", reference, lambda: posted_ahead([reference])[reference])
    return sorted({london_day(at) for kind, at in posted if kind in kinds})


def posted_ahead(references: Collection[str]) -> dict[str, list[tuple[str, datetime]]]:
    """The kind and moment of every letter posted about each of several records; one statement."""
    rows = (
        select(Letter.reference, Letter.kind, Posting.posted_at)
        .join(Posting, Posting.id == Letter.posting_id)
        .where(Letter.reference.in_(references), Posting.posted_at.is_not(None))
    )
    found: dict[str, list[tuple[str, datetime]]] = {reference: [] for reference in references}
    for reference, kind, posted_at in db.session.execute(rows):
        assert posted_at is not None  # by the condition above
        found[reference].append((kind, posted_at))
    return found


def letters_within(within: str, limit: int = 500) -> list[Letter]:
    """The letters read with one record ('review:2'), newest first."""
    rows = select(Letter).options(joinedload(Letter.posting)).where(Letter.within == within)
    return list(db.session.scalars(rows.order_by(Letter.id.desc()).limit(limit)))


def letters_about(reference: str) -> list[Letter]:
    """The letters about one record ('request:17'), oldest first."""
    rows = select(Letter).options(joinedload(Letter.posting)).where(Letter.reference == reference)
    return list(db.session.scalars(rows.order_by(Letter.id)))


def letters_in(posting_id: int) -> list[tuple[int, str]]:
    """The id and kind of each letter of one email, in the order they were written."""
    rows = select(Letter.id, Letter.kind).where(Letter.posting_id == posting_id).order_by(Letter.id)
    return [(letter_id, kind) for letter_id, kind in db.session.execute(rows)]


def undelivered(within: list[str]) -> list[Letter]:
    """The letters read with some records ('review:2') that failed or came back and nobody has dealt with, oldest first."""
    rows = select(Letter).join(Posting).options(joinedload(Letter.posting))
    rows = rows.where(Letter.within.in_(within), Posting.state.in_(UNDELIVERED))
    return list(db.session.scalars(rows.order_by(Letter.id)))


def letters_lost(reviews: Collection[int], told: Sequence[Select[int]]) -> list[tuple[int, int]]:
    """(review id, how many letters failed or came back and nobody has dealt with), but for those `told` otherwise."""
    within = {f"review:{review_id}": review_id for review_id in reviews}
    rows = (
        select(Letter.within, func.count(Letter.id))
        .join(Posting, Posting.id == Letter.posting_id)
        .where(Letter.within.in_(within), Posting.state.in_(UNDELIVERED), *(Letter.id.not_in(rows) for rows in told))
        .group_by(Letter.within)
        .order_by(Letter.within)
    )
    return [(within[plain], count) for plain, count in db.session.execute(rows)]


def mail(mail_id: int) -> IncomingMail | None:
    """One email that came in."""
    return db.session.get(IncomingMail, mail_id)


def mail_that_came(limit: int = 200) -> list[IncomingMail]:
    """What came in, newest first."""
    return list(db.session.scalars(select(IncomingMail).order_by(IncomingMail.id.desc()).limit(limit)))


def mail_unmatched() -> list[IncomingMail]:
    """What came in, could not be matched to a letter, and nobody has dealt with; oldest first."""
    rows = select(IncomingMail).where(IncomingMail.posting_id.is_(None), IncomingMail.dealt_at.is_(None))
    return list(db.session.scalars(rows.order_by(IncomingMail.id).limit(200)))


def mail_about(reference: str) -> list[IncomingMail]:
    """What came in about one record ('request:17'), newest first."""
    rows = select(IncomingMail).where(IncomingMail.about == reference)
    return list(db.session.scalars(rows.order_by(IncomingMail.id.desc()).limit(50)))


def envelope(posting_id: int) -> tuple[Posting, list[Letter]]:
    """One email as it is now, and the letters it holds, in the order they were written: one statement."""
    rows = select(Posting, Letter).join(Letter).where(Posting.id == posting_id).order_by(Letter.id)
    found = db.session.execute(rows.execution_options(populate_existing=True)).all()
    return found[0][0], [letter for _, letter in found]


def unposted(at: datetime, only: Collection[str] = ()) -> list[Letter]:
    """Letters (of some kinds) not yet in an email and not held back; those that go together stand together."""
    rows = select(Letter).where(_unposted(at, only))
    return list(
        db.session.scalars(
            rows.order_by(
                Letter.person, Letter.address, Letter.bundle, Letter.bundle_on, Letter.sender_name, Letter.reply_to, Letter.id
            )
        )
    )


def any_unposted(at: datetime, only: Collection[str] = ()) -> bool:
    """Whether there is a letter (of some kinds) to be put in an email."""
    return db.session.scalar(select(Letter.id).where(_unposted(at, only)).limit(1)) is not None


def _unposted(at: datetime, only: Collection[str]) -> ColumnElement[bool]:
    """Not yet in an email, and not held back."""
    free = and_(Letter.posting_id.is_(None), or_(Letter.not_before.is_(None), Letter.not_before <= at))
    return and_(free, Letter.kind.in_(only)) if only else free


def postings_due(at: datetime, only: Collection[str] = (), *, first: Collection[str] = ()) -> list[tuple[int, str]]:
    """The emails to post now, with their addresses: waiting, not put off, and held by no living claim.

    `only` those with letters of some kinds; those of the kinds that go `first` stand first, then the oldest.
    """
    due = and_(
        Posting.state == "waiting",
        or_(Posting.not_before.is_(None), Posting.not_before <= at),
        or_(Posting.claim.is_(None), Posting.claimed_until < at),
    )
    held = select(Letter.id).where(Letter.posting_id == Posting.id)
    rows = select(Posting.id, Posting.address).where(due)
    if only:
        rows = rows.where(held.where(Letter.kind.in_(only)).exists())
    rank = case((held.where(Letter.kind.in_(first)).exists(), 0), else_=1)
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(rank, Posting.id).limit(AT_ONCE))]


def alerts_for(about: str) -> list[Alert]:
    """The alerts about a place ('place:7') that were confirmed and not stopped, oldest first."""
    rows = select(Alert).where(Alert.about == about, Alert.confirmed_at.is_not(None), Alert.stopped.is_(False))
    return list(db.session.scalars(rows.order_by(Alert.id)))


def held_after(at: datetime) -> list[Letter]:
    """The letters held until a moment still to come, about a request, in the order they were written."""
    waiting = select(Letter).where(Letter.posting_id.is_(None), Letter.not_before > at, Letter.reference.startswith("request:"))
    return list(db.session.scalars(waiting.order_by(Letter.id)))


def letters_by_id(ids: Collection[int]) -> list[Letter]:
    """Several letters, by their ids; one statement."""
    return list(db.session.scalars(select(Letter).where(Letter.id.in_(ids)).order_by(Letter.id)))
