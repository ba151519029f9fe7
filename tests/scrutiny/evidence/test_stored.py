"""Stored bytes: none without an owner for more than a day, none that are bad unnoticed, none gone before the deed is kept."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.exceptions import GenericError
from sqlalchemy import select
from sqlalchemy.event import listen

from config.settings import Settings
from scrutiny.adapters import fitted
from scrutiny.audit.models import AuditEntry
from scrutiny.evidence import erasing
from scrutiny.evidence.jobs import erase_expired_files
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.stored_files import stored
from scrutiny.stored_files.jobs import check_files
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import commit, run, undo, writes_now
from scrutiny.upkeep.jobs import sweep
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.evidence.conftest import Scene
from workflows.refusals import Refused

LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def place(settings: Settings) -> Callable[[str], Path]:
    """Where the bytes of a digest lie, to be changed behind our back; the store holds only what this test puts there."""
    folder = Path(settings.files_url.removeprefix("file://"))
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    return lambda sha256: folder / sha256[:2] / sha256[2:4] / sha256


def a_file(scene: Scene, content: bytes = b"label,value\ncases,12\n", name: str = "cases.csv") -> EvidenceFile:
    """A file of the police, added and kept."""
    with writes_now():
        lodging = scene.draft()
        return add_file(lodging.evidence, name=name, content=content, by=scene.actor("responder"), at=NOW)


def events() -> list[str]:
    """What the trail tells of stored files."""
    rows = select(AuditEntry.event).where(AuditEntry.about.startswith("file:")).order_by(AuditEntry.number)
    return list(db.session.scalars(rows))


def test_bytes_of_a_refused_upload_are_gone_after_a_day(
    scene: Scene, place: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    """The attack: a file comes with an answer that is then refused; its bytes lie in the store and no row tells of them."""
    owned = a_file(scene).sha256
    orphan = fitted.files().keep(b"name,born\na child,2019\n").sha256
    with caplog.at_level(logging.WARNING):
        assert erase_expired_files(at=datetime.now(UTC)) == "0 files erased, 0 sets of bytes dropped"
        assert place(orphan).exists(), "an upload may still be at work"
        assert erase_expired_files(at=LATER) == "0 files erased, 0 sets of bytes dropped, 1 that had no row"
    assert not place(orphan).exists()
    assert place(owned).exists()
    assert orphan[:16] in caplog.text
    assert events() == ["bytes_dropped"]
    assert erase_expired_files(at=LATER).endswith("0 sets of bytes dropped")


def test_bytes_entered_again_while_the_sweep_looks_stay(scene: Scene, place: Callable[[str], Path]) -> None:
    """Between looking and removing somebody has entered a row: what is removed is looked at again under the lock."""
    orphan = fitted.files().keep(b"label,value\ncases,13\n").sha256
    a_file(scene, b"label,value\ncases,13\n")
    assert not stored._swept(orphan, LATER)
    assert place(orphan).exists()


def test_a_deed_that_is_undone_has_destroyed_nothing(scene: Scene, place: Callable[[str], Path]) -> None:
    file = a_file(scene)
    sha256 = file.sha256

    def broken_off() -> None:
        row = db.session.get_one(EvidenceFile, file.id)
        erasing.erase_file(row, "A child is named", by=scene.actor("responder"), at=NOW)
        stored.let_go(row.stored, at=NOW)
        raise Refused("broken off")

    with pytest.raises(Refused, match="broken off"):
        run(broken_off)
    assert place(sha256).exists()
    assert stored.drop_marked(at=NOW) == 0
    with writes_now():
        row = db.session.get_one(EvidenceFile, file.id)
        erasing.erase_file(row, "A child is named", by=scene.actor("responder"), at=NOW)
        stored.let_go(row.stored, at=NOW)
    assert place(sha256).exists(), "not before it is kept, and then at once by the sweep"
    sweep(at=NOW)
    assert not place(sha256).exists()
    assert db.session.get_one(StoredFile, sha256).dropped_at == NOW


def test_what_is_sent_again_before_it_went_stays(scene: Scene, place: Callable[[str], Path]) -> None:
    file = a_file(scene)
    with writes_now():
        row = db.session.get_one(EvidenceFile, file.id)
        erasing.erase_file(row, "Sent by mistake", by=scene.actor("responder"), at=NOW)
        stored.let_go(row.stored, at=NOW)
    again = a_file(scene)
    assert stored.drop_marked(at=NOW) == 0
    assert place(again.sha256).exists()


@pytest.mark.parametrize(("fault", "words"), [("damaged", "1 missing or damaged"), ("missing", "1 missing or damaged")])
def test_a_bad_file_is_found_named_and_repaired_by_sending_it_again(
    scene: Scene, place: Callable[[str], Path], fault: str, words: str
) -> None:
    content = b"label,value\ncases,12\n"
    file = a_file(scene, content)
    a_file(scene, b"label,value\nothers,1\n", "others.csv")
    assert check_files(at=NOW) == "2 files read"
    if fault == "damaged":
        place(file.sha256).write_bytes(content.replace(b"12", b"13"))
    else:
        place(file.sha256).unlink()
    assert words in check_files(at=NOW + timedelta(days=1))
    assert [(row.sha256, row.fault) for row in stored.faulty()] == [(file.sha256, fault)]
    a_file(scene, content)
    assert stored.faulty() == []
    assert fitted.files().read(file.sha256) == content
    assert check_files(at=NOW + timedelta(days=2)) == "2 files read"
    assert [event for event in events() if event.startswith("file_found")] == ["file_found_damaged", "file_found_whole"]


def test_a_large_store_is_read_over_several_nights_but_what_is_missing_is_seen_at_once(
    scene: Scene, place: Callable[[str], Path]
) -> None:
    size = len(b"label,value\nx,0\n")
    files = [a_file(scene, b"label,value\nx,%d\n" % n) for n in range(5)]
    commit()
    for night in (1, 2, 3):
        stored.check_stored(at=NOW + timedelta(days=night), most=2 * size)
        undo()
    assert all(db.session.get_one(StoredFile, file.sha256).checked_at for file in files)
    unread = max(files, key=lambda file: db.session.get_one(StoredFile, file.sha256).checked_at or NOW)
    place(unread.sha256).unlink()
    assert stored.check_stored(at=NOW + timedelta(days=4), most=0) == (0, 1)


@pytest.mark.usefixtures("context")
def test_files_are_looked_for_where_they_lie(place: Callable[[str], Path]) -> None:
    """The age of bytes is what the store says it is."""
    kept = fitted.files().keep(b"old")
    then = time.time() - 3 * 24 * 3600
    os.utime(place(kept.sha256), (then, then))
    assert stored.sweep_unowned(at=datetime.now(UTC)) == 1


def test_a_file_that_comes_while_the_store_is_looked_through_is_not_called_missing(
    scene: Scene, place: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever side of the listing it is kept on, whoever has a row is whole."""
    store, listed = fitted.files(), fitted.files().all_kept

    def one_more() -> list[object]:
        before = list(listed())
        a_file(scene, b"label,value\ncases,%d\n" % len(before))
        return before

    a_file(scene)
    monkeypatch.setattr(store, "all_kept", one_more)
    assert stored.check_stored(at=NOW) == (1, 0)
    assert stored.check_stored(at=NOW) == (2, 0)
    assert events() == []


