"""Who answers: a member of an agency, or somebody its letters went to, who answers in the requests of those letters alone."""

from __future__ import annotations

from dataclasses import replace

from scrutiny import doors
from workflows.roles import Actor, Capacity


def actor() -> Actor:
    """Whoever asks; somebody let in by a letter acts for the agency in the pages of this room, and in no other request."""
    return as_answerer(doors.actor())


def as_answerer(by: Actor) -> Actor:
    """The actor as the doors of this room take it; everywhere else such a person acts for nobody."""
    capacity = by.capacity
    if capacity.kind != "request":
        return by
    # Somebody let in by other letters alone has none: 0 is no request, and it keeps the rest of the agency's closed.
    only = tuple(one.id or 0 for one in by.capacities if one.kind == "request" and one.agency == capacity.agency)
    return replace(by, capacity=Capacity("agency", capacity.agency, capacity.name, capacity.roles, only=only))
