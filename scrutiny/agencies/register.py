"""Many agencies at once: a register loaded from CSV, or agencies made from the areas of a kind; all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scrutiny.agencies.dated import check_days, holds_on
from scrutiny.agencies.intake import AgencyRow, Known, read_register
from scrutiny.agencies.models import Agency, AgencyCode, AgencyService, Footprint
from scrutiny.agencies.queries import agencies_called
from scrutiny.agencies.service import area_kinds_of, facts, kind_by_code, note_changes
from scrutiny.areas.models import Area
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.rules.queries import rules
from scrutiny.typed_text import folded
from workflows.refusals import Refused
from workflows.roles import Actor

Code = tuple[str, str]
#: How an agency is called after its area; a name that says it already is kept.
CALLED = {
    "police": ("{} Police", ("police", "constabulary")),
    "fire": ("{} Fire and Rescue", ("fire",)),
    "county": ("{} County Council", ("council",)),
    "district": ("{} Council", ("council",)),
    "unitary": ("{} Council", ("council",)),
    "metropolitan": ("{} Council", ("council",)),
    "london-borough": ("{} Council", ("council",)),
}


#: Kinds of remarks on a loading.
OF_FILE, NO_AREAS, AREA_NOT_LOADED, NO_KIND, COUNTED = "of_file", "no_areas", "area_not_loaded", "no_kind", "counted"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something whoever loads must know: its kind, and the sentence."""

    kind: str
    words: str


@dataclass
class Loaded:
    """What a loading did: names of the agencies added and changed, how many stayed as they were, and remarks."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    remarks: list[Remark] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For --json."""
        return {
            "loaded": self.count,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "warnings": self.warnings,
        }

    @property
    def warnings(self) -> list[str]:
        """The remarks in words."""
        return [remark.words for remark in self.remarks]

    @property
    def count(self) -> int:
        """How many agencies were read."""
        return len(self.added) + len(self.changed) + self.unchanged


def load_agencies(content: bytes, file_name: str, *, by: Actor, at: datetime) -> Loaded:
    """Load a register (CSV): agencies known by scheme and code are brought to what the file says, others are added.

    Several rows of one code are its periods, each with its own areas. Refused whole, naming lines and remedies.
    """
    held = rules()
    rows, notes = read_register(content, file_name, Known(held.agency_kinds, held.services, held.area_kinds))
    kinds = area_kinds_of(sorted({code for row in rows for _, code in row.areas}))
    loaded = Loaded(remarks=[Remark(OF_FILE, words) for words in notes])
    _check_areas(rows, kinds, file_name, loaded.remarks)
    known = _known([(row.scheme, row.code) for row in rows])
    _check_names(rows, known, file_name)
    for pair, periods in groupby(sorted(rows, key=lambda row: (row.scheme, row.code)), lambda row: (row.scheme, row.code)):
        _keep(known.get(pair), pair, sorted(periods, key=lambda row: row.from_on or date.min), kinds, loaded, by=by, at=at)
    return loaded


