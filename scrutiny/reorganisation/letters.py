"""The letters of the day: to those who asked, to those who now answer, to those who belonged to what has ended, to alerts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency, AgencyMembership
from scrutiny.areas.models import Place
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.correspondence.alerts import tell_alerts
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.reorganisation.affected import CheckMoving, ItemsMoving, RecommendationMoving, ReviewMoving
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.requests.queries import OPEN
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER

#: who of a body in the lead hears which agency answers now
ASKERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR)


class Told:
    """What was handed on, gathered as it is done, so that everybody gets one letter about all of it."""

    def __init__(self, row: Reorganisation, councils: Mapping[str, Agency]) -> None:
        self.row, self.councils = row, councils
        self.reviews: dict[Body, list[ReviewMoving]] = defaultdict(list)
        self.requests: dict[str, list[ItemsMoving]] = defaultdict(list)
        self.recommendations: dict[str, list[RecommendationMoving]] = defaultdict(list)
        self.checks: dict[str, list[CheckMoving]] = defaultdict(list)

    def write(self, kept: dict[str, Any], *, at: datetime) -> int:
        """Write every letter; how many."""
        written = self._to_askers(at) + self._to_successors(at)
        written += self._to_people(kept, at) + self._to_alerts(kept, at)
        return written

    def _to_askers(self, at: datetime) -> int:
        """To the officers of each body in the lead: which agency answers each of their requests now."""
        of_body: dict[Body, list[dict[str, Any]]] = defaultdict(list)
        for code, moved in self.requests.items():
            for one in moved:
                of_body[one.request.review.lead].append(self._request(one, code))
        written = 0
        for body, rows in of_body.items():
            for to in bodies.recipients(body, self.row.on, ASKERS):
                self._letter("requests_answered_by", to, f"askers:{body.id}", at, requests=rows, body=body.name)
                written += 1
        return written

    def _to_successors(self, at: datetime) -> int:
        """To each agency that takes something over: what it has to answer now."""
        written = 0
        for code in dict.fromkeys([*self.requests, *self.recommendations, *self.checks]):
            council = self.councils[code]
            values = {
                "agency": council.name,
                "requests": [self._request(one, code) for one in self.requests[code]],
                "recommendations": len(self.recommendations[code]),
                "checks": len(self.checks[code]),
            }
            found = agencies.recipients(council, self.row.on) or [Recipient(council.reference, "", council.name)]
            for to in found:
                self._letter("work_taken_over", to, f"successor:{council.id}", at, **values)
                written += 1
        return written

    def _to_people(self, kept: dict[str, Any], at: datetime) -> int:
        """To everybody who belonged to what has ended: whom they act for now."""
        written = 0
        for person, ended in self._people(kept):
            now = [one.name for one in bodies.capacities_of(person.id, self.row.on) if one.name not in ended]
            to = Recipient(person.reference, person.email, person.name, person.language)
            self._letter("body_ended", to, "people", at, ended=sorted(ended), now=now)
            written += 1
        return written

    def _people(self, kept: dict[str, Any]) -> Iterator[tuple[Person, set[str]]]:
        """Each person of ending agencies and bodies, with the names of these."""
        found: dict[Person, set[str]] = defaultdict(set)
        of_agencies = select(AgencyMembership).where(AgencyMembership.agency_id.in_([int(key) for key in kept["heirs"]]))
        of_bodies = select(BodyMembership).where(BodyMembership.body_id.in_([int(key) for key in kept["body_heirs"]]))
        for row in db.session.scalars(of_agencies.order_by(AgencyMembership.id)):
            if row.person.active and (row.to_on is None or row.to_on >= self.row.on):
                found[row.person].add(row.agency.name)
        for other in db.session.scalars(of_bodies.order_by(BodyMembership.id)):
            if other.person.active and (other.to_on is None or other.to_on >= self.row.on):
                found[other.person].add(other.body.name)
        yield from sorted(found.items(), key=lambda pair: pair[0].name)

    def _to_alerts(self, kept: dict[str, Any], at: datetime) -> int:
        """To those with an alert about a place that has ended: what it became, and where to ask for an alert about that."""
        written = 0
        places = [{"name": self.councils[code].name, "code": code} for code in self.councils]
        for place in db.session.scalars(select(Place).where(Place.id.in_(kept["places"])).order_by(Place.id)):
            written += len(
                tell_alerts(
                    place.reference,
                    "place_ended",
                    reference=self.row.plain,
                    at=at,
                    occasion=place.reference,
                    on=self.row.on,
                    slug=place.slug,
                    councils=places,
                )
            )
        return written

    def _request(self, one: ItemsMoving, code: str) -> dict[str, Any]:
        """A request as these letters name it."""
        was = agencies.agency(one.holder)
        due = [item.due_on for item in one.items if item.due_on and item.state in OPEN]
        return {
            "reference": one.request.reference,
            "title": one.request.review.title,
            "lead": one.request.review.lead.name,
            "was": was.name if was else "",
            "now": self.councils[code].name,
            "open": one.open,
            "items": len(one.items),
            "due_on": min(due, default=None),
            "address": f"/reviews/{one.request.review.reference}/requests/{one.request.slug}",
            "answer_at": f"/answering/{one.request.id}",
        }

    def _letter(self, kind: str, to: Recipient, occasion: str, at: datetime, **values: Any) -> None:
        """One letter of the day."""
        values = values | {"on": self.row.on, "title": self.row.title}
        write_letter(kind, to=to, reference=self.row.plain, at=at, occasion=occasion, **values)
