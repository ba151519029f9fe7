"""The pages of what was lodged, and files handed out safely."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from scrutiny.adapters.sandbox import Stopped
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import service
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.file_reading import sandbox_lanes
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.approving.pressing import approve, seen_in, waiting
from tests.scrutiny.evidence.conftest import make_scene
from tests.scrutiny.evidence.test_service import a_pdf, a_workbook, add
from tests.scrutiny.file_reading.test_documents import a_document


@pytest.fixture
def sent(app, cast):
    """An exempt answer with a PDF and a workbook, and a personal one with a PDF; their ids."""
    with app.app_context():
        scene = make_scene(cast)
        exempt, personal = scene.draft("exempt"), scene.draft("personal", title="Case records")
        confidential = scene.draft("confidential")
        files = [add(scene, exempt, 'minutes "1".pdf'), add(scene, exempt, "cases.xlsx", a_workbook())]
        files.append(add(scene, personal, content=a_pdf("Case")))
        for lodging in (exempt, personal, confidential):
            service.lodge(lodging, by=scene.actor("responder"), at=NOW)
        commit()
        sent = {"exempt": exempt, "personal": personal, "confidential": confidential}
        return {key: one.id for key, one in sent.items()} | dict(
            zip(("pdf", "book", "case"), [one.id for one in files], strict=True)
        )


def test_the_bodies_read_what_was_lodged_and_others_find_nothing(sent, signed_in, client):
    for who in ("lead_inspector", "partner_inspector", "responder"):
        page = signed_in(who).get(f"/evidence/{sent['exempt']}")
        assert page.status_code == 200
        assert "We found 12 patterns." in page.text
        assert "cases.xlsx" in page.text
    for who in ("fire_responder", "administrator"):
        assert signed_in(who).get(f"/evidence/{sent['exempt']}").status_code == 404
    assert client.get(f"/evidence/{sent['exempt']}").status_code == 404
    assert client.get(f"/evidence/files/{sent['pdf']}").status_code == 404


def test_a_file_is_handed_out_as_dead_matter(sent, signed_in):
    answer = signed_in("lead_inspector").get(f"/evidence/files/{sent['pdf']}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "minutes -1-.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.data.startswith(b"%PDF")


def test_a_file_waits_its_turn_and_is_not_said_to_be_missing(sent, signed_in, monkeypatch):
    """As many files are looked at as may be: browsers and programs are told when to ask again, and no page is lost."""

    def is_full(*_, **__):
        raise Stopped("Many files are being looked at just now. Wait a minute, then try again.", "busy")

    monkeypatch.setattr(sandbox_lanes.SHOW, "run", is_full)
    client = signed_in("partner_inspector")
    for address in (f"{sent['book']}/sheet", f"{sent['pdf']}/pages/2.png"):
        answer = client.get(f"/evidence/files/{address}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "Wait a minute, then try again" in answer.text


def test_a_page_is_a_picture_and_a_sheet_a_table(sent, signed_in):
    client = signed_in("partner_inspector")
    assert client.get(f"/evidence/files/{sent['pdf']}/pages/2.png").data.startswith(b"\x89PNG")
    assert client.get(f"/evidence/files/{sent['pdf']}/pages/9.png").status_code == 404
    page = client.get(f"/evidence/files/{sent['book']}/sheet?sheet=Notes")
    assert 'data-cell="B2">See page 3' in page.text
    assert client.get(f"/evidence/files/{sent['book']}/sheet?sheet=None").status_code == 404


def test_a_file_is_read_page_by_page_and_a_word_document_as_words(sent, signed_in, app, cast):
    """Pages were pictures with no way from one to the next, and a Word document could only be downloaded."""
    with app.app_context():
        scene = make_scene(cast)
        lodging = scene.draft("personal")
        words = add(scene, lodging, "plan.docx", a_document(400)).id
        service.lodge(lodging, by=scene.actor("responder"), at=NOW)
        commit()
    client = signed_in("responder")
    first = client.get(f"/evidence/files/{sent['pdf']}/read")
    assert f"/evidence/files/{sent['pdf']}/pages/1.png" in first.text
    assert "Page 1 of 2" in first.text
    assert "Next page" in first.text
    assert "Previous page" not in first.text
    last = client.get(f"/evidence/files/{sent['pdf']}/read?page=2").text
    assert "Nothing 2" in last
    assert "Last page" not in last
    for typed in ("3", "two", "0", "-1", "9" * 400):
        assert "Enter a page from 1 to 2" in client.get(f"/evidence/files/{sent['pdf']}/read?page={typed}").text
    page = client.get(f"/evidence/files/{words}/read?page=2").text
    assert "Twelve children went missing." in page
    assert f"/evidence/files/{words}/read?page=3" in page
    assert f"/evidence/files/{words}/read" in client.get(f"/evidence/{lodging_of(app, words)}").text
    assert client.get(f"/evidence/files/{sent['book']}/read").status_code == 404, "a workbook has a page of its own"
    assert signed_in("partner_inspector").get(f"/evidence/files/{words}/read").status_code == 404
    assert signed_in("lead_inspector").get(f"/evidence/files/{words}/read?page=2").status_code == 200
    with app.app_context():
        rows = list(db.session.scalars(select(AuditEntry).where(AuditEntry.event == "evidence_read")))
        assert [(row.fields["file"], row.fields["page"]) for row in rows] == [(words, 2)]


def lodging_of(app, file):
    """The lodging a file was sent with."""
    with app.app_context():
        return db.session.scalar(
            select(Lodging.id).join(EvidenceFile, EvidenceFile.evidence_id == Lodging.evidence_id).where(EvidenceFile.id == file)
        )


def test_reading_something_personal_is_kept_in_the_trail(sent, signed_in, app):
    assert signed_in("partner_inspector").get(f"/evidence/files/{sent['case']}").status_code == 404
    assert signed_in("responder").get(f"/evidence/files/{sent['case']}").status_code == 200
    assert signed_in("lead_inspector").get(f"/evidence/files/{sent['case']}").status_code == 200
    with app.app_context():
        rows = list(db.session.scalars(select(AuditEntry).where(AuditEntry.event == "evidence_read")))
        assert [(row.about, row.fields["file"]) for row in rows] == [(f"lodging:{sent['personal']}", sent["case"])]


def test_the_lead_grants_a_named_person_and_ends_it(sent, signed_in, cast):
    lead, partner = signed_in("lead_inspector"), signed_in("partner_inspector")
    page = lead.get(f"/evidence/{sent['confidential']}/grants")
    assert "Cara Quinn" in page.text
    said = lead.post(f"/evidence/{sent['confidential']}/grants", data={"person": cast.partner_inspector, "why": ""})
    assert "Say why this person needs to see it" in said.text
    lead.post(f"/evidence/{sent['confidential']}/grants", data={"person": cast.partner_inspector, "why": "Leads on health"})
    assert partner.get(f"/evidence/{sent['confidential']}").status_code == 200
    assert partner.get(f"/evidence/{sent['confidential']}/grants").status_code == 403
    lead.post("/evidence/grants/1/end")
    assert partner.get(f"/evidence/{sent['confidential']}").status_code == 404


def test_a_summary_is_written_by_the_lead_and_agreed_by_the_agency(sent, signed_in, app):
    lead, agency = signed_in("lead_inspector"), signed_in("responder")
    said = lead.post(f"/evidence/{sent['exempt']}/summary", data={"summary": "Prices rose."}, follow_redirects=True)
    assert "2 emails queued to Loamshire Police." in said.text, "the button promises to ask, and asks"
    with app.app_context():
        wanted = db.session.scalars(select(Letter).where(Letter.kind == "summary_wanted").order_by(Letter.address)).all()
        assert [letter.address for letter in wanted] == ["colleague@example.org", "responder@example.org"]
        assert "Prices rose." in wanted[0].text
    assert "Agree what the public may be told of" in agency.get("/inbox").text
    assert "Ask your approver to agree to this" in agency.get(f"/evidence/{sent['exempt']}").text
    assert signed_in("fire_responder").post(f"/evidence/{sent['exempt']}/summary/agree").status_code == 404
    said = agency.post(f"/evidence/{sent['exempt']}/summary/agree", follow_redirects=True).text
    assert "Nothing is agreed until your approver approves it." in said
    with app.app_context():
        assert db.session.get_one(Lodging, sent["exempt"]).summary_agreed_at is None
    approver = signed_in("certifier")
    old = seen_in(approver, at := waiting(approver))
    lead.post(f"/evidence/{sent['exempt']}/summary", data={"summary": "Prices rose by a half."})
    late = approver.post(at, data=old)
    assert late.status_code == 409
    assert "The requester has changed the words since" in late.text
    approver.post(f"{at}/send-back", data={"why": "Read the new words."})
    agency.post(f"/evidence/{sent['exempt']}/summary/agree")
    assert "Your agency has agreed that the public may be told this." in approve(approver).text
    with app.app_context():
        assert db.session.get_one(Lodging, sent["exempt"]).summary_agreed_at is not None
        agreed = db.session.scalars(select(Letter.address).where(Letter.kind == "summary_agreed")).all()
        assert agreed == ["lead.inspector@example.org"]
    assert "Agree what the public may be told of" not in agency.get("/inbox").text
