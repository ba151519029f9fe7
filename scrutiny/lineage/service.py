"""Deeds of lineage: load what became of codes, with shares worked out from small areas where the file gives none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import delete, insert, select

from scrutiny.areas.load_worker import digest_of
from scrutiny.areas.models import Area, AreaLineage, AreaLoad
from scrutiny.areas.people_totals import people_shares, stick_for_layer
from scrutiny.areas.service import measuring_kinds
from scrutiny.areas.stored_layers import counts, newest_load, sticks
from scrutiny.areas.writing import chunks
from scrutiny.audit import service as audit
from scrutiny.extensions import db
from scrutiny.file_reading.tables import read_csv
from scrutiny.formats import london_day, number, short_day
from scrutiny.geography.best_fit import Stick
from scrutiny.geography.overlay import shared_land
from scrutiny.geography.shapes import from_rows, square_metres
from scrutiny.lineage.circles import open_past, refuse_circles
from scrutiny.lineage.files import Link, gaps, read_lineage
from workflows.refusals import Stale
from workflows.roles import Actor

DAY = timedelta(days=1)
Key = tuple[str, str, date | None]


@dataclass(frozen=True, slots=True)
class LineageResult:
    """What a loading of lineage did: links new, links known before, and links whose shares were worked out."""

    loaded: int
    known: int
    worked_out: int
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class WorkedLineage:
    """Lineage ready to be written, as seen when loading number `seen` was the newest; `shares` are of links stored before."""

    name: str
    sha256: str
    links: list[Link]
    shares: dict[int, Link]
    outdated: list[int]
    seen: int
    already: bool
    result: LineageResult


def prepare_lineage(file: Path, *, name: str | None = None) -> WorkedLineage:
    """Read and check a file of lineage and work out the shares it lacks, before anything is written."""
    name, sha256 = name or file.name, digest_of(file)
    table = read_csv(file.read_bytes())
    given = read_lineage(table.header, table.records(), name)
    stored = list(db.session.scalars(select(AreaLineage).order_by(AreaLineage.id)))
    refuse_circles(given, map(link_of, stored), name)
    held: dict[Key, AreaLineage] = {(row.old_code, row.new_code, row.on): row for row in stored}
    links, corrected, outdated = _beside(given, held)
    lacking = [row for row in stored if row.id not in corrected and row.id not in outdated and lacks(link_of(row))]
    shared = share_out([*links, *map(link_of, lacking)])
    shares = {row.id: link for row, link in zip(lacking, shared[len(links) :], strict=True) if link != link_of(row)}
    worked_out = len(shares) + sum(one != other for one, other in zip(links, shared, strict=False))
    again = _said_again(sha256, name)
    warnings = [*table.notes, *again, *gaps(shared), *open_past(given)]
    result = LineageResult(len(links), len(given) - len(links), worked_out, warnings)
    return WorkedLineage(
        name, sha256, shared[: len(links)], corrected | shares, sorted(outdated), newest_load(), bool(again), result
    )


def load_lineage(worked: WorkedLineage, *, by: Actor, at: datetime) -> LineageResult:
    """Write a prepared lineage; the same file again adds nothing but shares that can now be worked out."""
    if newest_load() != worked.seen:
        raise Stale(gettext("Another file was loaded meanwhile; start this one again so that the two are compared"))
    if worked.already and not worked.links and not worked.shares:
        return worked.result
    load = AreaLoad(
        kind="lineage",
        file_name=worked.name,
        sha256=worked.sha256,
        source=worked.name,
        loaded=len(worked.links),
        warnings=worked.result.warnings[:50],
        loaded_at=at,
        loaded_by=by.reference,
    )
    db.session.add(load)
    db.session.flush()
    for chunk in chunks(worked.outdated, 500):
        db.session.execute(delete(AreaLineage).where(AreaLineage.id.in_(chunk)))
    rows = [{key: value for key, value in asdict(link).items() if key != "line"} for link in worked.links]
    if rows:
        db.session.execute(insert(AreaLineage), [{**row, "source": worked.name, "load_id": load.id} for row in rows])
    for row_id, link in worked.shares.items():
        row = db.session.get_one(AreaLineage, row_id)
        row.share_of_people, row.share_of_area, row.type = link.share_of_people, link.share_of_area, link.type
    db.session.flush()
    audit.note("lineage_loaded", about=f"area_load:{load.id}", by=by, at=at, loaded=len(rows), sha256=worked.sha256)
    return worked.result


def _beside(given: Sequence[Link], held: dict[Key, AreaLineage]) -> tuple[list[Link], dict[int, Link], set[int]]:
    """The links that are new, those stored whose shares the file corrects, and the undated ones a dated link replaces.

    A file without days never adds to what is known with its day.
    """
    dated = {old for old, _, on in held if on is not None}
    links: list[Link] = []
    corrected: dict[int, Link] = {}
    now_dated = {link.old_code for link in given if link.on is not None}
    for link in given:
        row = held.get((link.old_code, link.new_code, link.on))
        if row is not None:
            people, land = link.share_of_people, link.share_of_area
            if {people, land} != {None} and (people, land) != (row.share_of_people, row.share_of_area):
                corrected[row.id] = link
        elif link.on is not None or link.old_code not in dated | now_dated:
            links.append(link)
    outdated = {row.id for (old, _, on), row in held.items() if on is None and old in now_dated}
    return links, {row_id: link for row_id, link in corrected.items() if row_id not in outdated}, outdated


def link_of(row: AreaLineage) -> Link:
    """A stored row as a link."""
    return Link(
        0, row.old_code, row.new_code, row.on, row.type, row.old_name, row.new_name, row.share_of_people, row.share_of_area
    )


def lacks(link: Link) -> bool:
    """Whether a link's day is known and a share of it is not."""
    return link.on is not None and (link.share_of_people is None or link.share_of_area is None)


