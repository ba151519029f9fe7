"""Opening, revising and ending reviews, and their bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Required, TypedDict, Unpack

from flask import Flask, current_app
from flask_babel import gettext

from scrutiny.areas.models import Place
from scrutiny.audit.service import digest, note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.formats import listed, london_day
from scrutiny.reviews import letters
from scrutiny.reviews.enquiry import (
    add_line,
    add_question,
    drop_line,
    propose_question,
    revise_line,
    revise_question,
    settle_question,
    standard_question,
    take_up_line,
)
from scrutiny.reviews.models import Line, Review, ReviewBody, ReviewEdition
from scrutiny.reviews.queries import is_announced, next_reference, part_of
from scrutiny.reviews.timetable import move_phase, phases_of_method, still_open
from scrutiny.rules.queries import method_of
from scrutiny.rules.queries import methods as methods_here
from scrutiny.rules.service import keep_method
from scrutiny.transaction import check_version
from workflows.lifecycles.review import REVIEW
from workflows.method import Method
from workflows.power_words import SUBJECTS
from workflows.refusals import Refused
from workflows.roles import Actor

__all__ = [
    "add_body",
    "add_line",
    "add_question",
    "announce",
    "begin_review",
    "close_review",
    "drop_line",
    "end_body",
    "move_phase",
    "open_review",
    "plan_review",
    "propose_question",
    "release_list",
    "report_review",
    "revise_line",
    "revise_question",
    "revise_review",
    "settle_question",
    "standard_question",
    "take_up_line",
    "tell_of_joining",
    "when_body_joins",
    "why_not",
    "withdraw_review",
]


#: Where the application keeps what other rooms do when a body joins a review.
JOINS = "body_joins_a_review"


class Wanted(TypedDict, total=False):
    """What is known of a review that is to be made, by name."""

    title: Required[str]
    place: Required[Place]
    place_on: Required[date]
    method_key: Required[str]
    lead: Required[Body]
    starts_on: Required[date]
    reason: str
    in_scope: str
    out_of_scope: str
    partners: Sequence[Body]
    observers: Sequence[Body]
    announced_on: date | None
    subject: str | None


def open_review(*, by: Actor, at: datetime, **wanted: Unpack[Wanted]) -> Review:
    """Open a review: its timetable and lines of enquiry come from the method; kinds of body it bars are refused in words."""
    return begin_review(plan_review(by=by, at=at, **wanted), by=by, at=at)


def _known_subject(subject: str | None) -> str | None:
    """What a review is about, where the law depends on it; refused where it is none of those known."""
    if subject and subject not in SUBJECTS:
        raise Refused(gettext("Choose what the review is about from the list: “%(subject)s” is not in it", subject=subject))
    return subject or None


def plan_review(*, by: Actor, at: datetime, invited: Sequence[Body] = (), **wanted: Unpack[Wanted]) -> Review:
    """Enter a review that is to be opened later; nothing is asked of anybody yet. A method that needs several bodies counts
    those `invited`, who join once they accept."""
    edition, lead = keep_method(wanted["method_key"], at=at), wanted["lead"]
    method = methods_here()[wanted["method_key"]]
    partners, observers = wanted.get("partners", ()), wanted.get("observers", ())
    for sentence in why_not(method, lead, [*partners, *invited]):
        raise Refused(sentence)
    if not wanted["title"].strip():
        raise Refused(gettext("Give the review a title"))
    today = london_day(at)
    parts = [("lead", lead), *(("partner", body) for body in partners), *(("observer", body) for body in observers)]
    review = Review(
        reference=next_reference(today.year),
        title=wanted["title"].strip(),
        reason=wanted.get("reason", ""),
        in_scope=wanted.get("in_scope", ""),
        out_of_scope=wanted.get("out_of_scope", ""),
        subject=method.subject or _known_subject(wanted.get("subject")),
        place=wanted["place"],
        place_on=wanted["place_on"],
        starts_on=wanted["starts_on"],
        announced_on=wanted.get("announced_on"),
        state=REVIEW.initial,
        made_by=by.reference,
        made_at=at,
        bodies=[ReviewBody(body=body, part=part, from_on=today) for part, body in parts],
        editions=[ReviewEdition(edition=edition, from_at=at, by=by.reference)],
        lines=[Line(key=line.key, position=n, title=line.title, text=line.text) for n, line in enumerate(method.lines, 1)],
        phases=phases_of_method(method, wanted["starts_on"], lead.nation),
    )
    db.session.add(review)
    db.session.flush()
    made = {"after": review.state, "method": method.name, "edition": edition.digest}
    made |= {"place": review.place.reference, "lead": lead.reference}
    note("review_planned", about=review.plain, within=review.plain, by=by, at=at, **made)
    return review


def why_not(method: Method, lead: Body, partners: Sequence[Body] = ()) -> list[str]:
    """Every reason why these bodies may not make a review under a method, in sentences."""
    found = [method.why_not_lead(lead.kind), *(method.why_not_join(body.kind) for body in partners)]
    if lead.nation not in method.nations:
        nations = listed([nation.replace("-", " ").title() for nation in method.nations])
        found.append(
            gettext(
                "The method “%(method)s” is for %(nations)s; %(lead)s is not there",
                method=method.title,
                nations=nations,
                lead=lead.name,
            )
        )
    if len({lead.id, *(body.id for body in partners)}) < method.least_bodies:
        found.append(
            gettext(
                "The method “%(method)s” needs %(least)s bodies or more taking part: add a partner",
                method=method.title,
                least=method.least_bodies,
            )
        )
    found += [
        gettext("%(body)s leads this review: it cannot be a partner too", body=body.name)
        for body in partners
        if body.id == lead.id
    ]
    return [sentence for sentence in found if sentence]


def begin_review(review: Review, *, by: Actor, at: datetime) -> Review:
    """Open a planned review."""
    before = review.state
    move = REVIEW.make("open", review, by=by)
    review.opened_at = at
    db.session.flush()
    note(move.event, about=review.plain, within=review.plain, by=by, at=at, before=before, after=review.state)
    return review


def revise_review(
    review: Review, *, title: str, reason: str, in_scope: str, out_of_scope: str, seen: int | None, by: Actor, at: datetime
) -> Review:
    """Change title, reason and scope; refused where somebody else has changed them since version `seen`."""
    check_version(review, seen)
    still_open(review)
    if not title.strip():
        raise Refused(gettext("Give the review a title"))
    wanted = {"title": title.strip(), "reason": reason, "in_scope": in_scope, "out_of_scope": out_of_scope}
    changed = {name: digest(value) for name, value in wanted.items() if getattr(review, name) != value}
    for name in changed:
        setattr(review, name, wanted[name])
    if changed:
        db.session.flush()
        note("review_revised", about=review.plain, within=review.plain, by=by, at=at, changed=changed)
    return review


def announce(review: Review, on: date | None, *, by: Actor, at: datetime) -> Review:
    """Set the day from which the public may know of the review; None keeps it private, which an announced one cannot be."""
    still_open(review)
    if review.announced_on is not None and review.announced_on <= london_day(at) and on != review.announced_on:
        raise Refused(gettext("This review has been announced: that cannot be undone"))
    review.announced_on = on
    db.session.flush()
    note("review_announced", about=review.plain, within=review.plain, by=by, at=at, on=on.isoformat() if on else "")
    return review


def release_list(review: Review, on: date, *, by: Actor, at: datetime) -> Review:
    """Let the public see, from a day on, what was asked and the answers marked open."""
    if review.announced_on is None or on < review.announced_on:
        raise Refused(gettext("Announce the review first: its requests cannot be public before it is"))
    review.list_released_on = on
    db.session.flush()
    note("review_list_released", about=review.plain, within=review.plain, by=by, at=at, on=on.isoformat())
    return review


def withdraw_review(review: Review, why: str, *, by: Actor, at: datetime) -> Review:
    """End a review before it is reported, with the reason; its requests are the business of a higher room."""
    if not why.strip():
        raise Refused(gettext("Say why the review is withdrawn: everybody who was asked is told"))
    if not is_announced(review, london_day(at)):
        review.announced_on = None  # what the public has not heard of, it does not hear of afterwards
    return _end("withdraw", review, why.strip(), by=by, at=at)


def close_review(review: Review, *, by: Actor, at: datetime) -> Review:
    """Close a reported review."""
    return _end("close", review, "", by=by, at=at)


def report_review(review: Review, *, by: Actor, at: datetime) -> Review:
    """Note that the report of a review is out; asked for by the room of reports."""
    before = review.state
    move = REVIEW.make("report", review, by=by)
    review.reported_at = at
    review.announced_on = review.announced_on or london_day(at)
    db.session.flush()
    note(move.event, about=review.plain, within=review.plain, by=by, at=at, before=before, after=review.state)
    return review


def add_body(review: Review, body: Body, part: str, *, by: Actor, at: datetime) -> ReviewBody:
    """Let a body join as partner or observer; a partner's kind must be one the method lets join."""
    still_open(review)
    if part not in ("partner", "observer"):
        raise Refused(gettext("A body joins as partner or as observer; the lead stays"))
    if part_of(review, body.id) is not None:
        raise Refused(gettext("%(body)s already has a part in this review", body=body.name))
    sentence = method_of(review.edition).why_not_join(body.kind) if part == "partner" else ""
    if sentence:
        raise Refused(sentence)
    row = ReviewBody(body=body, part=part, from_on=london_day(at))
    review.bodies.append(row)
    db.session.flush()
    note("body_joined", about=review.plain, within=review.plain, by=by, at=at, body=body.reference, part=part)
    if by.body != body.id:  # whoever accepts an invitation for it knows
        letters.body_added(review, row, at=at)
    tell_of_joining(review, row, at=at)
    return row