@pytest.mark.parametrize("gone", ["before", "while"])
def test_what_is_missing_is_told_once_and_only_while_it_is(
    scene: Scene, place: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    file = a_file(scene)
    if gone == "before":
        place(file.sha256).unlink()
    else:  # the listing is that of a moment when it was away
        monkeypatch.setattr(fitted.files(), "all_kept", list)
    for night in range(3):
        assert stored.check_stored(at=NOW + timedelta(days=night))[1] == (gone == "before")
    assert events() == (["file_found_damaged"] if gone == "before" else [])


def test_a_night_in_which_nothing_changed_writes_no_row_for_each_file(scene: Scene, place: Callable[[str], Path]) -> None:
    for number in range(5):
        a_file(scene, b"label,value\nx,%d\n" % number)
    begun: list[str] = []
    listen(db.engine, "before_cursor_execute", lambda *given: begun.append(given[2]))
    assert stored.check_stored(at=NOW) == (5, 0)
    assert len([statement for statement in begun if statement.startswith("UPDATE")]) == 1


@pytest.mark.parametrize("fault", [GenericError("connection refused"), TimeoutError("timed out")])
def test_a_file_the_store_does_not_give_holds_up_no_other(
    scene: Scene, place: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """It is neither whole nor damaged: it was not read, and is read another night."""
    files = [a_file(scene, b"label,value\nx,%d\n" % number).sha256 for number in range(3)]
    bad, stream = sorted(files)[0], fitted.files().stream

    def flaky(sha256: str) -> Iterator[bytes]:
        if sha256 == bad:
            raise fault
        return stream(sha256)

    with monkeypatch.context() as patch:
        patch.setattr(fitted.files(), "stream", flaky)
        assert stored.check_stored(at=NOW) == (2, 0)
    assert {row.sha256 for row in db.session.scalars(select(StoredFile)) if row.checked_at is None} == {bad}
    assert stored.check_stored(at=NOW) == (3, 0)
    assert events() == []


def test_a_night_that_is_cut_short_has_told_what_it_read(
    scene: Scene, place: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each night begins with the same files, and a large store is never read whole."""
    files = sorted(a_file(scene, b"label,value\nx,%d\n" % number).sha256 for number in range(5))
    stream = fitted.files().stream

    def stopped(sha256: str) -> Iterator[bytes]:
        if sha256 == files[4]:
            raise KeyboardInterrupt
        return stream(sha256)

    monkeypatch.setattr(stored, "AT_ONCE", 2)
    monkeypatch.setattr(fitted.files(), "stream", stopped)
    with pytest.raises(KeyboardInterrupt):
        stored.check_stored(at=NOW)
    undo()
    rows = db.session.scalars(select(StoredFile).execution_options(populate_existing=True))
    assert sorted(row.sha256 for row in rows if row.checked_at is not None) == files[:4]


def test_several_files_are_entered_in_one_order_whoever_sends_them(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who send the same files in different orders would wait for each other for ever."""
    taken: list[str] = []
    monkeypatch.setattr(stored, "take_turn", taken.append)
    stored.take_turns(["c" * 64, "a" * 64, "b" * 64, "a" * 64])
    assert taken == [f"bytes {letter * 64}" for letter in "abc"]


def test_bytes_that_get_a_new_use_while_they_are_let_go_stay(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lets go waits for whoever enters, and looks again after it."""
    file = a_file(scene)

    def enter_meanwhile(_: str) -> None:
        monkeypatch.setattr(stored, "take_turn", lambda _: None)
        a_file(scene)

    with writes_now():
        row = db.session.get_one(EvidenceFile, file.id)
        erasing.erase_file(row, "Sent by mistake", by=scene.actor("responder"), at=NOW)
    monkeypatch.setattr(stored, "take_turn", enter_meanwhile)
    with writes_now():
        stored.let_go(db.session.get_one(StoredFile, file.sha256), at=NOW)
    assert db.session.get_one(StoredFile, file.sha256).erased_at is None