def _said_again(sha256: str, name: str) -> list[str]:
    """What is said where these very bytes were loaded before."""
    rows = select(AreaLoad).where(AreaLoad.kind == "lineage", AreaLoad.sha256 == sha256).order_by(AreaLoad.id)
    load = db.session.scalars(rows).first()
    if load is None:
        return []
    return [
        gettext(
            "already loaded: %(name)s holds the same bytes as %(file_name)s, loaded on %(loaded_at)s",
            name=name,
            file_name=load.file_name,
            loaded_at=short_day(london_day(load.loaded_at)),
        )
    ]


def share_out(links: Sequence[Link]) -> list[Link]:
    """The same links, with the shares they lack worked out where the boundaries of both codes are loaded.

    Land by the polygons, people by the small areas whose point lies in both; what lacks a boundary stays as it is.
    """
    wanted = defaultdict(list)
    for at, link in enumerate(links):
        if lacks(link) and link.on is not None:
            wanted[link.on].append(at)
    found = list(links)
    measured = measuring_kinds()
    held = sticks(measured, counts()) if wanted else []
    for on, positions in wanted.items():
        olds = _shapes({links[at].old_code for at in positions}, on - DAY, before=True)
        news = _shapes({links[at].new_code for at in positions}, on, before=False)
        pairs = [
            (at, kind) for at in positions for kind in _kinds(olds, links[at].old_code) if (kind, links[at].new_code) in news
        ]
        first = dict(reversed(pairs))
        for kind in sorted(set(first.values())):
            chosen = [at for at in positions if first.get(at) == kind]
            stick = stick_for_layer(held, kind, on, measured)
            for at, (people, land) in zip(chosen, _shares([links[at] for at in chosen], kind, olds, news, stick), strict=True):
                link = found[at]
                found[at] = replace(
                    link,
                    share_of_people=people if link.share_of_people is None else link.share_of_people,
                    share_of_area=land if link.share_of_area is None else link.share_of_area,
                )
    return found


def _shapes(codes: set[str], on: date, *, before: bool) -> dict[tuple[str, str], Any]:
    """The shapes by kind and code: the last boundary begun by a day (`before`), else the first not ended by then.

    Layers are published for some years only, so the boundary of a change is often loaded from a later day.
    """
    found = {}
    for chunk in chunks(sorted(codes), 500):
        rows = select(Area.kind, Area.code, Area.shape).where(Area.code.in_(chunk))
        if before:
            rows = rows.where(Area.from_on <= on).order_by(Area.kind, Area.code, Area.from_on)
        else:
            rows = rows.where((Area.to_on.is_(None)) | (Area.to_on >= on)).order_by(Area.kind, Area.code, Area.from_on.desc())
        found.update({(row.kind, row.code): row.shape for row in db.session.execute(rows)})
    return found


def _kinds(shapes: dict[tuple[str, str], Any], code: str) -> list[str]:
    """The kinds that hold a code."""
    return [kind for kind, held in shapes if held == code]


def _shares(
    links: Sequence[Link], kind: str, olds: dict[tuple[str, str], Any], news: dict[tuple[str, str], Any], stick: Stick | None
) -> list[tuple[float | None, float]]:
    """The shares of people and of land that each old area gives to its new one."""
    old_codes, new_codes = sorted({link.old_code for link in links}), sorted({link.new_code for link in links})
    before, after = (from_rows(held[kind, code] for code in codes) for held, codes in ((olds, old_codes), (news, new_codes)))
    shared = shared_land(before, after)
    sizes = square_metres(before)
    people: list[float | None] = [None] * len(shared.first)
    if stick is not None:
        people = [share for _, share, _ in people_shares(stick, before, after, shared.first, shared.second)]
    known = {
        (old_codes[i], new_codes[j]): (share, min(land / sizes[i], 1.0))
        for i, j, land, share in zip(
            shared.first.tolist(), shared.second.tolist(), shared.square_metres.tolist(), people, strict=True
        )
    }
    return [known.get((link.old_code, link.new_code), (0.0 if stick else None, 0.0)) for link in links]


def result_words(result: LineageResult) -> str:
    """What a loading did, in a sentence."""
    return ngettext(
        "%(n)s link loaded, %(known)s known before, the shares of %(worked_out)s worked out from the boundaries loaded",
        "%(n)s links loaded, %(known)s known before, the shares of %(worked_out)s worked out from the boundaries loaded",
        result.loaded,
        n=number(result.loaded),
        known=f"{result.known:,}",
        worked_out=f"{result.worked_out:,}",
    )
