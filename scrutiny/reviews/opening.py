"""A review being prepared, step by step: each step is kept as it is saved, and the last makes the review of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scrutiny.areas.queries import area_on, area_with_code, search
from scrutiny.areas.service import place_of
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_id
from scrutiny.extensions import db
from scrutiny.formats import listed
from scrutiny.reviews.inviting import invite_partner
from scrutiny.reviews.models import Review, ReviewDraft
from scrutiny.reviews.service import add_line, begin_review, drop_line, plan_review, why_not
from scrutiny.rules.queries import rules
from scrutiny.transaction import check_version
from workflows.method import Method
from workflows.refusals import Refused
from workflows.roles import Actor

#: The steps in their order, with what each asks.
STEPS = {"place": "Place and date", "bodies": "Who asks", "method": "Method", "scope": "Scope and lines of enquiry"}
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


def start_draft(body_id: int, answers: dict[str, Any], *, by: Actor, at: datetime) -> ReviewDraft:
    """Begin to prepare a review, with the answers of the first step."""
    draft = ReviewDraft(body_id=body_id, answers={"place": answers}, made_by=by.reference, saved_at=at)
    db.session.add(draft)
    db.session.flush()
    return draft


def save_step(draft: ReviewDraft, step: str, answers: dict[str, Any], *, seen: int | None, at: datetime) -> ReviewDraft:
    """Keep the answers of a step; refused where somebody else has saved since version `seen`."""
    check_version(draft, seen)
    _still_draft(draft)
    kept = {**draft.answers, step: answers}
    if step == "method" and answers != draft.answers.get("method"):
        kept["scope"] = {name: said for name, said in kept.get("scope", {}).items() if name != "lines"}
        if not kept["scope"]:
            del kept["scope"]
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
    scope = draft.answers.get("scope", {})
    known = bodies_by_id([*bodies.get("partners", []), *bodies.get("observers", [])])
    method = rules().methods.get(draft.answers.get("method", {}).get("key", ""))
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
    )


def missing(draft: ReviewDraft) -> list[str]:
    """The steps still to be answered, in order."""
    return [step for step in STEPS if step not in draft.answers]


def obstacles(draft: ReviewDraft) -> list[str]:
    """Why these bodies may not use the chosen method, in sentences."""
    found = prepared(draft)
    return why_not(found.method, draft.body, found.partners) if found.method else []


def open_draft(draft: ReviewDraft, *, by: Actor, at: datetime, later: bool = False) -> Review:
    """Make the review of a draft: opened now, or planned for `later`."""
    _still_draft(draft)
    left = missing(draft)
    if left:
        raise Refused(f"Answer “{STEPS[left[0]]}” first")
    found = prepared(draft)
    if found.method is None or found.place_on is None or found.starts_on is None:
        raise Refused("The method or a date is no longer there: open that step and choose again")
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
        observers=found.observers,
        announced_on=found.announced_on,
    )
    for body in found.partners:
        invite_partner(review, body, by=by, at=at)
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
        raise Refused("This review has been opened: change it on its own pages")


def _day(text: str | None) -> date | None:
    """A day kept as text."""
    return date.fromisoformat(text) if text else None


def codes_of(text: str, on: date) -> list[str]:
    """The codes of the places typed, as codes or names, parted by commas; refused where one is unknown or could be two."""
    return list(dict.fromkeys(_code_of(part.strip(), on) for part in text.split(",") if part.strip()))


def _code_of(typed: str, on: date) -> str:
    """The code of one place."""
    area = area_with_code(typed.upper(), on)
    if area is not None:
        return area.code
    found = search(typed, on, limit=6)
    same = [area for area in found if area.name.casefold() == typed.casefold()] or found
    if len({area.code for area in same}) == 1:
        return same[0].code
    if not same:
        raise Refused(f"No place called “{typed}” is known on that day: check the spelling, or give its code")
    offered = listed([f"{area.name} ({area.code})" for area in same])
    raise Refused(f"“{typed}” could be {offered}: give the code of the one you mean")
