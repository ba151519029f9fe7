"""An instance of an older version, with work in flight, brought up to date: every page answers and nothing sealed has changed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, select, text

from config.settings import PROJECT_ROOT, read_settings
from scrutiny.app import create_app
from scrutiny.editions.models import Edition, EditionFile
from scrutiny.extensions import db
from tests.scrutiny.demo import test_crawl as crawling

pytestmark = pytest.mark.proof
#: Eleven migrations, one database, letters and reports without most of what they keep today.
OLDER = "4347c97"
SECONDS_EACH = 25.0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The demonstration as that version made it, by its own code."""
    git = ["git", "-C", str(PROJECT_ROOT)]
    archive = subprocess.run([*git, "archive", OLDER], capture_output=True, check=False)
    if archive.returncode:
        pytest.skip(f"commit {OLDER} is not in this copy's history: fetch the whole of it")
    folder = tmp_path_factory.mktemp("older")
    code = folder / "code"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(code, filter="data")
    shutil.copytree(PROJECT_ROOT / "scrutiny/static/vendor", code / "scrutiny/static/vendor")
    settings = {
        "SECRET_KEY": "tests-only-" + "x" * 40,
        "DATABASE_URL": f"sqlite:///{folder / 'older.db'}",
        "FILES_URL": f"file://{folder / 'files'}",
        "MAIL_URL": str(folder / "mail"),
        "PUBLIC_URL": "http://localhost",
        "DEMO": "1",
    }
    for command in (["db", "upgrade"], ["demo"]):
        done = subprocess.run(
            [sys.executable, "-m", "flask", *command], cwd=code, env=os.environ | settings, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    return settings | {"METHODS_DIR": str(folder / "methods")}


@pytest.fixture(scope="module")
def before(environment: dict[str, str]) -> dict[str, str]:
    """The digest of each PDF of a sealed report, by reference and edition, as the older version kept it."""
    with closing(create_engine(environment["DATABASE_URL"]).raw_connection()) as connection:
        rows = connection.cursor().execute(
            "SELECT report.reference, edition.number, edition_file.sha256, edition_file.printed_with FROM edition_file "
            "JOIN edition ON edition.id = edition_file.edition_id JOIN report ON report.id = edition.report_id "
            "WHERE edition_file.kind = 'pdf'"
        )
        found = {f"{reference}-{number}": f"{sha256} {printer}" for reference, number, sha256, printer in rows.fetchall()}
    assert len(found) > 1
    return found


@pytest.fixture(scope="module")
def app(environment: dict[str, str], before: dict[str, str]) -> Iterator[Flask]:
    """The same instance under today's code, its database migrated."""
    app = create_app(read_settings(environment))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("who", crawling.WHO)
def test_every_link_of_an_upgraded_instance_leads_somewhere_for(who: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling, "SECONDS", SECONDS_EACH)
    faults, shapes = crawling.crawl(crawling.signed_in(app, crawling.WHO[who]))
    print(f"{who}: {sum(shapes.values())} pages of {len(shapes)} shapes")
    assert not faults, "\n".join(faults)
    assert len(shapes) > 10


def test_the_audit_trail_of_an_upgraded_instance_is_whole(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert done.exit_code == 0, done.output
    assert "The audit trail is whole" in done.output


def test_sealed_reports_are_served_as_they_were_printed(app: Flask, before: dict[str, str]) -> None:
    with app.app_context():
        released = list(db.session.scalars(select(Edition).where(Edition.state == "released").order_by(Edition.id)))
        served = {
            f"{edition.report.reference}-{edition.number}": app.test_client().get(
                f"/reports/{edition.report.reference}.pdf?edition={edition.number}"
            )
            for edition in released
        }
        assert {answer.status_code for answer in served.values()} == {200}
    digests = {name: hashlib.sha256(answer.data).hexdigest() for name, answer in served.items()}
    assert digests
    assert digests == {name: before[name].split()[0] for name in digests}


def test_an_old_snapshot_is_printed_again_and_says_by_what(app: Flask, before: dict[str, str], tmp_path: Path) -> None:
    """From its snapshot, the kept file set aside, as where a file store was lost."""
    name = next(iter(before))
    reference, _, number = name.rpartition("-")
    with app.app_context():
        file = db.session.scalars(select(EditionFile).where(EditionFile.sha256 == before[name].split()[0])).one()
        edition_id, file_id = file.edition_id, file.id
        db.session.execute(text("UPDATE edition_file SET kind = 'kept' WHERE id = :id"), {"id": file_id})
        db.session.commit()
    try:
        command = ["reports", "print", reference, "--edition", number, "--to", str(tmp_path / "again.pdf"), "--json"]
        done = app.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, done.output
        said = json.loads(done.output)
        assert said["printed_with"].startswith("WeasyPrint ")
        assert (tmp_path / "again.pdf").read_bytes().startswith(b"%PDF-")
    finally:
        with app.app_context():
            db.session.execute(text("UPDATE edition_file SET kind = 'pdf' WHERE id = :id"), {"id": file_id})
            db.session.commit()
            assert db.session.get(Edition, edition_id)
