"""A review being prepared, step by step: each step is kept as it is saved, and the last makes the review of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from scrutiny.agencies.queries import Answering, answering
from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_id
from scrutiny.extensions import db
from scrutiny.reviews.inviting import invite_partner
from scrutiny.reviews.models import Phase, Review, ReviewDraft
from scrutiny.reviews.service import add_body, add_line, begin_review, drop_line, plan_review, why_not
from scrutiny.reviews.timetable import phases_of_method
from scrutiny.rules.queries import methods as methods_here
from scrutiny.transaction import check_version
from workflows.method import Method
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.written_days import day_written

#: The steps in their order, with what each asks.
STEPS = {
    "place": lazy_gettext("Place and date"),
    "bodies": lazy_gettext("Who asks"),
    "method": lazy_gettext("Method"),
    "scope": lazy_gettext("Scope and lines of enquiry"),
    "agencies": lazy_gettext("Agencies to ask"),
}
#: A draft may be opened without these: then every agency that the method has questions for is asked.
OPTIONAL = ("agencies",)
LEFT_OUT = "Left out when the review was opened"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What has been answered so far, as values; what is not answered yet is empty."""

    codes: tuple[str, ...]
    place_on: date | None
    starts_on: date | None
    announced_on: date | None
    partners: tuple[Body, ...]
    observers: tuple[Body, ...]
    method: Method | None
    title: str
    reason: str
    in_scope: str
    out_of_scope: str
    subject: str
    lines: tuple[str, ...]
    own_lines: tuple[str, ...]
    services: tuple[str, ...]  # what the review is about; none for all
    left_out: frozenset[int]  # ids of agencies
    why_left_out: str


def start_draft(body_id: int, answers: dict[str, Any], *, by: Actor, at: datetime) -> ReviewDraft:
    """Begin to prepare a review, with the answers of its first steps."""
    draft = ReviewDraft(body_id=body_id, answers=answers, made_by=by.reference, saved_at=at)
    db.session.add(draft)
    db.session.flush()
    return draft


def save_step(draft: ReviewDraft, step: str, answers: dict[str, Any], *, seen: int | None, at: datetime) -> ReviewDraft:
    """Keep the answers of a step; refused where somebody else has saved since version `seen`."""
    check_version(draft, seen)
    _still_draft(draft)
    kept = {**draft.answers, step: answers}
    if step == "method" and answers != draft.answers.get("method"):
        # Its lines of enquiry are others, so that step is answered again; what was typed is offered there.
        kept["scope_before"] = {name: said for name, said in kept.pop("scope", _scope_of(draft)).items() if name != "lines"}
    if "agencies" in kept and _decides_whom(kept) != _decides_whom(draft.answers):
        kept["before"] = kept.pop("agencies")  # the choice is made again; what was typed is offered there
    draft.answers = kept
    draft.saved_at = at
    db.session.flush()
    return draft


def forget_draft(draft: ReviewDraft) -> None:
    """Throw a draft away: nobody has been asked anything."""
    _still_draft(draft)
    db.session.delete(draft)
    db.session.flush()


def prepared(draft: ReviewDraft) -> Prepared:
    """The answers of a draft as values."""
    place, bodies = draft.answers.get("place", {}), draft.answers.get("bodies", {})
    scope = _scope_of(draft)
    known = bodies_by_id([*bodies.get("partners", []), *bodies.get("observers", [])])
    method = methods_here().get(draft.answers.get("method", {}).get("key", ""))
    return Prepared(
        codes=tuple(place.get("codes", ())),
        place_on=_day(place.get("on")),
        starts_on=_day(place.get("starts_on")),
        announced_on=_day(place.get("announced_on")),
        partners=tuple(known[one] for one in bodies.get("partners", ()) if one in known),
        observers=tuple(known[one] for one in bodies.get("observers", ()) if one in known),
        method=method,
        title=scope.get("title", ""),
        reason=scope.get("reason", ""),
        in_scope=scope.get("in_scope", ""),
        out_of_scope=scope.get("out_of_scope", ""),
        subject=scope.get("subject", ""),
        lines=tuple(scope["lines"]) if "lines" in scope else tuple(line.key for line in method.lines) if method else (),
        own_lines=tuple(row.strip() for row in scope.get("own_lines", "").splitlines() if row.strip()),
        services=tuple(scope.get("services", ())),
        left_out=frozenset(draft.answers.get("agencies", {}).get("left_out", ())),
        why_left_out=draft.answers.get("agencies", draft.answers.get("before", {})).get("why", ""),
    )


