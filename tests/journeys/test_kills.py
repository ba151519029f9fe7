"""SIGKILL at random moments of saving, uploading, posting, releasing and backing up: nothing accepted is lost, nothing half kept.

A handful of kills in `make test`; two hundred on each database in `make proof`.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.adapters import fitted
from scrutiny.adapters.mail import SmtpMailer
from scrutiny.answering import service as answering
from scrutiny.asking import service as asking
from scrutiny.audit import queries as audit
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.jobs import post_letters, sweep_postings
from scrutiny.correspondence.models import Posting
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.evidence import service as evidence
from scrutiny.evidence import stored
from scrutiny.evidence.intake import receive
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.reports.models import Edition
from scrutiny.requests.models import Item
from scrutiny.transaction import run, writes_now
from scrutiny.upkeep import backup
from tests.conftest import NOW
from tests.journeys.test_a_killed_release import Postbox
from tests.journeys.test_a_killed_release import postbox as _postbox
from tests.lodged_files import add_file
from tests.scrutiny.evidence.conftest import make_scene
from tests.scrutiny.reports.story import RELEASE, answered, scheduled
from tests.scrutiny.reviews.acting import acting

pytestmark = pytest.mark.slow
postbox = _postbox
Say = Callable[[str], None]
FEW, MANY = 3, 40
kills_of = pytest.mark.parametrize("kills", [FEW, pytest.param(MANY, marks=pytest.mark.proof)])


def killed(app: Flask, deed: Callable[[Say], object], *, within: float, seed: int) -> list[str]:
    """Do a deed in a process of its own and kill it at a random moment; what it had said was done by then."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            os.close(reading)
            with app.app_context():
                os.write(writing, b"begun\n")
                deed(lambda words: os.write(writing, f"{words}\n".encode()) and None)
            status = 0
        finally:
            os._exit(status)  # nothing of the test run is ended here
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        first = said.readline()
        time.sleep(random.Random(seed).uniform(0, within))  # a moment, not a secret
        _kill(child)
        rest = said.read().decode().splitlines()
    assert first == b"begun\n"
    return rest


def _kill(child: int) -> None:
    """SIGKILL to the process and what it started; one that had ended must have ended well."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed before it was killed"


def whole(app: Flask) -> None:
    """What must hold after any kill: the trail is whole, and every row of a file has its bytes."""
    with app.app_context():
        assert audit.faults_found() == []
        for sha256 in db.session.scalars(select(EvidenceFile.sha256).where(EvidenceFile.erased_at.is_(None))):
            assert hashlib.sha256(fitted.files().read(sha256)).hexdigest() == sha256
        db.session.remove()


@kills_of
def test_no_saved_answer_is_lost(app: Flask, cast: SimpleNamespace, kills: int) -> None:
    with app.app_context():
        answered(cast)
        db.session.commit()
        item_id = db.session.scalars(select(Item.id).where(Item.state == "submitted")).one()
        with writes_now():
            asking.return_item(db.session.get_one(Item, item_id), why="Say for which year", by=acting("officer"), at=NOW)
    acknowledged = 0

    def save(say: Say) -> None:
        for number in range(acknowledged + 1, acknowledged + 10_000):
            typed = answering.Typed(text=_text(number))
            run(
                lambda typed=typed: answering.keep_answer(
                    db.session.get_one(Item, item_id), typed, by=acting("fire_responder"), at=NOW
                )
            )
            say(str(number))

    for seed in range(kills):
        said = killed(app, save, within=0.6, seed=seed)
        acknowledged = max([acknowledged, *map(int, said)])
        with app.app_context():
            item = db.session.get_one(Item, item_id)
            text = item.answer.lodging.evidence.text if item.answer else ""
            number = int(text.split()[1]) if text.startswith("Answer ") else 0
            assert not number or text == _text(number)
            assert acknowledged <= number <= acknowledged + 1, "what was acknowledged is there, and nothing but the next"
            acknowledged = number
            db.session.remove()
        whole(app)
    assert acknowledged


def _text(number: int) -> str:
    """An answer that cannot be half there unnoticed."""
    return f"Answer {number} " + "and its words, all of them. " * 200 + f"End of {number}"


@kills_of
def test_no_uploaded_file_is_lost_and_none_is_half_there(app: Flask, cast: SimpleNamespace, kills: int) -> None:
    with app.app_context():
        with writes_now():
            lodging_id = make_scene(cast).draft().id
        evidence_id = db.session.get_one(Lodging, lodging_id).evidence_id
    acknowledged: set[str] = set()

    def upload(say: Say) -> None:
        for number in range(10_000):
            rows = f"label,value\n{os.getpid()}-{number},{number}\n" + "cases,12\n" * 20_000
            received = receive(f"cases-{os.getpid()}-{number}.csv", rows.encode())
            run(lambda received=received: _add(evidence_id, received))
            say(received.sha256)

    for seed in range(kills):
        acknowledged |= set(killed(app, upload, within=1.5, seed=seed))
        with app.app_context():
            there = set(db.session.scalars(select(EvidenceFile.sha256)))
            assert acknowledged <= there
            db.session.remove()
        whole(app)
    with app.app_context():
        later = NOW.now(NOW.tzinfo) + timedelta(days=2)
        owned = set(db.session.scalars(select(EvidenceFile.sha256)))
        stored.sweep_unowned(at=later)
        assert {kept.sha256 for kept in fitted.files().all_kept()} == owned, "what was cut off before its row is swept away"


def _add(evidence_id: int, received: object) -> None:
    """One file, added to a draft."""
    evidence.add_received(db.session.get_one(Evidence, evidence_id), received, by=acting("responder"), at=NOW)


@pytest.fixture
def posting_to(app: Flask, postbox: tuple[Postbox, int]) -> Iterator[Postbox]:
    """A mail server in the test's own process, which no kill reaches."""
    usual = app.extensions["adapters"]
    app.extensions["adapters"] = replace(usual, mailer=SmtpMailer(f"smtp://127.0.0.1:{postbox[1]}/?starttls=no"))
    yield postbox[0]
    app.extensions["adapters"] = usual


