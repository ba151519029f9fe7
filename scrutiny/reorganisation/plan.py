"""Working a plan out: which areas become what, which agencies end, begin, carry on or follow, with which bodies and people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from scrutiny.agencies.dated import holds_on
from scrutiny.agencies.models import Agency, AgencyCode, Footprint
from scrutiny.agencies.register import called_after
from scrutiny.areas.models import Area
from scrutiny.areas.queries import areas_with_code
from scrutiny.extensions import db
from scrutiny.formats import number, short_day
from scrutiny.lineage.files import Link
from scrutiny.lineage.forming import (
    DAY,
    Formed,
    NewCode,
    form,
    joined,
    links_between,
    overlaps_among,
    shares_between,
    small_areas_in,
    taken_from_others,
)
from scrutiny.reorganisation.plan_input import NewArea, Plan
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

#: above this share of a new area's people (or land) an agency serves the whole of it
WHOLE = 0.995


@dataclass(frozen=True, slots=True)
class Heir:
    """A new area's council as successor, with the share (0..1) of the people, or of the land, that comes to it."""

    code: str
    share: float


@dataclass(frozen=True, slots=True)
class Ending:
    """An agency that ends, and its successors, the one with most people first."""

    agency: Agency
    heirs: tuple[Heir, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A council that begins to serve (`agency` where it is here already), and the areas (kind, code) it serves."""

    new: NewArea
    name: str
    kind: str
    email: str
    areas: tuple[tuple[str, str], ...]
    agency: Agency | None
    additions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Continuing:
    """An agency that carries on under a new code: footprint rows that end, areas it serves instead."""

    agency: Agency
    new: NewArea
    rows: tuple[Footprint, ...]
    areas: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Following:
    """An agency that goes on and serves new areas where it served old ones; `words` says which."""

    agency: Agency
    rows: tuple[Footprint, ...]
    areas: tuple[tuple[str, str], ...]
    words: str


@dataclass(slots=True)
class Worked:
    """A plan worked out for the areas and agencies there are; `faults` stand in the way of staging, `warnings` do not."""

    plan: Plan
    ending: list[Area] = field(default_factory=list)
    formed: list[Formed] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    beginnings: list[Beginning] = field(default_factory=list)
    continuing: list[Continuing] = field(default_factory=list)
    following: list[Following] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def shapes(self) -> dict[str, Any]:
        """The shape of each new area, by code."""
        return {one.code: one.shape for one in self.formed}

    @property
    def heirs(self) -> dict[int, tuple[Heir, ...]]:
        """The successors of each agency that ends, by its id."""
        return {one.agency.id: one.heirs for one in self.endings}

    def council_of(self, code: str) -> str:
        """What the council of a new area is called."""
        named = [one.name for one in self.beginnings if one.new.code == code]
        named += [one.new.council or one.agency.name for one in self.continuing if one.new.code == code]
        return next(iter(named), code)


def work_out(plan: Plan, *, today: date) -> Worked:
    """The plan worked out; what is wrong with it is among its faults, in sentences, and not refused."""
    worked = Worked(plan)
    if plan.on <= today:
        worked.faults.append(gettext("The day must be after today: %(on)s is not", on=short_day(plan.on)))
    for code in plan.ending:
        found = areas_with_code(code, plan.on - DAY)
        worked.ending += found
        if not found:
            worked.faults.append(
                gettext(
                    "No area with the code %(code)s holds on %(on)s: check it, or the day", code=code, on=short_day(plan.on - DAY)
                )
            )
    for new in plan.new:
        try:
            kinds = _kinds(new, worked.ending)
            worked.formed += form(NewCode(new.code, new.name, new.name_cy), kinds, new.made_of, on=plan.on)
        except Refused as refused:
            worked.faults.append(refused.sentence)
    if worked.ending and len({one.code for one in worked.formed}) == len(plan.new):
        _work_out_areas(worked)
        _work_out_agencies(worked)
    return worked


def _kinds(new: NewArea, ending: Sequence[Area]) -> list[str]:
    """The kinds a new area is of: those named; else those of the ending areas that its code or its parts belong to."""
    known = rules().area_kinds
    if unknown := [kind for kind in new.kinds if kind not in known or known[kind].measuring_stick]:
        raise Refused(
            gettext("%(code)s: there is no kind of area '%(unknown)s' that may be made so", code=new.code, unknown=unknown[0])
        )
    there = [kind for kind in known if kind in {area.kind for area in ending}]
    fitting = [kind for kind in there if known[kind].nation_of(new.code)]
    found = list(new.kinds) or fitting or [kind for kind in there if {a.code for a in ending if a.kind == kind} & {*new.made_of}]
    if not found:
        raise Refused(
            gettext("%(code)s does not look like the code of any kind of area that ends: name its kinds", code=new.code)
        )
    return found


def _work_out_areas(worked: Worked) -> None:
    """What becomes of each area that ends; and whether the new ones fit together and beside their neighbours."""
    plan = worked.plan
    worked.links, lost = links_between(worked.ending, worked.formed, plan.on)
    for area in worked.ending:
        parts = [link for link in worked.links if link.old_code == area.code]
        share = sum(link.share_of_area or 0 for link in parts if area.kind in _kinds_of(worked, link.new_code))
        if share < 1 - 0.005:
            lost_part = gettext("%(area)s (%(code)s) would lie only in part in the new areas", area=area.name, code=area.code)
            worked.faults.append(gettext("%(lost_part)s: every part must go somewhere", lost_part=lost_part))
    worked.warnings += [] if worked.faults else lost
    worked.faults += overlaps_among(worked.formed) + taken_from_others(worked.ending, worked.formed, plan.on)


def _kinds_of(worked: Worked, code: str) -> set[str]:
    """The kinds of a new area."""
    return {one.kind for one in worked.formed if one.code == code}


def _work_out_agencies(worked: Worked) -> None:
    """Which agencies end, carry on, begin and follow."""
    on = worked.plan.on
    new_keys = {(one.kind, one.code) for one in worked.formed}
    gone = {(area.kind, area.code) for area in worked.ending} - new_keys
    own = _owners({code for _, code in gone}, on)
    going_on = _carrying_on(worked, own)
    rows = _footprints(gone, on)
    for agency, code in own.items():
        if agency.id not in {one.id for one in going_on.values()}:
            worked.endings.append(Ending(agency, _heirs(worked, code)))
    ending_ids = {one.agency.id for one in worked.endings}
    for new in worked.plan.new:
        areas = tuple((one.kind, one.code) for one in worked.formed if one.code == new.code)[:1]
        held = going_on.get(new.code)
        if held is not None:
            left = tuple(row for row in rows.get(held.id, ()) if (row.area_kind, row.area_code) in gone)
            worked.continuing.append(Continuing(held, new, left, areas))
        elif new.code not in {area.code for area in worked.ending}:
            worked.beginnings += _beginning(worked, new, areas)
    kept = {one.agency.id for one in worked.continuing}
    for agency_id, on_gone in rows.items():
        if agency_id not in ending_ids | kept:
            worked.following.append(_following(worked, db.session.get_one(Agency, agency_id), on_gone))
    worked.endings.sort(key=lambda one: one.agency.name)
    worked.following.sort(key=lambda one: one.agency.name)


def _owners(codes: set[str], on: date) -> dict[Agency, str]:
    """The agencies that have these very codes as their own, and serve on the day before; in order of name."""
    rows = (
        select(Agency, AgencyCode.code)
        .join(AgencyCode, AgencyCode.agency_id == Agency.id)
        .where(AgencyCode.scheme == "gss", AgencyCode.code.in_(codes), holds_on(Agency, on - DAY))
        .order_by(Agency.name, Agency.id)
    )
    return dict(db.session.execute(rows).all())


def _carrying_on(worked: Worked, own: Mapping[Agency, str]) -> dict[str, Agency]:
    """The agencies that carry on, by new code: those the plan names, and those whose area only has another code."""
    by_code = {code: agency for agency, code in own.items()}
    found: dict[str, Agency] = {}
    for new in worked.plan.new:
        if new.continues:
            agency = next(iter(_owners({new.continues}, worked.plan.on)), None)
            if agency is None:
                worked.faults.append(
                    gettext(
                        "No agency has the code %(continues)s, which %(code)s is to continue: check the code",
                        continues=new.continues,
                        code=new.code,
                    )
                )
            else:
                found[new.code] = agency
            continue
        olds = {link.old_code for link in worked.links if link.new_code == new.code and link.type == "recode"}
        for agency in [by_code[code] for code in sorted(olds) if code in by_code]:
            if agency.kind == _agency_kind(new.code):
                found[new.code] = agency
    return found


def _agency_kind(code: str) -> str | None:
    """The kind of agency that answers for an area with this code."""
    return next(filter(None, (kind.agency_kind_of(code) for kind in rules().area_kinds.values())), None)


def _heirs(worked: Worked, code: str) -> tuple[Heir, ...]:
    """The new areas an old one becomes, that with most of its people first."""
    shares: dict[str, float] = defaultdict(float)
    for link in worked.links:
        if link.old_code == code:
            share = link.share_of_people if link.share_of_people is not None else link.share_of_area or 0.0
            shares[link.new_code] = max(shares[link.new_code], share)
    found = [Heir(new, share) for new, share in shares.items() if _has_council(worked, new)]
    return tuple(sorted(found, key=lambda heir: (-heir.share, heir.code)))


def _has_council(worked: Worked, code: str) -> bool:
    """Whether some kind of agency answers for a new area."""
    new = worked.plan.named(code)
    return _agency_kind(code) is not None or bool(new and (new.council or new.continues))


def _footprints(gone: set[tuple[str, str]], on: date) -> dict[int, list[Footprint]]:
    """The footprint rows on areas that go, and hold beyond them, by agency."""
    rows = select(Footprint).where(Footprint.area_code.in_({code for _, code in gone}), holds_on(Footprint, on - DAY))
    found: dict[int, list[Footprint]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(Footprint.agency_id, Footprint.id)):
        if (row.area_kind, row.area_code) in gone:
            found[row.agency_id].append(row)
    return found


def _beginning(worked: Worked, new: NewArea, areas: tuple[tuple[str, str], ...]) -> Iterator[Beginning]:
    """The council of a new area, if a kind of agency answers for such areas."""
    kind = _agency_kind(new.code) or ("unitary" if new.council else None)
    if kind is None:
        return
    rows = select(Agency).join(AgencyCode).where(AgencyCode.scheme == "gss", AgencyCode.code == new.code).order_by(Agency.id)
    there = db.session.scalars(rows).first()
    before = [one for one in worked.endings if any(heir.code == new.code for heir in one.heirs)]
    first = max(before, key=lambda one: _people_passed(worked, one, new.code), default=None)
    email = new.email or (there.email if there else "") or (first.agency.email if first else "")
    name = there.name if there else new.council or called_after(new.name, kind)
    yield Beginning(new, name, kind, email, areas, there, _additions(worked, before, kind))


def _people_passed(worked: Worked, ending: Ending, code: str) -> float:
    """How many people (or how much land) of an ending agency's area pass to a new one."""
    own = {row.code for row in ending.agency.codes}
    size = max((area.people or area.square_metres for area in worked.ending if area.code in own), default=0.0)
    return size * next(heir.share for heir in ending.heirs if heir.code == code)


def _additions(worked: Worked, before: Sequence[Ending], kind: str) -> tuple[str, ...]:
    """Services an ending agency answered for beyond its kind, which its successor's kind does not; the rest are named."""
    held = rules().services
    added: list[str] = []
    for one in before:
        for row in one.agency.services:
            if row.to_on is not None and row.to_on < worked.plan.on:
                continue
            service = held.get(row.service)
            title = service.title if service else row.service
            if row.excluded:
                said = gettext(
                    "%(agency)s does not answer for %(title)s: its successor will, unless you enter that again",
                    agency=one.agency.name,
                    title=title,
                )
                worked.warnings += [said] if said not in worked.warnings else []
            elif service is None or not service.is_answered_by(kind, one.agency.nation):
                added.append(row.service)
    return tuple(dict.fromkeys(added))


def _following(worked: Worked, agency: Agency, rows: Sequence[Footprint]) -> Following:
    """Where an agency that goes on serves from the day: whole new areas, or the small areas it served of one it shares."""
    on = worked.plan.on
    served = _served(agency, on)
    gets: list[tuple[str, str]] = []
    words: list[str] = []
    old = joined(served)
    for code, shape in worked.shapes.items():
        share = shares_between([old], [shape], on).get((0, 0))
        name = next(one.name for one in worked.formed if one.code == code)
        if share is None:
            continue
        cover = share.of_other_land if share.of_other_people is None else share.of_other_people
        if cover >= WHOLE:
            gets.append(next((one.kind, one.code) for one in worked.formed if one.code == code))
            words.append(gettext("all of %(name)s", name=name))
        elif parts := small_areas_in(old, shape, on):
            gets += parts
            words.append(
                ngettext(
                    "the part of %(name)s it serves now, as %(n)s small area",
                    "the part of %(name)s it serves now, as %(n)s small areas",
                    len(parts),
                    name=name,
                    n=number(len(parts)),
                )
            )
        else:
            worked.warnings.append(
                gettext(
                    "%(agency)s serves a part of %(name)s, and no small areas are loaded: enter which",
                    agency=agency.name,
                    name=name,
                )
            )
    return Following(agency, tuple(rows), tuple(gets), "; ".join(words))


def _served(agency: Agency, on: date) -> list[Area]:
    """The areas an agency serves on the day before."""
    rows = (
        select(Area)
        .join(Footprint, (Footprint.area_code == Area.code) & (Footprint.area_kind == Area.kind))
        .where(Footprint.agency_id == agency.id, holds_on(Footprint, on - DAY), holds_on(Area, on - DAY))
        .order_by(Area.id)
    )
    return list(db.session.scalars(rows))
