"""Everything the page of a place says, in a constant number of statements whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from flask_babel import gettext

from scrutiny.agencies.answering import grouped
from scrutiny.agencies.queries import Answering, answering
from scrutiny.areas import queries as areas
from scrutiny.areas.gaps import gaps_of, lacking_words
from scrutiny.areas.models import AreaLineage
from scrutiny.areas.places_here import places_here
from scrutiny.areas.queries import Overlap, Summary
from scrutiny.areas.succession import BECAME, ENDED, Resolved, ancestors, resolve_many
from scrutiny.challenges import queries as challenges
from scrutiny.challenges.models import Challenge
from scrutiny.editions.found_here import found_here
from scrutiny.editions.published import Published
from scrutiny.editions.recalling import notice
from scrutiny.geography.fields import GSS
from scrutiny.lineage.staged_areas import becomes
from scrutiny.opendata import records
from scrutiny.place_lookup.straddling import straddle
from scrutiny.public import drawing
from scrutiny.public.access import PlaceShown
from scrutiny.public.districts import Listed, districts
from scrutiny.public.drawing import Drawn, Layer
from scrutiny.recommendations.outcomes import record_of
from scrutiny.recommendations.records import Record
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import is_announced
from scrutiny.rules.queries import rules
from workflows.kinds import BODY_KINDS, Service
from workflows.powers import Asking, LegalBasis, find_basis
from workflows.refusals import Refused
from workflows.roles import Actor

#: Above this share of its land an area of another kind holds the place whole: borders drawn twice never quite meet.
WHOLE = 0.995


@dataclass(frozen=True, slots=True)
class Around:
    """The areas of one kind a place shares land with: those it lies in, and those that lie in it or across its border."""

    label: str
    lies_in: tuple[Overlap, ...]
    parts: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of body that may ask an agency about a service: what the agency must do then, and on what law."""

    body: str
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class ForService:
    """Who answers for one service, and who may ask them on what law."""

    service: Service
    answering: tuple[tuple[Answering, tuple[Asked, ...]], ...]