@kills_of
def test_no_letter_is_missing_and_one_is_doubled_only_by_a_kill(
    app: Flask, cast: SimpleNamespace, posting_to: Postbox, kills: int
) -> None:
    with app.app_context(), writes_now():
        for number in range(40 * kills):
            to = Recipient(f"person:{number}", f"person{number}@domain{number % 7}.example.org", "Person")
            write_letter("confirm_alert", to=to, reference="place:1", at=NOW, occasion=str(number), secret="s", named="Ashby")
    at = NOW
    for seed in range(kills):
        killed(app, lambda say, at=at: post_letters(at=at), within=0.5, seed=seed)
        at += timedelta(minutes=5)
        with app.app_context():
            sweep_postings(at=at)
        whole(app)
    with app.app_context():
        for _ in range(10):
            post_letters(at=at)
            at += timedelta(minutes=5)
        states = dict(db.session.execute(select(Posting.state, func.count()).group_by(Posting.state)).all())
        posted = set(db.session.scalars(select(Posting.message_id).where(Posting.state == "posted")))
        cut_short = set(db.session.scalars(select(Posting.message_id).where(Posting.fault.contains("cut short"))))
        db.session.remove()
    arrived = Counter(str(message_from_bytes(one)["Message-ID"]).strip("<>") for one in posting_to.messages)
    assert posted <= set(arrived), "none is said to be posted that did not arrive"
    assert set(arrived) <= posted | cut_short
    assert set(states) <= {"posted", "failed"}
    assert states.get("failed", 0) == len(cut_short), "what was cut short again and again is shown to somebody"
    doubled = sum(arrived.values()) - len(arrived)
    assert doubled <= 6 * kills, "at most what was on its way in the moment of a kill"
    print(f"{sum(states.values())} letters, {kills} kills: {doubled} doubled, {len(cut_short)} given up to be looked at")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, MANY))])
def test_a_report_killed_while_it_is_released_comes_out_once(app: Flask, cast: SimpleNamespace, seed: int) -> None:
    with app.app_context():
        edition_id = scheduled(cast).id
        db.session.commit()
    killed(app, lambda say: jobs.release_reports(at=RELEASE), within=6, seed=seed)
    whole(app)
    with app.app_context():
        edition = db.session.get_one(Edition, edition_id)
        public = db.session.scalar(select(func.count(Lodging.id)).where(Lodging.public_from.is_not(None)))
        assert (edition.state == "released") == bool(public), "the evidence is public with the report, and never without it"
        jobs.release_reports(at=RELEASE + timedelta(minutes=10))
        db.session.expire_all()
        edition = db.session.get_one(Edition, edition_id)
        assert edition.state == "released"
        assert all(fitted.files().read(file.sha256) for file in edition.files)
        events = db.session.scalars(select(AuditEntry.event).where(AuditEntry.event.in_(("report_released", "report_sealed"))))
        assert sorted(events) == ["report_released", "report_sealed"]
        db.session.remove()


@kills_of
def test_a_backup_that_is_killed_is_whole_or_not_there(app: Flask, cast: SimpleNamespace, tmp_path: Path, kills: int) -> None:
    with app.app_context(), writes_now():
        lodging = make_scene(cast).draft()
        for number in range(5):
            content = f"label,value\nx,{number}\n".encode() + b"cases,12\n" * 100_000
            add_file(lodging.evidence, name=f"{number}.csv", content=content, by=acting("responder"), at=NOW)
    path = tmp_path / "tonight.zip"
    for seed in range(kills):
        killed(app, lambda say: backup.back_up(path, at=NOW, by="operator"), within=0.8, seed=seed)
        if path.exists():
            with zipfile.ZipFile(path) as bundle:
                assert bundle.testzip() is None
            assert backup.read_manifest(path)["left_out"] == {}
        whole(app)
    with app.app_context():
        backup.back_up(path, at=NOW, by="operator")
        assert backup.read_manifest(path)["files"] == 5
        db.session.remove()
    assert [one.name for one in tmp_path.iterdir()] == ["tonight.zip"], "the next backup clears away what a kill left"
