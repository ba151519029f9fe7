"""What the administrator's pages of bodies and people say."""

from __future__ import annotations

from scrutiny.bodies.letterheads import FIELDS
from scrutiny.bodies.models import Body
from scrutiny.widgets import SelectChoice
from workflows.kinds import BODY_KINDS
from workflows.workdays import NATIONS


def kinds() -> list[SelectChoice]:
    """The kinds of body."""
    return [SelectChoice(value=key, label=label) for key, label in BODY_KINDS.items()]


def nations() -> list[SelectChoice]:
    """The nations, by name."""
    return [SelectChoice(value=nation, label=nation_name(nation)) for nation in NATIONS]


def nation_name(nation: str) -> str:
    """england-and-wales: England and Wales."""
    return nation.replace("-", " ").title().replace(" And ", " and ")


def body_values(body: Body) -> dict[str, object]:
    """What the form shows of a body."""
    return {
        "name": body.name,
        "slug": body.slug,
        "kind": body.kind,
        "nation": body.nation,
        "name_cy": body.name_cy,
        "host": body.host_agency.name if body.host_agency else "",
        "from_on": body.from_on,
        "to_on": body.to_on,
        "legal_from": body.legal_from,
        "legal_to": body.legal_to,
        "elected_from": body.elected_from,
        "seats": body.seats,
        "quorum": body.quorum,
        "version": str(body.version),
    }


def letterhead_values(body: Body) -> dict[str, object]:
    """What the form shows of a body's letterhead."""
    head = body.letterhead
    return {field: getattr(head, field) if head else "" for field in FIELDS} | {"version": str(head.version) if head else ""}
