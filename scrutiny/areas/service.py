"""Deeds of this room: load a layer of boundaries, a count of people, or postcodes; find or make a place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.areas.counted_people import CountResult, WorkedCount
from scrutiny.areas.load_worker import Progress, Wanted, Worked, digest_of, work
from scrutiny.areas.models import Area, AreaLoad, AreaNote, Place
from scrutiny.areas.people_totals import recount
from scrutiny.areas.people_writing import begin_load, refuse_stale, write_rows
from scrutiny.areas.stored_layers import counts, newest_load, sticks, stored_layers
from scrutiny.areas.unloading import record_of
from scrutiny.areas.writing import chunks, count_for_planner, end_rows, write_areas, write_overlaps, write_recounted
from scrutiny.audit import service as audit
from scrutiny.extensions import db
from scrutiny.file_reading.tables import read_csv
from scrutiny.formats import london_day, short_day
from scrutiny.geography.census import census_day, read_count
from scrutiny.geography.periods import NewLayer, Row, Settled, remarks, settle
from scrutiny.rules.queries import rules
from workflows.kinds import AreaKind
from workflows.refusals import Refused, Stale
from workflows.roles import Actor

MOST_WARNINGS = 50


@dataclass(frozen=True, slots=True)
class CodeRemark:
    """The code of an area that was repaired or passed over, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a loading of boundaries did."""

    kind: str
    loaded: int
    ended: list[str]
    repaired: list[CodeRemark]
    skipped: list[CodeRemark]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class CountFile:
    """A CSV of how many people live in each small area: its name, the day of the count, and its columns, where they are said."""

    file: Path
    name: str = ""
    as_at: date | None = None
    code_field: str | None = None
    people_field: str | None = None


def area_kind(key: str) -> AreaKind:
    """The kind of area of that key; Refused naming those there are."""
    kinds = rules().area_kinds
    if key not in kinds:
        raise Refused(
            gettext("There is no kind of area called '%(key)s': choose one of %(kinds)s", key=key, kinds=", ".join(kinds))
        )
    return kinds[key]


def prepare_layer(wanted: Wanted, *, place_crs: str, progress: Progress | None = None) -> Worked | LoadResult:
    """The heavy part of loading a layer, before anything is written; the same bytes again are only said to be loaded."""
    area_kind(wanted.kind)
    if wanted.to_on is not None and wanted.to_on < wanted.from_on:
        raise Refused(
            gettext("%(wanted)s: the last day is before the first: put --from and --to the other way round", wanted=wanted.name)
        )
    loaded = _already(wanted)
    return loaded or work(wanted, rules().area_kinds, place_crs=place_crs, progress=progress)


def load_layer(worked: Worked | LoadResult, *, by: Actor, at: datetime) -> LoadResult:
    """Write a prepared layer: its areas with their days, what it shares with other layers, and what it ended."""
    if isinstance(worked, LoadResult):
        return worked
    if newest_load() != worked.seen:
        raise Stale(gettext("Another layer was loaded meanwhile; start this one again so that the two are compared"))
    wanted = worked.wanted
    load = _noted(worked, by=by, at=at)
    settled = settled_days(worked)
    load.before = record_of(settled, _ends_of(settled), wanted.to_on)
    end_rows(settled)
    ids = write_areas(worked, settled, load)
    write_overlaps(worked, settled, ids)
    write_recounted(worked.again)
    db.session.add_all(AreaNote(load_id=load.id, code=code, text=text) for code, text in worked.notes)
    load.ended, load.loaded, load.warnings = settled.ended, len(ids), [*load.warnings, *remarks(settled)]
    db.session.flush()
    count_for_planner()
    audit.note(
        "boundaries_loaded",
        about=f"area_load:{load.id}",
        by=by,
        at=at,
        kind=wanted.kind,
        from_on=wanted.from_on.isoformat(),
        loaded=len(ids),
        ended=len(settled.ended),
        sha256=worked.sha256,
    )
    return _result(load)


def prepare_people(sent: CountFile, *, today: date) -> WorkedCount:
    """The heavy part of loading a count of people by small area: everybody's people and shares, worked out anew."""
    name = sent.name or sent.file.name
    table = read_csv(sent.file.read_bytes())
    count = read_count(table.header, table.records(), name, code_field=sent.code_field, people_field=sent.people_field)
    day = sent.as_at or census_day(name, [count.code_column, *table.header]) or today
    source = f"people counted on {day.day} {day:%B %Y} ({name})"[:200]
    measured = measuring_kinds()
    counted = counts()
    for code, n in count.people.items():
        counted.setdefault(code, {})[day] = (n, source)
    again = recount(stored_layers(), sticks(measured, counted), measured)
    known = set(db.session.scalars(select(Area.code).where(Area.kind.in_(measured))))
    unmatched = sorted(code for code in count.people if code not in known)
    warnings = list(table.notes)
    if unmatched and known:
        warnings.append(
            f"{len(unmatched):,} of {len(count.people):,} codes are of small areas whose boundary is not loaded "
            f"(the first: {', '.join(unmatched[:5])}); their people are kept, and counted when it is"
        )
    result = CountResult(
        len(count.people), sum(count.people.values()), day, len(count.people) - len(unmatched), unmatched, warnings
    )
    return WorkedCount(name, digest_of(sent.file), source, count.people, again, newest_load(), result)


