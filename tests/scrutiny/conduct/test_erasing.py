"""Words of dissents, comments, notes, corrections and reported errors are erased by whoever runs the review; the reason stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, func, select
from sqlalchemy import cast as as_text

from scrutiny.agreement.models import FindingAgreement
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.service import digest
from scrutiny.bodies.models import Body
from scrutiny.conduct import erasing
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Correction, Extract, Finding
from scrutiny.reports import dissenting
from scrutiny.reports.models import Dissent, ErrorReport
from scrutiny.requests.models import Note
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reports import story
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
CHILD = "Alys Hale of Mill Lane was moved to Fenmere by night"
WHY = "A child could be recognised"
KINDS = ("dissent", "finding_agreement", "request_note", "correction", "error_report")


@pytest.fixture
def reference(app: Flask, cast: SimpleNamespace) -> str:
    """A review in which somebody named a child in everything that this page erases."""
    with app.app_context(), writes_now():
        edition = story.scheduled(cast)
        review, finding = db.session.scalars(select(Review)).one(), db.session.scalars(select(Finding)).first()
        assert finding is not None
        body = db.session.get_one(Body, cast.committee)
        dissenting.dissent(review, body, text=f"No: {CHILD}.", finding=None, by=acting("councillor"), at=NOW)
        by = {"offered_by": "person:1", "offered_at": NOW}
        words = {"words": CHILD, "correction": f"Not {CHILD}", "grounds": CHILD}
        sent, own = Correction(state="offered", **words, **by), Correction(words="Ours", correction="Own", state="drafted", **by)
        check = AccuracyCheck(review_id=review.id, agency_id=cast.police, round=9, sent_at=NOW, due_on=NOW.date())
        check.extracts = [Extract(finding=finding, title="t", text="t", corrections=[sent, own])]
        said = {"answer": "commented", "comment": f"But {CHILD}", "digest": "1" * 64, "words": {}, "said_at": NOW}
        who = {"person": "person:1", "capacity": "none", "name": "Q. Lord"}
        db.session.add_all(
            [
                check,
                FindingAgreement(finding=finding, body_id=cast.ofsted, **said, **who),
                Note(request=requests_of(review)[0], text=CHILD, by="person:1", capacity="none", at=NOW),
                ErrorReport(edition=edition, where="Page 3", text=f"It says {CHILD}", at=NOW),
            ]
        )
        found: str = review.reference
    return found


def standing() -> set[str]:
    """Every column in which the child is named."""
    found = set()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            said = func.lower(as_text(column, Text)).contains("alys hale")
            if db.session.scalar(select(func.count()).select_from(table).where(said)):
                found.add(f"{table.name}.{column.key}")
    return found


def keys(app: Flask, reference: str) -> dict[str, str]:
    """What the command lists: the key of each kind."""
    rows = json.loads(app.test_cli_runner().invoke(args=["reviews", "erase-words", reference, "--json"]).stdout)
    return {row["what"].rpartition("-")[0]: row["what"] for row in rows}


def test_everything_that_was_said_is_erased_with_its_reason_and_digest(
    app: Flask, reference: str, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    client, address = signed_in("officer"), f"/reviews/{reference}/erase-words"
    assert f'href="{address}"' in client.get(f"/reviews/{reference}").text
    found = keys(app, reference)
    assert set(found) == set(KINDS)
    with app.app_context():
        assert db.session.scalars(select(Letter).where(Letter.text.contains("Alys Hale"))).first() is not None
        told = db.session.scalars(select(Dissent)).one().text
    page = client.get(address).text
    assert "Dissent of" in page
    assert "Ours" not in page, "what an agency has not sent"
    assert "Choose the words to erase" in client.post(address, data={"why": WHY}).text
    assert "Say why they must go" in client.post(address, data={"what": found["dissent"]}).text
    assert "Choose one of the answers listed" in client.post(address, data={"what": "dissent-99", "why": WHY}).text
    for kind in KINDS[:-1]:
        done = client.post(address, data={"what": found[kind], "why": WHY}, follow_redirects=True)
        assert "The words are erased." in done.text
        assert f'value="{found[kind]}"' not in done.text
    last = app.test_cli_runner().invoke(args=["reviews", "erase-words", reference, "--what", found["error_report"], "--why", WHY])
    assert last.exit_code == 0, last.output
    assert keys(app, reference) == {}
    with app.app_context():
        assert standing() == set()
        row = db.session.scalars(select(Dissent)).one()
        assert row.text.endswith(f"Why: {WHY}")
        assert row.name
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.about == f"dissent:{row.id}")).one()
        assert (entry.event, entry.fields["words"], entry.fields["why"]) == (erasing.ERASED, digest(told), digest(WHY))
        assert WHY not in json.dumps(entry.fields)
    assert "Erased words that somebody said in the review" in client.get(f"/reviews/{reference}/history").text


def test_only_whoever_runs_the_review_erases(app: Flask, reference: str, signed_in: SignIn, client: FlaskClient) -> None:
    address, what = f"/reviews/{reference}/erase-words", keys(app, reference)["dissent"]
    for who, status in (("lead_inspector", 403), ("inspector", 403), ("responder", 404), ("partner_inspector", 404)):
        assert signed_in(who).get(address).status_code == status, who
        assert signed_in(who).post(address, data={"what": what, "why": WHY}).status_code == status, who
    assert client.get(address).status_code == 302
    assert client.post(address, data={"what": what, "why": WHY}).status_code in (302, 400)
    assert what in keys(app, reference).values()


def test_where_the_same_words_stay_is_said_and_nothing_half_done(app: Flask, reference: str) -> None:
    """A finding says the same in its own name; of two who erase the same one is refused."""
    with app.app_context():
        with writes_now():
            finding = db.session.scalars(select(Finding)).first()
            assert finding is not None
            finding.text = f"We found that {CHILD}."
        what = keys(app, reference)["dissent"]
        run = app.test_cli_runner()
        args = ["reviews", "erase-words", reference, "--what", what, "--json"]
        refused = run.invoke(args=args)
        assert refused.exit_code == 1
        assert "Say why this is erased" in refused.stderr
        done = json.loads(run.invoke(args=[*args, "--why", WHY]).stdout)
        assert done["erased"] == what
        assert any("Finding" in place for place in done["also_said_in"])
        again = run.invoke(args=[*args, "--why", WHY])
        assert "Choose words that are still there" in again.stderr
        assert run.invoke(args=["reviews", "erase-words", "R-1999-001"]).exit_code == 1
