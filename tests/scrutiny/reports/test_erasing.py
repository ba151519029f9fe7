"""Words that are erased stand nowhere afterwards; what is sealed with them says so, and loses them when it is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, cast, select

from scrutiny.agencies.models import Agency
from scrutiny.evidence.erasing import Erased, Sealed, erase_words, still_quoted
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.evidence.service import lodge_draft
from scrutiny.extensions import db
from scrutiny.findings.models import Citation, Extract
from scrutiny.reports import jobs
from scrutiny.reports.models import Signature
from scrutiny.transaction import writes_now
from tests.scrutiny.reports.story import RELEASE, WORDS, scheduled
from tests.scrutiny.reviews.acting import acting

QUOTED = "waited longer than eighteen weeks"
WHY = "A child could be recognised"


@pytest.fixture
def quoted(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """An answer that a finding and a published report quote, and that its agency was shown to check."""
    with app.app_context():
        reference = scheduled(cast).report.reference
        jobs.release_reports(at=RELEASE)
        lodging = db.session.scalars(select(Lodging).join(Evidence).where(Evidence.text_kept == WORDS)).one()
        with writes_now():
            finding = db.session.scalars(select(Citation)).one().finding
            for extract in db.session.scalars(select(Extract).where(Extract.finding_id == finding.id)):
                extract.quotations = [{"evidence": "An answer", "where": "the written answer", "quotation": QUOTED}]
        made = SimpleNamespace(lodging=lodging.id, evidence=lodging.evidence_id, report=reference)
        db.session.remove()
    return made


def where_it_stands() -> set[str]:
    """Every column of every table in which the words stand."""
    found = set()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if db.session.scalar(select(table).where(cast(column, Text).contains(QUOTED)).exists().select()):
                found.add(f"{table.name}.{column.name}")
    return found


def test_erased_words_stand_nowhere_but_in_what_is_sealed_until_that_is_erased(
    app: Flask, quoted: SimpleNamespace, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        assert {"evidence.text", "citation.quotation", "edition.snapshot"} <= where_it_stands()
        assert still_quoted(Erased(db.session.get_one(Evidence, quoted.evidence))) == [
            Sealed(f"Edition 1 of report {quoted.report}", is_public=True)
        ]
    for who in ("officer", "fire_responder"):
        page = signed_in(who).get(f"/evidence/{quoted.lodging}/erase").text
        assert f"Edition 1 of report {quoted.report} (public)" in page
        assert "stays in it until it is withdrawn" in page
    officer = signed_in("officer")
    assert officer.post(f"/evidence/{quoted.lodging}/erase", data={"why": WHY}).status_code == 302
    with app.app_context():
        assert where_it_stands() == {"edition.snapshot"}
    findings = officer.get(f"/reviews/{quoted.report}/findings/1").text
    assert "What was quoted here has been erased." in findings
    assert QUOTED in client.get(f"/reports/{quoted.report}").text, "as the page has said"
    officer.post(f"/reviews/{quoted.report}/report/withdraw", data={"why": WHY, "erase": "y"})
    with app.app_context():
        assert where_it_stands() == set()
        assert still_quoted(Erased(db.session.get_one(Evidence, quoted.evidence))) == []


def test_the_command_erases_and_names_what_still_quotes(app: Flask, quoted: SimpleNamespace) -> None:
    said = app.test_cli_runner().invoke(args=["evidence", "erase", str(quoted.lodging), "--why", WHY])
    assert (said.exit_code, f"Still quoted in: Edition 1 of report {quoted.report}" in said.output) == (0, True)
    with app.app_context():
        assert where_it_stands() == {"edition.snapshot"}


def test_words_signed_from_anothers_copy_of_the_same_bytes_stay(
    app: Flask, cast: SimpleNamespace, quoted: SimpleNamespace
) -> None:
    """The police sent what the fire authority did, and a finding quotes both: only one of them is erased."""
    with app.app_context(), writes_now():
        lodging = db.session.get_one(Lodging, quoted.lodging)
        citation = db.session.scalars(select(Citation)).one()
        police = db.session.get_one(Agency, cast.police)
        sender = acting("responder")
        copy = lodge_draft(
            agency=police, review=lodging.review, title="A copy", text=WORDS, marking="open", by=sender, at=RELEASE
        )
        also = {"sha256": citation.sha256, "quotation": QUOTED, "made_by": sender.reference, "made_at": RELEASE}
        citation.finding.citations.append(Citation(number=2, lodging=copy, page=3, **also))
        signature = db.session.scalars(select(Signature)).one()
        signed, number = signature.signed["findings"], str(citation.finding.number)
        both = [*signed[number]["citations"], [citation.sha256, 3, "", QUOTED]]
        signature.signed = {**signature.signed, "findings": {**signed, number: {**signed[number], "citations": both}}}
        db.session.flush()
        erase_words(lodging, WHY, by=acting("fire_responder"), at=RELEASE)
        left = signature.signed["findings"][number]["citations"]
        assert [row[1:] for row in left] == [[None, "", ""], [3, "", QUOTED]]
        assert copy.evidence.digest == citation.sha256
        assert still_quoted(Erased(copy.evidence)) == [], "the edition says which lodging its words are from"