def load_people(worked: WorkedCount, *, by: Actor, at: datetime) -> CountResult:
    """Let a prepared count of people count, with every figure that follows; its rows too, unless they are written already."""
    if worked.load_id:
        refuse_stale(worked)
    load = db.session.get_one(AreaLoad, worked.load_id) if worked.load_id else begin_load(worked, by=by, at=at)
    if not worked.load_id:
        write_rows(worked, sorted(worked.people), load.id)
    load.loaded, load.warnings = worked.result.loaded, worked.result.warnings
    write_recounted(worked.again)
    audit.note(
        "people_loaded",
        about=f"area_load:{load.id}",
        by=by,
        at=at,
        as_at=worked.result.as_at.isoformat(),
        loaded=len(worked.people),
        sha256=worked.sha256,
    )
    return worked.result


def measuring_kinds() -> list[str]:
    """The kinds of small area that people are counted in."""
    return [key for key, kind in rules().area_kinds.items() if kind.measuring_stick]


def place_of(areas: Sequence[Area], *, at: datetime) -> Place:
    """The place made of these areas: the same areas are the same place, whoever asks."""
    if not areas:
        raise Refused(gettext("A place needs at least one area: choose it by name, code or postcode"))
    chosen = sorted({area.id: area for area in areas}.values(), key=lambda area: (area.code, area.kind, area.from_on))
    key = hashlib.sha256("\n".join(f"{a.kind} {a.code} {a.from_on}" for a in chosen).encode()).hexdigest()
    found = db.session.scalar(select(Place).where(Place.key == key))
    if found is not None:
        return found
    transaction.take_turn("place")
    if (found := db.session.scalar(select(Place).where(Place.key == key))) is not None:
        return found
    slug = "+".join(area.code for area in chosen)[:100]
    there = db.session.scalar(select(Place).where(Place.slug == slug))
    if there is not None:
        if {area.id for area in there.areas} == {area.id for area in chosen}:
            return there
        slug = f"{slug}-{key[:8]}"
    names = [area.name for area in chosen]
    welsh = [area.name_cy or area.name for area in chosen] if any(area.name_cy for area in chosen) else []
    place = Place(key=key, slug=slug, name=_joined(names), name_cy=_joined(welsh), made_at=at, areas=list(chosen))
    db.session.add(place)
    db.session.flush()
    return place


def _joined(names: list[str]) -> str:
    """Names as one: 'A, B and C', cut where there are many."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) < 6 else f"{', '.join(names[:4])} and {len(names) - 4} more"


def _already(wanted: Wanted) -> LoadResult | None:
    """What is said where these very bytes were loaded as this kind for this period before."""
    if wanted.replace:
        return None
    rows = (
        select(AreaLoad)
        .where(
            AreaLoad.sha256 == digest_of(wanted.file),
            AreaLoad.undone_at.is_(None),
            AreaLoad.kind == wanted.kind,
            AreaLoad.from_on == wanted.from_on,
            AreaLoad.to_on.is_(None) if wanted.to_on is None else AreaLoad.to_on == wanted.to_on,
        )
        .order_by(AreaLoad.id)
    )
    load = db.session.scalars(rows).first()
    if load is None:
        return None
    when = short_day(london_day(load.loaded_at))
    said = f"already loaded: {wanted.name} holds the same bytes as {load.file_name}, loaded on {when}"
    return LoadResult(wanted.kind, 0, [], [], [], [said])


def _noted(worked: Worked, *, by: Actor, at: datetime) -> AreaLoad:
    """The row of this loading."""
    wanted, layer = worked.wanted, worked.layer
    notes = [text for _, text in worked.notes]
    said = [*layer.warnings, *notes[:MOST_WARNINGS]]
    if len(notes) > MOST_WARNINGS:
        said.append(f"and {len(notes) - MOST_WARNINGS} more remarks on overlaps and gaps")
    load = AreaLoad(
        kind=wanted.kind,
        from_on=wanted.from_on,
        to_on=wanted.to_on,
        whole_layer=wanted.whole_layer,
        file_name=wanted.name,
        sha256=worked.sha256,
        source=wanted.source or wanted.name,
        repaired=[list(one) for one in layer.repaired],
        skipped=[list(one) for one in layer.skipped],
        warnings=said,
        coverage=worked.coverage,
        loaded_at=at,
        loaded_by=by.reference,
    )
    db.session.add(load)
    db.session.flush()
    return load


def settled_days(worked: Worked) -> Settled:
    """The days of the new rows beside those there are."""
    wanted = worked.wanted
    rows = select(Area.id, Area.code, Area.from_on, Area.to_on).where(Area.kind == wanted.kind).order_by(Area.id)
    whole = (
        select(AreaLoad.from_on)
        .where(AreaLoad.kind == wanted.kind, AreaLoad.whole_layer.is_(True), AreaLoad.undone_at.is_(None))
        .order_by(AreaLoad.from_on)
    )
    later = [day for day in db.session.scalars(whole) if day is not None and day > wanted.from_on]
    layer = NewLayer(
        codes=worked.layer.codes,
        from_on=wanted.from_on,
        to_on=wanted.to_on,
        in_file=[code for code, _ in worked.layer.skipped],
        whole_layer=wanted.whole_layer,
        replace=wanted.replace,
        later_layers=later,
    )
    return settle(layer, (Row(*row) for row in db.session.execute(rows)))


def _ends_of(settled: Settled) -> dict[int, date | None]:
    """Until when the rows that a loading ends have held so far."""
    found: dict[int, date | None] = {}
    for chunk in chunks(sorted(settled.ends), 500):
        found |= {row.id: row.to_on for row in db.session.execute(select(Area.id, Area.to_on).where(Area.id.in_(chunk)))}
    return found


def _result(load: AreaLoad) -> LoadResult:
    """A loading's row as its result."""
    return LoadResult(
        load.kind,
        load.loaded,
        list(load.ended),
        [CodeRemark(code, why) for code, why in load.repaired],
        [CodeRemark(code, why) for code, why in load.skipped],
        list(load.warnings),
    )