def agencies_from_areas(area_kind: str, *, on: date, by: Actor, at: datetime) -> Loaded:
    """Make an agency of each area of a kind that holds on a day (police, fire, icb, councils), named after it.

    Which kind of agency answers for it comes from its code (config/area_kinds.toml); one that has its code already stays.
    """
    kind = rules().area_kinds.get(area_kind)
    if kind is None or not kind.agencies:
        fit = [one.key for one in rules().area_kinds.values() if one.agencies]
        raise Refused(
            gettext(
                "No kind of agency answers for areas of the kind %(area_kind)s: choose one of %(fit)s",
                area_kind=area_kind,
                fit=", ".join(fit),
            )
        )
    rows = select(Area.code, Area.name, Area.name_cy).where(Area.kind == area_kind, holds_on(Area, on)).order_by(Area.code)
    areas = db.session.execute(rows).all()
    if not areas:
        raise Refused(
            gettext("No area of the kind %(area_kind)s holds on %(on)s: load its boundaries first", area_kind=area_kind, on=on)
        )
    loaded = Loaded()
    known = _known([("gss", area.code) for area in areas])
    taken = {folded(name) for name in db.session.scalars(select(Agency.name).order_by(Agency.name))}
    for code, name, name_cy in areas:
        agency_kind = kind.agency_kind_of(code)
        if ("gss", code) in known:
            loaded.unchanged += 1
        elif agency_kind is None:
            words = gettext(
                "%(code)s %(name)s: no kind of agency answers for codes that begin so; left out", code=code, name=name
            )
            loaded.remarks.append(Remark(NO_KIND, words))
        else:
            agency = Agency(
                name=_free(called_after(name, agency_kind), code, taken),
                name_cy=name_cy,
                kind=agency_kind,
                nation=kind.nation_of(code) or "england",
                codes=[AgencyCode(scheme="gss", code=code)],
                footprint=[Footprint(area_kind=area_kind, area_code=code)],
            )
            _add(agency, loaded, by=by, at=at)
    return loaded


def called_after(area_name: str, agency_kind: str) -> str:
    """What an agency of a kind is called after its area: Cumbria, police: Cumbria Police."""
    name = area_name.strip()
    if name.count(", ") == 1 and name.casefold().endswith((", city of", ", county of")):
        last, _, first = name.partition(", ")
        name = f"{first} {last}"  # official lists turn such names round: London, City of
    pattern, said = CALLED.get(agency_kind, ("{}", ()))
    return name if any(word in name.casefold() for word in said) else pattern.format(name)


def _free(name: str, code: str, taken: set[str]) -> str:
    """The name, told apart by its code where another agency has it."""
    free = name if folded(name) not in taken else f"{name} ({code})"
    taken.add(folded(free))
    return free


def _known(pairs: list[Code]) -> dict[Code, Agency]:
    """The agencies that have these codes, each with all its rows; the newest where two have one code."""
    rows = (
        select(AgencyCode.scheme, AgencyCode.code, Agency)
        .join(Agency, Agency.id == AgencyCode.agency_id)
        .where(AgencyCode.scheme.in_({scheme for scheme, _ in pairs}))
        .options(selectinload(Agency.codes), selectinload(Agency.footprint), selectinload(Agency.services))
        .order_by(Agency.id)
    )
    return {(scheme, code): agency for scheme, code, agency in db.session.execute(rows)}


def _check_areas(rows: list[AgencyRow], kinds: dict[str, str], file_name: str, remarks: list[Remark]) -> None:
    """Refuse a code no area could have; warn of one whose boundary is not loaded yet, and of an agency that serves nowhere."""
    for row in rows:
        for kind, code in row.areas:
            if code in kinds:
                continue
            if not kind and kind_by_code(code) is None:
                raise Refused(
                    gettext(
                        "%(file_name)s was not loaded. Line %(line)s: there is no area with the code %(code)s: load its boundary "
                        "first, write its kind before it (ward:%(code)s), or put the code right",
                        file_name=file_name,
                        line=row.line,
                        code=code,
                    )
                )
            words = gettext(
                "Line %(line)s: the area %(code)s is not loaded yet; %(name)s answers there once it is",
                line=row.line,
                code=code,
                name=row.name,
            )
            remarks.append(Remark(AREA_NOT_LOADED, words))
        if not row.areas:
            remarks.append(
                Remark(
                    NO_AREAS,
                    gettext(
                        "Line %(line)s: %(name)s has no areas, so it answers nowhere until it has", line=row.line, name=row.name
                    ),
                )
            )


def _check_names(rows: list[AgencyRow], known: dict[Code, Agency], file_name: str) -> None:
    """Refuse a name that another agency, with another code, has already."""
    by_name = agencies_called([row.name for row in rows])
    for row in rows:
        other = by_name.get(folded(row.name))
        if other is not None and known.get((row.scheme, row.code)) is not other:
            raise Refused(
                gettext(
                    "%(file_name)s was not loaded. Line %(line)s: there is an agency called %(other)s already, with another "
                    "code: give the code it has, or tell them apart by name",
                    file_name=file_name,
                    line=row.line,
                    other=other.name,
                )
            )


