"""The doors of this room: reorganisations are prepared, staged and undone by administrators; to others they are not there."""

from __future__ import annotations

from flask import abort

from scrutiny.reorganisation import queries
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan_input import NewArea, Plan, read_plan
from workflows.roles import Actor


def reorganisation_to_keep(reference: str, by: Actor) -> Reorganisation:
    """The reorganisation, for an administrator; else 404."""
    found = queries.reorganisation(reference)
    if found is None or not by.administrator:
        abort(404)
    return found


def plan_to_change(reference: str, by: Actor) -> tuple[Reorganisation, Plan]:
    """One that is still being prepared, with its plan; one that is staged must be undone first, and has no such pages."""
    row = reorganisation_to_keep(reference, by)
    if row.state != "drafted":
        abort(404)
    return row, read_plan(row.plan)


def new_area_to_change(reference: str, code: str, by: Actor) -> tuple[Reorganisation, Plan, NewArea]:
    """A new area of such a plan."""
    row, plan = plan_to_change(reference, by)
    return row, plan, plan.named(code) or abort(404)
