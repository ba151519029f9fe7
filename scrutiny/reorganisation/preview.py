"""What a reorganisation would do, with people: everything in one frozen value, for the page, the command and the staging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from scrutiny.agencies import queries as agencies
from scrutiny.formats import number
from scrutiny.reorganisation import affected
from scrutiny.reorganisation.affected import CheckMoving, Chooser, ItemsMoving, PlaceEnding, RecommendationMoving, ReviewMoving
from scrutiny.reorganisation.bodies import BodyEnding, Moving, bodies_ending, moving
from scrutiny.reorganisation.plan import Worked, work_out
from scrutiny.reorganisation.plan_input import Plan
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import is_announced
from workflows.roles import AGENCY_ROLES, SCRUTINY_OFFICER


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything a plan would change on its day."""

    worked: Worked
    bodies: tuple[BodyEnding, ...]
    people: tuple[Moving, ...]
    reviews: tuple[ReviewMoving, ...]
    requests: tuple[ItemsMoving, ...]
    drafts: tuple[EvidenceRequest, ...]
    recommendations: tuple[RecommendationMoving, ...]
    checks: tuple[CheckMoving, ...]
    places: tuple[PlaceEnding, ...]
    today: date

    @property
    def plan(self) -> Plan:
        """The plan it is of."""
        return self.worked.plan

    @property
    def faults(self) -> list[str]:
        """What stands in the way of staging it."""
        return self.worked.faults

    @property
    def warnings(self) -> list[str]:
        """What somebody should look at, though nothing stands in the way."""
        return self.worked.warnings

    def title(self, review: Review) -> str:
        """A review by its title once it is announced; before that, whoever runs the instance knows of its reference alone."""
        return review.title if is_announced(review, self.today) else gettext("Not announced yet")

    def council(self, code: str) -> str:
        """The council of a new area, by name."""
        return self.worked.council_of(code)

    def body_after(self, body_id: int, code: str) -> str:
        """The body that follows one in a new area, by name."""
        return next(one.names[code] for one in self.bodies if one.body.id == body_id)


def preview(plan: Plan, *, today: date) -> Preview:
    """The plan worked out against all there is today; what is wrong with it is among its faults."""
    worked = work_out(plan, today=today)
    ending = bodies_ending(worked) if worked.endings else []
    people = moving(worked, ending) if worked.endings else []
    heirs: dict[int, Any] = dict(worked.heirs)
    of_bodies = {one.body.id: one.heirs for one in ending}
    chooser = Chooser(worked.shapes, plan.on)
    found = Preview(
        worked,
        tuple(ending),
        tuple(people),
        tuple(affected.reviews_moving(of_bodies, chooser)),
        tuple(affected.items_moving(heirs, chooser, today)),
        tuple(affected.drafts_left(heirs)),
        tuple(affected.recommendations_moving(heirs, chooser)),
        tuple(affected.checks_moving(heirs, chooser)),
        tuple(affected.places_ending([area.id for area in worked.ending], chooser)),
        today,
    )
    _warn(found)
    return found


def _warn(found: Preview) -> None:
    """Say where somebody or something would be left without anybody."""
    worked = found.worked
    answer = {code for one in found.people if one.role in AGENCY_ROLES for code in one.to}
    officers = {code for one in found.people if one.role == SCRUTINY_OFFICER for code in one.to}
    for begun in worked.beginnings:
        if begun.new.code not in answer:
            to = (
                gettext("letters go to %(email)s", email=begun.email)
                if begun.email
                else gettext("and it has no office email, so nobody would be told")
            )
            worked.warnings.append(gettext("Nobody who may sign in would answer for %(begun)s: %(to)s", begun=begun.name, to=to))
    for code in dict.fromkeys(one.to for one in found.reviews):
        if code not in officers:
            names = sorted({found.body_after(one.row.body_id, code) for one in found.reviews if one.to == code})
            worked.warnings.append(
                gettext("%(names)s would have no scrutiny officer, and takes over reviews: say who goes there", names=names[0])
            )
    for one in worked.endings:
        if not one.heirs:
            worked.faults.append(
                gettext(
                    "%(agency)s would end, and no council follows it: what it answers for would be lost", agency=one.agency.name
                )
            )
    if found.drafts:
        worked.warnings.append(
            ngettext(
                "%(n)s request to an agency that ends is drafted: issue it before the day, or leave it out",
                "%(n)s requests to agencies that end are drafted: issue them before the day, or leave them out",
                len(found.drafts),
                n=number(len(found.drafts)),
            )
        )