def _keep(
    agency: Agency | None, pair: Code, periods: list[AgencyRow], kinds: dict[str, str], loaded: Loaded, *, by: Actor, at: datetime
) -> None:
    """Bring one agency to what its rows say, or add it."""
    if agency is None:
        agency = Agency(codes=[AgencyCode(scheme=pair[0], code=pair[1])])
        _write(agency, periods, kinds)
        _add(agency, loaded, by=by, at=at)
        return
    before = facts(agency)
    _write(agency, periods, kinds)
    if note_changes(agency, before, by=by, at=at):
        loaded.changed.append(agency.name)
    else:
        loaded.unchanged += 1


def _add(agency: Agency, loaded: Loaded, *, by: Actor, at: datetime) -> None:
    """Keep a new agency and note it."""
    db.session.add(agency)
    db.session.flush()
    note("agency_added", about=agency.reference, by=by, at=at, kind=agency.kind, codes=[row.code for row in agency.codes])
    loaded.added.append(agency.name)


def _write(agency: Agency, periods: list[AgencyRow], kinds: dict[str, str]) -> None:
    """The newest row names the agency; every row gives its period of the footprint. A column left out changes nothing."""
    newest = periods[-1]
    agency.name, agency.kind = newest.name, newest.kind
    agency.from_on = None if any(row.from_on is None for row in periods) else periods[0].from_on
    ends = [row.to_on for row in periods if row.to_on]
    agency.to_on = max(ends) if len(ends) == len(periods) else None
    agency.email = newest.email if newest.email is not None else agency.email or ""
    agency.name_cy = newest.name_cy if newest.name_cy is not None else agency.name_cy or ""
    agency.other_names = newest.other_names if newest.other_names is not None else agency.other_names or ""
    agency.nation = newest.nation or _nation(newest, kinds) or agency.nation or "england"
    for column, value in newest.legal.items():
        setattr(agency, column, value)
    try:
        check_days(agency)
    except Refused as refused:
        raise Refused(
            gettext(
                "Nothing was loaded. Line %(line)s, %(newest)s: %(refused)s",
                line=newest.line,
                newest=newest.name,
                refused=refused,
            )
        ) from None
    _write_footprint(agency, list(_wanted(periods, kinds)))
    if newest.services is not None:
        held = {(row.service, row.excluded): row for row in agency.services}
        agency.services = [held.get(one) or AgencyService(service=one[0], excluded=one[1]) for one in newest.services]


def _wanted(periods: list[AgencyRow], kinds: dict[str, str]) -> Iterator[Footprint]:
    """The footprint the rows describe."""
    for row in periods:
        for kind, code in row.areas:
            found = kind or kinds.get(code) or kind_by_code(code)
            assert found, "checked before"
            yield Footprint(area_kind=found, area_code=code, from_on=row.from_on, to_on=row.to_on)


def _write_footprint(agency: Agency, wanted: list[Footprint]) -> None:
    """Rows that stay are kept, so that a loading repeated changes nothing."""
    held = {(row.area_kind, row.area_code, row.from_on): row for row in agency.footprint}
    footprint = []
    for row in wanted:
        kept = held.get((row.area_kind, row.area_code, row.from_on))
        if kept is not None:
            kept.to_on = row.to_on
        footprint.append(kept or row)
    agency.footprint = footprint


def _nation(row: AgencyRow, kinds: dict[str, str]) -> str | None:
    """The nation its areas' official codes belong to."""
    for kind, code in row.areas:
        found = rules().area_kinds.get(kind or kinds.get(code) or kind_by_code(code) or "")
        if found and found.nation_of(code):
            return found.nation_of(code)
    return None