def when_body_joins(app: Flask, deed: Callable[[Review, ReviewBody, str, datetime], None]) -> None:
    """Let a higher room act when a body joins: it is given the name of the body that this one takes the place of, or ''."""
    app.extensions.setdefault(JOINS, []).append(deed)


def tell_of_joining(review: Review, row: ReviewBody, *, instead_of: str = "", at: datetime) -> None:
    """Tell the rooms that asked for it that a body has joined."""
    for deed in current_app.extensions.get(JOINS, ()):
        deed(review, row, instead_of, at)


def end_body(review: Review, row: ReviewBody, *, by: Actor, at: datetime) -> ReviewBody:
    """End a partner's or observer's part today; what it did stays."""
    if row.part == "lead":
        raise Refused(gettext("The body in the lead cannot leave its review: withdraw the review instead"))
    row.to_on = london_day(at)
    db.session.flush()
    note("body_left", about=review.plain, within=review.plain, by=by, at=at, body=row.body.reference, part=row.part)
    letters.body_removed(review, row, at=at)
    return row


def _end(name: str, review: Review, why: str, *, by: Actor, at: datetime) -> Review:
    """Make one of the moves that end a review."""
    before = review.state
    move = REVIEW.make(name, review, by=by)
    review.ended_why = why or review.ended_why
    db.session.flush()
    note(move.event, about=review.plain, within=review.plain, by=by, at=at, before=before, after=review.state, why=digest(why))
    return review
