"""Boundaries, people and postcodes sent through the page: kept, then loaded in a process of its own that says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.areas import postcode_loading, queries, service
from scrutiny.areas.counted_people import CountResult, WorkedCount
from scrutiny.areas.foreseen import Foreseen, foresee
from scrutiny.areas.load_worker import Wanted, Worked
from scrutiny.areas.people_writing import written_in_parts
from scrutiny.areas.postcode_loading import PreparedPostcodes
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.lineage import service as lineage
from scrutiny.lineage.backfill import fill_shares
from scrutiny.loading.tasks import LoadTask, task_of
from scrutiny.transaction import take_turn, writes_now
from scrutiny.work import claims
from scrutiny.work.child_process import Teller, is_kept, say, start_child
from scrutiny.work.claims import Progress
from scrutiny.work.clock import Clock
from workflows.plain_values import to_plain
from workflows.refusals import Refused
from workflows.roles import NO_CAPACITY, OPERATOR_ACTOR, Actor

KIND = "boundaries"
PEOPLE, POSTCODES, LINEAGE = "people", "postcodes", "lineage"
#: what is loaded besides boundaries
TABLES = (PEOPLE, POSTCODES, LINEAGE)
GOING = ("waiting", "running")
LEASE = timedelta(minutes=15)
#: for how long a loading that came to nothing is told in the list
TOLD = timedelta(days=7)
#: for how long a file that was looked at waits to be loaded
LOOKED_AT = timedelta(days=1)
#: how long a file may lie aside before the row that tells of it must be there
UNTOLD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PostcodesLoaded:
    """What a loading of postcodes did: how many there are."""

    loaded: int


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a loading would do; nothing is stored."""

    foreseen: Foreseen


Prepared = Worked | service.LoadResult | WorkedCount | PreparedPostcodes | lineage.WorkedLineage
Result = LookedAt | service.LoadResult | CountResult | PostcodesLoaded | lineage.LineageResult


def begin(content: bytes, name: str, task: LoadTask, *, by: Actor, at: datetime) -> Progress:
    """Keep what was sent and note what is to be done with it."""
    if task.kind not in TABLES:
        service.area_kind(task.kind)
    aside = token_hex(16)
    kept = fitted.files().aside(aside).keep(content)
    progress = Progress(
        kind=KIND,
        title=name[:300],
        doing="waiting to begin",
        task=to_plain(replace(task, name=name, sha256=kept.sha256, aside=aside)),
        started_by=by.reference,
        started_at=at,
    )
    db.session.add(progress)
    db.session.flush()
    return progress


def begin_looked_at(looked: Progress, *, by: Actor, at: datetime) -> Progress:
    """Load a file that was looked at first; Refused where it has waited too long, or was loaded or dropped meanwhile."""
    if not _still_waits(looked, at):
        raise Refused(gettext("This file is no longer kept. Send it again"))
    task = replace(task_of(looked), look=False, meant=True)
    progress = Progress(
        kind=KIND, title=looked.title, doing="waiting to begin", task=to_plain(task), started_by=by.reference, started_at=at
    )
    db.session.add(progress)
    _note_answered(looked)
    db.session.flush()
    return progress


def drop_looked_at(looked: Progress, *, at: datetime) -> None:
    """Do not load a file that was looked at: the sweep erases it. Refused where it is loaded or dropped already."""
    if not _still_waits(looked, at):
        raise Refused(gettext("This file is no longer kept"))
    _note_answered(looked)
    db.session.flush()


def _note_answered(looked: Progress) -> None:
    """Somebody has said what is to become of a file."""
    looked.task = to_plain(replace(task_of(looked), answered=True))


def _still_waits(looked: Progress, at: datetime) -> bool:
    """Whether nobody else has said in this moment what is to become of a file: of two who do, one waits for the other."""
    take_turn(f"loading {looked.id}")
    db.session.refresh(looked)
    return waits_for_a_word(looked, at)


def waits_for_a_word(row: Progress, at: datetime) -> bool:
    """Whether a file was looked at, and is kept until somebody says whether it is to be loaded."""
    looked = row.state == "done" and bool(row.result and "foreseen" in row.result) and not task_of(row).answered
    return looked and row.ended_at is not None and row.ended_at > at - LOOKED_AT


def start(progress_id: int) -> None:
    """Start the process that carries a loading out."""
    start_child("areas", "carry-out", str(progress_id))


def under_way() -> list[Progress]:
    """The loadings sent through the page that wait or run, the newest first."""
    return _sent(Progress.state.in_(GOING))


def refused(at: datetime) -> list[Progress]:
    """The loadings of the last seven days that came to nothing, the newest first; not those sent again since."""
    ended = _sent(Progress.ended_at > at - TOLD, Progress.state.in_(("done", "failed", *GOING)))
    ended += [row for row in under_way() if row not in ended]
    newest: dict[tuple[str, str], int] = {}
    for row in ended:
        key = (task_of(row).kind, row.title)
        newest[key] = max(newest.get(key, 0), row.id)
    return [row for row in ended if row.state == "failed" and newest[task_of(row).kind, row.title] == row.id]


def _sent(*conditions: Any) -> list[Progress]:
    """Loadings sent through the page, the newest first."""
    return list(db.session.scalars(select(Progress).where(Progress.kind == KIND, *conditions).order_by(Progress.id.desc())))