def plain(found: Preview) -> dict[str, Any]:
    """The preview in plain values: the JSON of `flask reorganisation preview`."""
    worked = found.worked
    return {
        "title": found.plan.title,
        "on": found.plan.on.isoformat(),
        "faults": list(worked.faults),
        "warnings": list(worked.warnings),
        "areas": [
            {
                "code": link.old_code,
                "name": link.old_name,
                "becomes": link.new_code,
                "new_name": link.new_name,
                "type": link.type,
                "share_of_people": _share(link.share_of_people),
                "share_of_area": _share(link.share_of_area),
            }
            for link in worked.links
        ],
        "new": [
            {
                "code": one.code,
                "name": one.name,
                "kind": one.kind,
                "people": one.people,
                "area_km2": round(one.square_metres / 1e6, 3),
                "loaded": one.area_id is not None,
            }
            for one in worked.formed
        ],
        "agencies": _agencies(worked),
        "bodies": [
            {"body": one.body.name, "ends": True, "becomes": [{"code": code, "body": name} for code, name in one.names.items()]}
            for one in found.bodies
        ],
        "people": [
            {"name": one.person.name, "role": one.role, "of": one.owner_name, "to": list(one.to), "why": one.why}
            for one in found.people
        ],
        "reviews": [
            {
                "review": one.review.reference,
                "title": found.title(one.review),
                "part": one.row.part,
                "was": one.row.body.name,
                "becomes": found.body_after(one.row.body_id, one.to),
            }
            for one in found.reviews
        ],
        "requests": [
            {
                "request": one.request.reference,
                "items": len(one.items),
                "open": one.open,
                "was": _name(one.holder),
                "becomes": found.council(one.to),
                "also": [found.council(code) for code in one.others],
            }
            for one in found.requests
        ],
        "drafts": [one.reference for one in found.drafts],
        "recommendations": [
            {
                "review": one.addressee.recommendation.review.reference,
                "number": one.addressee.recommendation.number,
                "state": one.addressee.state,
                "was": one.addressee.answerer.name,
                "becomes": found.council(one.to),
            }
            for one in found.recommendations
        ],
        "accuracy_checks": [
            {"review": one.check.review.reference, "was": one.check.answerer.name, "becomes": found.council(one.to)}
            for one in found.checks
        ],
        "places": [
            {"place": one.place.name, "reviews": one.reviews, "alerts": one.alerts, "becomes": list(one.to)}
            for one in found.places
        ],
    }


def _agencies(worked: Worked) -> dict[str, Any]:
    """What becomes of agencies, in plain values."""
    return {
        "end": [
            {
                "id": one.agency.id,
                "agency": one.agency.name,
                "becomes": [
                    {"code": heir.code, "agency": worked.council_of(heir.code), "share": _share(heir.share)} for heir in one.heirs
                ],
            }
            for one in worked.endings
        ],
        "begin": [
            {
                "code": one.new.code,
                "agency": one.name,
                "kind": one.kind,
                "email": one.email,
                "services": agencies.service_titles(one.kind, one.additions),
                "here": one.agency is not None,
            }
            for one in worked.beginnings
        ],
        "carry_on": [
            {"id": one.agency.id, "agency": one.agency.name, "code": one.new.code, "name": one.new.council}
            for one in worked.continuing
        ],
        "follow": [{"id": one.agency.id, "agency": one.agency.name, "serves": one.words} for one in worked.following],
    }


def _name(agency_id: int) -> str:
    """An agency by name."""
    found = agencies.agency(agency_id)
    return found.name if found else ""


def _share(share: float | None) -> float | None:
    """A share to six places."""
    return None if share is None else round(share, 6)
