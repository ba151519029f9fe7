"""What the administrator's machine page and the health checks look at."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex

from flask import current_app
from flask_babel import gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from scrutiny import transaction
from scrutiny.adapters import fitted
from scrutiny.adapters.files import STORE_FAULTS
from scrutiny.audit import held
from scrutiny.correspondence.models import Posting
from scrutiny.editions.models import Edition, EditionFile
from scrutiny.evidence.queries import uses_of
from scrutiny.extensions import db
from scrutiny.reports.models import Signature
from scrutiny.stored_files import stored
from scrutiny.upkeep.models import BackupMade, InstanceFact, JobRun
from workflows.refusals import Refused

log = logging.getLogger(__name__)
#: Backups are for each night; one that was missed is made good the next.
BACKUP_OLD = timedelta(days=2)
#: The fact that is written to see whether anything can be.
PROBE = "written"


def latest_backup() -> BackupMade | None:
    """The newest backup noted here."""
    return db.session.scalar(select(BackupMade).order_by(BackupMade.made_at.desc()).limit(1))


def failures(limit: int = 20) -> list[JobRun]:
    """The newest runs that failed."""
    return list(db.session.scalars(select(JobRun).where(JobRun.fault != "").order_by(JobRun.id.desc()).limit(limit)))


def letters_by_state() -> dict[str, int]:
    """How many emails are waiting, posted and failed."""
    rows = db.session.execute(select(Posting.state, func.count()).group_by(Posting.state).order_by(Posting.state))
    return {state: count for state, count in rows}  # noqa: C416  # rows are not pairs to mypy


@held.anchors
def anchors() -> Iterator[held.Anchor]:
    """Where the trail stood in each backup noted here."""
    for made in db.session.scalars(select(BackupMade).order_by(BackupMade.id)):
        yield held.Anchor(
            gettext("The backup %(file_name)s", file_name=made.file_name), made.audit_number, made.audit_digest, made.made_at
        )


def named(sha256: str) -> str:
    """What stored bytes are, for whoever looks after the machine: where they are used, never what a file is called."""
    uses = [
        gettext("file %(number)s of evidence from %(agency)s", number=use.id, agency=use.evidence.agency.name)
        for use in uses_of(sha256)
    ]
    editions = select(Edition).join(EditionFile, EditionFile.edition_id == Edition.id).where(EditionFile.sha256 == sha256)
    for edition in db.session.scalars(editions.order_by(Edition.id)):
        uses.append(gettext("edition %(number)s of report %(report)s", number=edition.number, report=edition.report.reference))
    papers = select(Signature).where(Signature.paper_sha256 == sha256).order_by(Signature.id)
    uses += [gettext("the paper signed for %(body)s", body=paper.body.name) for paper in db.session.scalars(papers)]
    return ", ".join(uses) or gettext("a file that nothing uses")


def machine_warnings(at: datetime) -> list[str]:
    """What an administrator should look at though the service runs: backups out of date, stored files missing or damaged."""
    found = []
    backup = latest_backup()
    if backup is None:
        found.append(gettext("No backup has been made here yet: run flask backup FILE on the server"))
    elif at - backup.made_at > BACKUP_OLD:
        days = (at - backup.made_at).days
        found.append(
            ngettext("The last backup is %(num)s day old.", "The last backup is %(num)s days old.", days)
            + " "
            + gettext("Run flask backup FILE on the server each night")
        )
    for row in stored.faulty():
        fault = gettext("missing") if row.fault == stored.MISSING else gettext("damaged")
        found.append(gettext("A stored file is %(fault)s: %(what)s", fault=fault, what=named(row.sha256)))
    for what in sorted(current_app.extensions.get("broken_seals", set())):
        found.append(gettext("%(what)s has changed since it was sealed, and is not shown", what=what))
    return found + [
        gettext("Found last night: %(fault)s. Run flask audit verify", fault=fault) for fault in faults_of_the_night()
    ]


def faults_of_the_night() -> list[str]:
    """What the newest look at trail and seals found changed, each in a sentence; a look that failed is one too."""
    last = db.session.scalar(select(JobRun).where(JobRun.name == "check_seals").order_by(JobRun.id.desc()).limit(1))
    if last is None:
        return []
    return [gettext("The audit trail and the seals could not be checked")] if last.fault else last.did.splitlines()[1:]


def faulty_files() -> list[str]:
    """The stored files that are missing or damaged, by the beginning of their digest, and the seals found broken."""
    broken: set[str] = current_app.extensions.get("broken_seals", set())
    changed = [gettext("%(what)s has changed since it was sealed", what=what) for what in sorted(broken)]
    changed += [fault for fault in faults_of_the_night() if fault not in changed]
    return [
        gettext("Stored file %(sha256)s is %(fault)s", sha256=row.sha256[:12], fault=row.fault) for row in stored.faulty()
    ] + changed


def not_ready(at: datetime, *, runs_timetable: bool) -> list[str]:
    """What keeps this instance from its work: each in a sentence; none when it is ready."""
    found = [fault for fault in (_cannot_write(at), _cannot_keep()) if fault]
    last = db.session.scalar(select(func.max(JobRun.ended_at)).where(JobRun.name == "sweep"))
    if runs_timetable and (last is None or at - last > timedelta(minutes=5)):
        found.append(gettext("The timetable has not run for five minutes"))
    oldest = db.session.scalar(select(func.min(Posting.made_at)).where(Posting.state == "waiting"))
    if oldest is not None and at - oldest > timedelta(hours=1):
        found.append(gettext("A letter has waited to be posted for more than an hour"))
    return found


def _cannot_write(at: datetime) -> str:
    """Why the database cannot be written to, found by writing to it and reading back; '' where it can."""
    wanted = at.isoformat()
    try:
        with transaction.writes_now():
            db.session.merge(InstanceFact(name=PROBE, value=wanted))
        if db.session.get_one(InstanceFact, PROBE, populate_existing=True).value == wanted:
            return ""
    except (SQLAlchemyError, Refused) as error:
        log.warning("the database cannot be written to: %s", error)
    return gettext("The database cannot be written to")


def _cannot_keep() -> str:
    """Why no file can be kept, found by keeping one aside, reading it and erasing it; '' where one can."""
    aside = fitted.files().aside(token_hex(16))
    content = token_hex(16).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        aside.keep(content)
        if aside.read(sha256) == content:
            return ""
    except (*STORE_FAULTS, Refused) as error:
        log.warning("no file can be kept: %s", error)
    finally:
        with suppress(*STORE_FAULTS, Refused):
            aside.erase(sha256)
    return gettext("Files cannot be kept")