def erase_left(*, at: datetime) -> int:
    """Erase the files of loadings that no longer wait or run, or that no row tells of; how many."""
    awaited = {task_of(row).aside for row in under_way()}
    awaited |= {task_of(row).aside for row in _sent(Progress.ended_at > at - LOOKED_AT) if waits_for_a_word(row, at)}
    left = [one for one in fitted.files().left_aside(at - UNTOLD) if one[0] not in awaited]
    for aside, sha256 in left:
        fitted.files().aside(aside).erase(sha256)
    return len(left)


def carry_out(progress_id: int, *, clock: Clock) -> None:
    """Claim a loading, do it, and say how it went; one that another has claimed is left alone."""
    if not is_kept(progress_id):
        return
    with writes_now():
        waits = db.session.get_one(Progress, progress_id).state in GOING
        token = claims.claim(Progress, progress_id, at=clock(), lease=LEASE) if waits else None
        if token:
            say(progress_id, state="running", doing="reading the file")
    if token is None:
        return
    row = db.session.get_one(Progress, progress_id)
    task, by = task_of(row), _actor(row.started_by)
    try:
        result = _done(progress_id, token, task, by, clock)
    except Refused as refused:
        _failed(progress_id, token, refused.sentence, clock())
    except Exception:
        _failed(
            progress_id, token, "The loading stopped by a fault of ours; nothing was loaded. The log has the details", clock()
        )
        raise
    else:
        if not isinstance(result, LookedAt):
            _erase(task)
        current_app.logger.info("loading %s: %s", progress_id, result)


def _done(progress_id: int, token: str, task: LoadTask, by: Actor, clock: Clock) -> Result:
    """The loading itself, or what it would do; its result."""
    with TemporaryDirectory(prefix="loading-") as folder:
        file = Path(folder) / "sent"
        file.write_bytes(fitted.files().aside(task.aside).read(task.sha256))
        tell = Teller(progress_id, token, clock, LEASE)
        worked = _worked(file, task, tell, clock)
        seen = _foreseen(worked, task)
        load_id = 0
        if isinstance(worked, PreparedPostcodes):
            load_id = postcode_loading.write_postcodes(worked, by=by, at=clock(), tell=tell)
        if isinstance(worked, WorkedCount):
            worked = written_in_parts(worked, by=by, at=clock())
        with writes_now():
            if not claims.publish(Progress, progress_id, token):
                raise Refused(gettext("Another process took this loading over; its result counts"))
            result = LookedAt(seen) if seen is not None else _written(worked, load_id, by, clock())
            say(progress_id, state="done", doing="", done=100, result=to_plain(result), ended_at=clock())
    if seen is None:
        fill_shares(worked, by=by, at=clock())
    return result


def _foreseen(worked: Prepared, task: LoadTask) -> Foreseen | None:
    """What a layer will change, where it is to be looked at first or is plainly of another kind; else None."""
    if not isinstance(worked, Worked):
        return None
    found = foresee(worked)
    return found if task.look or (found.looks_like and not task.meant) else None


def _worked(file: Path, task: LoadTask, tell: Callable[[float, str], None], clock: Clock) -> Prepared:
    """The heavy part, before anything is written."""
    if task.kind == POSTCODES:
        return postcode_loading.prepare_postcodes(file, place_crs=queries.place_crs(), name=task.name)
    if task.kind == PEOPLE:
        sent = service.CountFile(file, task.name, task.from_on, task.code_field or None, task.people_field or None)
        return service.prepare_people(sent, today=london_day(clock()))
    if task.kind == LINEAGE:
        return lineage.prepare_lineage(file, name=task.name)
    wanted = Wanted(
        file=file,
        name=task.name,
        kind=task.kind,
        from_on=task.from_on or london_day(clock()),
        to_on=task.to_on,
        source=task.source or "",
        code_field=task.code_field or None,
        name_field=task.name_field or None,
        crs=task.crs or None,
        whole_layer=task.whole_layer,
        replace=task.replace,
        merge_repeated=task.merge_repeated,
    )
    return service.prepare_layer(wanted, place_crs=queries.place_crs(), progress=tell)


def _written(worked: Prepared, load_id: int, by: Actor, at: datetime) -> Result:
    """The writing, inside the one transaction; of postcodes only that their load counts, for their rows are written."""
    if isinstance(worked, PreparedPostcodes):
        return PostcodesLoaded(postcode_loading.finish_load(worked, load_id, by=by, at=at))
    if isinstance(worked, WorkedCount):
        return service.load_people(worked, by=by, at=at)
    if isinstance(worked, lineage.WorkedLineage):
        result = lineage.load_lineage(worked, by=by, at=at)
        return replace(result, warnings=[lineage.result_words(result), *result.warnings])
    return service.load_layer(worked, by=by, at=at)


def _failed(progress_id: int, token: str, sentence: str, at: datetime) -> None:
    """Say why nothing was loaded; only while the claim is still ours."""
    with writes_now():
        if not claims.publish(Progress, progress_id, token):
            return
        say(progress_id, state="failed", doing="", fault=sentence, ended_at=at)
        task = task_of(db.session.get_one(Progress, progress_id))
    _erase(task)


def _erase(task: LoadTask) -> None:
    """Erase what was sent: it is loaded, or must be sent again."""
    fitted.files().aside(task.aside).erase(task.sha256)


def _actor(reference: str) -> Actor:
    """Who sent the file, as the audit trail names them."""
    if not reference.startswith("person:"):
        return OPERATOR_ACTOR
    return Actor(int(reference.removeprefix("person:")), "", NO_CAPACITY, administrator=True)