def missing(draft: ReviewDraft) -> list[str]:
    """The steps still to be answered, in order."""
    return [step for step in STEPS if step not in draft.answers and step not in OPTIONAL]


def agencies_here(found: Prepared) -> list[Answering]:
    """Every agency that answers for the place."""
    if found.place_on is None:
        return []
    return answering([area_on(code, found.place_on).id for code in found.codes], found.place_on)


def agencies_to_ask(found: Prepared) -> list[Answering]:
    """The agencies that answer for the place and that the method has questions for, under the lines of enquiry chosen."""
    if found.method is None:
        return []
    questions = found.method.evidence
    kinds = {kind for item in questions if item.line in found.lines for kind in item.agencies}
    return [one for one in agencies_here(found) if one.kind in kinds]


def left_out_of(draft: ReviewDraft) -> tuple[frozenset[int], str]:
    """The ids of the agencies a draft leaves out, and why."""
    found = prepared(draft)
    return found.left_out, found.why_left_out


def provides(agency: Answering, services: Collection[str]) -> bool:
    """Whether an agency provides one of the services a review is about, or the review is about all of them."""
    return not services or not set(services).isdisjoint(agency.services)


def _scope_of(draft: ReviewDraft) -> dict[str, Any]:
    """The answers of the scope, or those from before another method was chosen."""
    scope: dict[str, Any] = draft.answers.get("scope", draft.answers.get("scope_before", {}))
    return scope


def _decides_whom(answers: dict[str, Any]) -> list[Any]:
    """The answers that decide which agencies there are to choose from, and which are proposed."""
    place, scope = answers.get("place", {}), answers.get("scope", {})
    return [place.get("codes"), place.get("on"), answers.get("method"), scope.get("lines"), scope.get("services")]


def obstacles(draft: ReviewDraft) -> list[str]:
    """Why these bodies may not use the chosen method, in sentences."""
    found = prepared(draft)
    return why_not(found.method, draft.body, found.partners) if found.method else []


def planned_phases(draft: ReviewDraft) -> list[Phase]:
    """The timetable the chosen method gives for the chosen start, in the nation of the body in the lead; none before both are."""
    found = prepared(draft)
    if found.method is None or found.starts_on is None:
        return []
    return phases_of_method(found.method, found.starts_on, draft.body.nation)


def open_draft(draft: ReviewDraft, *, by: Actor, at: datetime, later: bool = False) -> Review:
    """Make the review of a draft: opened now, or planned for `later`."""
    _still_draft(draft)
    left = missing(draft)
    if left:
        raise Refused(gettext("Answer “%(steps)s” first", steps=STEPS[left[0]]))
    found = prepared(draft)
    if found.method is None or found.place_on is None or found.starts_on is None:
        raise Refused(gettext("The method or a date is no longer there: open that step and choose again"))
    place = place_of([area_on(code, found.place_on) for code in found.codes], at=at)
    review = plan_review(
        title=found.title,
        place=place,
        place_on=found.place_on,
        method_key=found.method.key,
        lead=draft.body,
        starts_on=found.starts_on,
        by=by,
        at=at,
        reason=found.reason,
        in_scope=found.in_scope,
        out_of_scope=found.out_of_scope,
        subject=found.subject,
        invited=found.partners,
        announced_on=found.announced_on,
    )
    for body in found.partners:
        invite_partner(review, body, by=by, at=at)
    for body in found.observers:
        add_body(review, body, "observer", by=by, at=at)
    for text in found.own_lines:
        add_line(review, title="", text=text, by=by, at=at)
    for line in [line for line in review.lines if not line.key.startswith("own-") and line.key not in found.lines]:
        drop_line(review, line, why=LEFT_OUT, by=by, at=at)
    if not later:
        begin_review(review, by=by, at=at)
    draft.review = review
    db.session.flush()
    return review


def _still_draft(draft: ReviewDraft) -> None:
    """Refuse to change what has become a review."""
    if draft.review_id is not None:
        raise Refused(gettext("This review has been opened: change it on its own pages"))


def _day(text: str | None) -> date | None:
    """A day kept as text."""
    return day_written(text) if text else None
