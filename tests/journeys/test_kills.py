"""SIGKILL at random moments of saving, uploading, posting, releasing and backing up: nothing accepted is lost, nothing half kept.

A handful of kills in `make test`; more than two hundred on each database in `make proof`, which prints what came of them.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from config.settings import Settings
from scrutiny.adapters import fitted
from scrutiny.asking import service as asking
from scrutiny.audit import queries as audit
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence import queries
from scrutiny.correspondence.jobs import post_letters, sweep_postings
from scrutiny.correspondence.models import Posting
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.editions.models import Edition
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.requests.models import Item
from scrutiny.stored_files import stored
from scrutiny.transaction import writes_now
from scrutiny.upkeep import backup, restoring
from tests.conftest import NOW
from tests.databases import kind
from tests.journeys.killed_deeds import Killer, killer, post_by, text_of
from tests.journeys.test_a_killed_release import Postbox
from tests.journeys.test_a_killed_release import postbox as _postbox
from tests.lodged_files import add_file
from tests.scrutiny.evidence.conftest import make_scene
from tests.scrutiny.reports.story import RELEASE, answered, scheduled
from tests.scrutiny.reviews.acting import acting

pytestmark = pytest.mark.slow
postbox = _postbox
#: Kills of each kind of deed. A release is killed in the short form too, by test_a_killed_release.
FEW = {"save": 2, "upload": 1, "post": 1, "back_up": 1, "release": 0}
MANY = {"save": 90, "upload": 12, "post": 60, "back_up": 40, "release": 4}
LETTERS_EACH, SEVERAL = 12, 6


def whole(app: Flask) -> None:
    """What must hold after any kill: the trail is whole, and every row of a file has its bytes."""
    with app.app_context():
        assert audit.faults_found() == []
        for sha256 in db.session.scalars(select(EvidenceFile.sha256).where(EvidenceFile.erased_at.is_(None))):
            assert hashlib.sha256(fitted.files().read(sha256)).hexdigest() == sha256
        db.session.remove()
        db.engine.dispose()


def a_returned_item(cast: SimpleNamespace) -> int:
    """An item that was sent back, to be answered again."""
    answered(cast)
    db.session.commit()
    item_id = db.session.scalars(select(Item.id).where(Item.state == "submitted")).one()
    with writes_now():
        asking.return_item(db.session.get_one(Item, item_id), why="Say for which year", by=acting("officer"), at=NOW)
    return item_id


def a_draft_with_files(cast: SimpleNamespace) -> int:
    """A draft of evidence with five files of a megabyte."""
    with writes_now():
        lodging = make_scene(cast).draft()
        for number in range(5):
            content = f"label,value\nx,{number}\n".encode() + b"cases,12\n" * 100_000
            add_file(lodging.evidence, name=f"{number}.csv", content=content, by=acting("responder"), at=NOW)
        return lodging.evidence_id


def a_scheduled_report(cast: SimpleNamespace) -> int:
    """A report that comes out tomorrow."""
    edition_id = scheduled(cast).id
    db.session.commit()
    return edition_id


def saving(app: Flask, process: Killer, kills: int, item_id: int) -> None:
    """What was acknowledged is there, and nothing but the next beyond it."""
    acknowledged, tally = 0, process.of("save")
    for seed in range(kills):
        told = process.kill("save", 0.5, seed, after=seed % 3, item=item_id, last=acknowledged, at=NOW)
        before, acknowledged = acknowledged, max([acknowledged, *map(int, told)])
        with app.app_context():
            item = db.session.get_one(Item, item_id)
            text = item.answer.lodging.evidence.text if item.answer else ""
        number = int(text.split()[1]) if text.startswith("Answer ") else 0
        tally.accepted += max(number, acknowledged) - before
        tally.lost += max(0, acknowledged - number)
        tally.half += bool(number and text != text_of(number)) + (number > acknowledged + 1)
        acknowledged = number
        whole(app)


def uploading(app: Flask, process: Killer, kills: int, evidence_id: int) -> None:
    """What was acknowledged has its row and its bytes; what was cut off before its row is swept away."""
    acknowledged: set[str] = set()
    for seed in range(kills):
        acknowledged |= set(process.kill("upload", 0.6, seed, after=1 - seed % 2, evidence_id=evidence_id, at=NOW))
        whole(app)
    with app.app_context():
        owned = set(db.session.scalars(select(EvidenceFile.sha256)))
        stored.sweep_unowned(at=NOW.now(NOW.tzinfo) + timedelta(days=2))
        kept = {one.sha256 for one in fitted.files().all_kept()}
    tally = process.of("upload")
    tally.accepted, tally.lost, tally.half = len(acknowledged), len(acknowledged - owned), len(kept ^ owned)


def posting(app: Flask, process: Killer, kills: int, box: Postbox, port: int) -> None:
    """Each letter arrives, twice only where it was on its way in the moment of a kill."""
    with app.app_context(), writes_now():
        for number in range(LETTERS_EACH * kills):
            to = Recipient(f"person:{number}", f"person{number}@domain{number % 7}.example.org", "Person")
            write_letter("confirm_alert", to=to, reference="place:1", at=NOW, occasion=str(number), secret="s", named="Ashby")
    at, on_their_way = NOW, Counter[str]()
    for seed in range(kills):
        enough = len(box.messages) + seed % 5
        process.kill("post", 0.2, seed, seen=lambda enough=enough: len(box.messages) >= enough, port=port, at=at)  # type: ignore[misc]
        with app.app_context():
            on_their_way.update(db.session.scalars(select(Posting.message_id).where(Posting.claim.is_not(None))))
            at += timedelta(minutes=5)
            sweep_postings(at=at)
        whole(app)
    with app.app_context(), post_by(app, port):
        for _ in range(10):
            post_letters(at=at)
            at += timedelta(minutes=5)
        left = queries.any_unposted(at)
        states = dict(db.session.execute(select(Posting.state, func.count()).group_by(Posting.state)).all())
        posted = set(db.session.scalars(select(Posting.message_id).where(Posting.state == "posted")))
        cut_short = set(db.session.scalars(select(Posting.message_id).where(Posting.fault.contains("cut short"))))
    arrived = Counter(str(message_from_bytes(one)["Message-ID"]).strip("<>") for one in box.messages)
    tally = process.of("post")
    tally.accepted, tally.lost = len(posted), len(posted - arrived.keys())
    tally.missing = sum(states.values()) - len(arrived.keys() | cut_short)
    assert sum(states.values()) >= LETTERS_EACH * kills
    assert not left
    tally.doubled = sum(min(times - 1, on_their_way[one]) for one, times in arrived.items())
    tally.doubled_otherwise = arrived.total() - len(arrived) - tally.doubled
    assert arrived.keys() <= posted | cut_short
    assert states.keys() <= {"posted", "failed"}
    assert states.get("failed", 0) == len(cut_short), "what was cut short again and again is shown to somebody"
    assert max(on_their_way.values(), default=0) <= kills
    assert on_their_way.total() <= SEVERAL * kills, "no more is claimed at once than is sent at once"


def backing_up(app: Flask, process: Killer, kills: int, path: Path) -> None:
    """A backup is whole or not there, and the next one clears away what a kill left."""
    tally = process.of("back_up")
    for seed in range(kills):
        tally.accepted += len(told := process.kill("back_up", 0.6, seed, after=1 - seed % 2, path=str(path), at=NOW))
        kept = path.with_name(f"{path.name}.told")
        tally.lost += bool(told) and not kept.exists()
        for one in filter(Path.exists, (path, kept)):
            with zipfile.ZipFile(one) as bundle:
                tally.half += bundle.testzip() is not None or restoring.read_manifest(one)["left_out"] != {}
            one.unlink()
        whole(app)
    with app.app_context():
        backup.back_up(path, at=NOW, by="operator")
        assert restoring.read_manifest(path)["files"] == 5
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def releasing(app: Flask, process: Killer, kills: int, edition_of: Callable[[], int]) -> None:
    """The evidence is public with the report and never without it; what was cut off comes out once, later."""
    tally = process.of("release")
    takes = process.leave("release", at=RELEASE) if edition_of() and kills else 0
    for seed in range(kills):
        edition_id = edition_of()
        told = process.kill("release", takes * 0.8, seed, at=RELEASE)
        whole(app)
        with app.app_context():
            edition = db.session.get_one(Edition, edition_id)
            public = db.session.scalar(select(func.count(Lodging.id)).where(Lodging.public_from.is_not(None)))
            tally.lost += len(told) > (edition.state == "released")
            tally.half += (edition.state == "released") != bool(public)
            jobs.release_reports(at=RELEASE + timedelta(minutes=10))
            db.session.expire_all()
            edition = db.session.get_one(Edition, edition_id)
            assert edition.state == "released"
            tally.accepted += 1
            assert all(fitted.files().read(file.sha256) for file in edition.files)
            wanted = ("report_released", "report_sealed")
            events = db.session.scalars(select(AuditEntry.event).where(AuditEntry.event.in_(wanted)))
            assert sorted(events) == sorted(wanted)
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def scene(app: Flask, as_built: Callable[..., int], settings: Settings, databases: object) -> Callable[..., int]:
    """A scene on a fresh copy of the database, whatever stood there; the number of what is killed."""

    def bring(build: Callable[[SimpleNamespace], int]) -> int:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        databases.renew(settings.database_url)  # type: ignore[attr-defined]  # one of two kinds that have it
        return as_built(build)

    return bring


@pytest.fixture
def process(app: Flask, settings: Settings) -> Iterator[Killer]:
    """What forks the processes that are killed."""
    with killer(settings) as one:
        yield one


@pytest.mark.parametrize("kills", [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.proof)])
def test_nothing_accepted_is_lost_or_half_kept_by_a_kill(
    app: Flask,
    scene: Callable[..., int],
    process: Killer,
    postbox: tuple[Postbox, int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kills: dict[str, int],
) -> None:
    (tmp_path / "backups").mkdir()
    saving(app, process, kills["save"], scene(a_returned_item))
    posting(app, process, kills["post"], *postbox)
    evidence_id = scene(a_draft_with_files)
    backing_up(app, process, kills["back_up"], tmp_path / "backups" / "tonight.zip")
    uploading(app, process, kills["upload"], evidence_id)
    releasing(app, process, kills["release"], lambda: scene(a_scheduled_report))
    tallies = process.tally.values()
    with capsys.disabled() if kills is MANY else nullcontext():
        print(f"\nKilled on {kind()}:", *tallies, process.total(), sep="\n  ")
    assert all((one.lost, one.half, one.missing, one.doubled_otherwise) == (0, 0, 0, 0) for one in tallies)
    assert all(one.accepted for one in tallies if one.kills)
    total = process.total()
    assert total.kills == sum(kills.values())
    assert total.middle > total.kills * 0.8, "most were in the middle of a deed"
    assert kills is FEW or total.kills >= 200