@dataclass(frozen=True, slots=True)
class Former:
    """The areas a place was made of until a day (None where no file tells it), each by its name."""

    names: tuple[str, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review in a list: `announced` is False where only members of its bodies see it, `former` True where it is of an
    area that this place was made of."""

    review: Review
    when: str
    announced: bool
    own: bool
    former: bool


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page of a place shows."""

    shown: PlaceShown
    size: Summary
    was: tuple[Former, ...]
    became: tuple[Resolved, ...]
    becomes: tuple[tuple[date, str], ...]
    drawn: Drawn
    layers: tuple[Layer, ...]
    groups: tuple[tuple[str, tuple[Answering, ...]], ...]
    around: tuple[Around, ...]
    beside: tuple[Listed, ...]
    services: tuple[Service, ...]
    for_service: ForService | None
    at: str
    at_point: tuple[Answering, ...]
    at_notes: tuple[str, ...]
    at_fault: str
    gaps: tuple[str, ...]
    reviews: tuple[ReviewRow, ...]
    reports: tuple[Published, ...]
    area_reports: tuple[Published, ...]
    withdrawn: tuple[str, ...]
    recommendations: tuple[Record, ...]
    challenges: tuple[Challenge, ...]
    sources: tuple[str, ...]

    def reviews_of(self, when: str) -> list[ReviewRow]:
        """The reviews that are 'now', 'planned' or 'past'."""
        return [row for row in self.reviews if row.when == when]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen on the page of a place: a layer of agencies for its map, a service, and a point as typed; '' if none."""

    layer: str = ""
    service: str = ""
    at: str = ""

    def besides(self, but: str) -> dict[str, str]:
        """What was chosen, by name, but for one and what is empty: a form carries it on."""
        return {name: value for name, value in asdict(self).items() if value and name != but}


def page_of(shown: PlaceShown, chosen: Chosen, *, by: Actor, today: date, asked_on: date | None = None) -> PlacePage:
    """The page of a place on a day, for whoever reads it."""
    ids = [area.id for area in shown.areas]
    size = areas.summary(shown.areas)
    found = answering(ids, shown.on)
    offered = drawing.layers(found)
    here = found_here(shown.codes, ids)
    near = here.places
    before = ancestors(shown.codes, shown.on)
    former = places_here({link.old_code for link in before}, []) if before else {}
    point, notes, fault = _at_point(chosen.at, shown)
    return PlacePage(
        shown=shown,
        size=size,
        was=_was(shown, before),
        became=_became(shown, today),
        becomes=tuple(becomes(shown.codes, max(shown.on, today))),
        drawn=drawing.draw(shown, found, drawing.chosen(chosen.layer, offered), size.people, asked_on),
        layers=tuple(offered),
        groups=tuple((group, tuple(members)) for group, members in grouped(found)),
        around=_around([one for one in _overlaps(ids, shown.on) if one.code not in shown.codes]),
        beside=districts(today).beside.get(shown.codes[0], ()) if len(shown.codes) == 1 and shown.on == today else (),
        services=tuple(_services(found)),
        for_service=_for_service(chosen.service, found, shown.on),
        at=chosen.at,
        at_point=point,
        at_notes=notes,
        at_fault=fault,
        gaps=tuple(gap.words for gap in gaps_of(shown.areas, shown.on)),
        reviews=_reviews(records.reviews_known(by, today, list(near | former)), near, former, today),
        reports=here.reports,
        area_reports=here.area_reports,
        withdrawn=tuple(notice(edition) for edition in here.withdrawn),
        recommendations=tuple(record_of(row, today) for row in here.recommendations),
        challenges=tuple(challenges.about_place(shown.codes)),
        sources=_sources(shown, size),
    )


def _overlaps(ids: Sequence[int], on: date) -> list[Overlap]:
    """What the place shares land with; small areas are only a measuring stick."""
    return areas.overlaps(ids, on, besides=[kind.key for kind in rules().area_kinds.values() if kind.measuring_stick])


def _around(overlaps: Sequence[Overlap]) -> tuple[Around, ...]:
    """What the place shares land with, kind by kind."""
    kinds = rules().area_kinds
    by_kind: dict[str, list[Overlap]] = {}
    for one in overlaps:
        by_kind.setdefault(one.kind, []).append(one)
    return tuple(
        Around(
            kinds[kind].plural if kind in kinds and len(held) > 1 else areas.kind_label(kind),
            tuple(one for one in held if one.share_of_area >= WHOLE),
            tuple(one for one in held if one.share_of_area < WHOLE),
        )
        for kind, held in by_kind.items()
    )


def _services(found: Sequence[Answering]) -> list[Service]:
    """The services somebody answers for here, in the order of the file."""
    answered = {service for one in found for service in one.services}
    return [service for service in rules().services.values() if service.key in answered]


def _for_service(key: str, found: Sequence[Answering], on: date) -> ForService | None:
    """Who answers for a service here, and who may ask them; None where none is chosen or it is not known."""
    service = rules().services.get(key)
    if service is None:
        return None
    rows = [(one, _who_may_ask(one, on, service.subject)) for one in found if key in one.services]
    return ForService(service, tuple(rows))


def _who_may_ask(one: Answering, on: date, subject: str | None) -> tuple[Asked, ...]:
    """The kinds of body that hold a power over this kind of agency on a day, about a service."""
    held = []
    for kind, label in BODY_KINDS.items():
        asking = Asking(kind, one.kind, on, nation=one.nation, subject=subject)
        basis = find_basis(rules().powers, asking)
        if basis.binds:
            held.append(Asked(label, basis))
    return tuple(held)


def _at_point(at: str, shown: PlaceShown) -> tuple[tuple[Answering, ...], tuple[str, ...], str]:
    """Who answers at a postcode or point exactly, and what must be said beside it; or why that cannot be said."""
    if not at:
        return (), (), ""
    try:
        found = areas.areas_at_text(at, shown.on)
    except Refused as refused:
        return (), (), refused.sentence
    there = {area.id for area in found}
    if there.isdisjoint(area.id for area in shown.areas):
        return (), (), gettext("%(at)s does not lie in %(place)s", at=at, place=shown.name)
    asked = straddle(at, shown.on)
    notes = [
        *(asked.notes if asked else []),
        *(gettext("%(not_found)s there", not_found=said) for said in lacking_words(found, shown.on)),
    ]
    return tuple(answering(there, shown.on, exactly=True)), tuple(notes), ""


def _was(shown: PlaceShown, before: Sequence[AreaLineage]) -> tuple[Former, ...]:
    """What the place was made of just before, by the day until which it was; codes older than the present form are left out."""
    names: dict[date | None, list[str]] = {}
    for link in before:
        if link.new_code in shown.codes and GSS.fullmatch(link.old_code):
            name = link.old_name or link.old_code
            if name == shown.name:
                name = gettext("%(name)s (with the code %(code)s)", name=name, code=link.old_code)
            if link.type in ("split", "boundary"):
                name = gettext("part of %(name)s", name=name)
            if name not in names.setdefault(link.on, []):
                names[link.on].append(name)
    return tuple(Former(tuple(held), on - timedelta(days=1) if on else None) for on, held in names.items())


def _became(shown: PlaceShown, today: date) -> tuple[Resolved, ...]:
    """What each area shown as it was on an earlier day is by now, where its code has been given up since."""
    gone = [area.code for area in shown.areas if area.to_on is not None and area.to_on < today]
    known = resolve_many(gone, today).values() if gone else []
    return tuple(one for one in known if one.standing in (BECAME, ENDED))


def _reviews(found: Sequence[Review], near: dict[int, bool], former: dict[int, bool], today: date) -> tuple[ReviewRow, ...]:
    """Reviews now, planned and past."""
    when = {"planned": "planned", "opened": "now"}
    return tuple(
        ReviewRow(
            review,
            when.get(review.state, "past"),
            is_announced(review, today),
            near.get(review.place_id, False),
            review.place_id in former and not near.get(review.place_id),
        )
        for review in found
    )


def _sources(shown: PlaceShown, size: Summary) -> tuple[str, ...]:
    """Where boundaries and counts come from, as their owners ask to be named."""
    return tuple(sorted({area.load.source for area in shown.areas if area.load.source} | ({size.people_from} - {""})))
