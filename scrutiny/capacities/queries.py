"""Which other capacity of somebody a page belongs to: what opens a page that is not there for the one they act in."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, request
from sqlalchemy import Select, func, select

from scrutiny.approving.models import Approval
from scrutiny.doors import actor
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck
from scrutiny.pages import today
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import holders
from scrutiny.reviews.models import Review, ReviewBody
from workflows.roles import Capacity

#: Part of an address → the request it leads to.
REQUESTS: dict[str, Callable[[int], Select[int]]] = {
    "request_id": lambda key: select(EvidenceRequest.id).where(EvidenceRequest.id == key),
    "item_id": lambda key: select(Item.request_id).where(Item.id == key),
}
#: Part of an address → the agency whose page it is.
AGENCIES: dict[str, Callable[[int], Select[int]]] = {
    "check_id": lambda key: select(func.coalesce(AccuracyCheck.keeper_id, AccuracyCheck.agency_id)).where(
        AccuracyCheck.id == key
    ),
    "addressee_id": lambda key: (
        select(Addressee.agency_id).join(Addressee.recommendation).where(Addressee.id == key, Recommendation.state == "made")
    ),
    "approval_id": lambda key: select(Approval.agency_id).where(Approval.id == key),
    "lodging_id": lambda key: select(Evidence.agency_id).join(Lodging).where(Lodging.id == key),
}


def init_app(app: Flask) -> None:
    """Let the page of an error offer the switch without knowing this room."""
    app.jinja_env.globals["capacities_that_open"] = capacities_that_open


def capacities_that_open() -> list[Capacity]:
    """The other capacities of whoever asks to which the page asked for belongs; it is told of nothing else."""
    by = actor()
    others = [one for one in by.capacities if one.reference != by.capacity.reference]
    if not others or request.method != "GET":
        return []
    owners = _owners()
    return [one for one in others if one.reference in owners]


def _owners() -> set[str]:
    """The bodies and agencies, as plain references, to which the record of this address belongs."""
    parts = request.view_args or {}
    found: set[str] = set()
    for name, rows in REQUESTS.items():
        if _is_key(parts.get(name)):
            found |= _of_request(db.session.scalar(rows(parts[name])))
    for name, rows in AGENCIES.items():
        if _is_key(parts.get(name)):
            found |= {f"agency:{key}" for key in db.session.scalars(rows(parts[name]))}
    if isinstance(parts.get("reference"), str):
        found |= _of_review(parts["reference"])
        slug = parts.get("slug")
        if isinstance(slug, str):
            named = select(EvidenceRequest.id).where(EvidenceRequest.reference == f"{parts['reference']}/{slug}")
            found |= _of_request(db.session.scalar(named))
    return found


def _is_key(value: object) -> bool:
    """Whether a part of an address can be the key of a record: both databases know numbers up to this one."""
    return isinstance(value, int) and value < 2**31


def _of_request(request_id: int | None) -> set[str]:
    """The agencies a request was sent to, or that hold an item of it now."""
    row = db.session.get(EvidenceRequest, request_id) if request_id is not None else None
    if row is None or row.state in ("drafted", "dropped"):
        return set()
    return {f"agency:{key}" for key in {row.agency_id, *holders(row, today()).values()}}


def _of_review(reference: str) -> set[str]:
    """The bodies that have a part in a review."""
    rows = select(ReviewBody.body_id).join(Review, Review.id == ReviewBody.review_id)
    return {f"body:{key}" for key in db.session.scalars(rows.where(Review.reference == reference, ReviewBody.to_on.is_(None)))}
