"""Findings through their pages: read, cite, propose, check facts; by everybody who may and nobody who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.findings import queries, service
from scrutiny.findings.models import Correction, Finding, PrivateNote
from scrutiny.reviews.models import Review
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.checking.test_by_the_approver import held
from tests.scrutiny.findings.conftest import Scene, a_pdf, a_workbook, file_named, make_scene, statements


def send(cast: SimpleNamespace) -> SimpleNamespace:
    """A review with an answer that has a PDF, a scan and a workbook, a personal one, a draft and a proposed finding; by ids."""
    scene = make_scene(cast)
    files = {"minutes.pdf": a_pdf("Three children in ten", "Not known"), "scan.pdf": a_pdf(""), "cases.xlsx": a_workbook()}
    plain, personal = scene.lodged(files=files), scene.lodged("personal", title="Case records")
    scene.drafted("A draft of ours")
    scene.proposed("Proposed to all", lodging=personal)
    commit()
    ids = {name.split(".")[0]: file_named(plain, name).id for name in files}
    return SimpleNamespace(
        at=f"/reviews/{scene.review.reference}", review=scene.review.id, plain=plain.id, personal=personal.id, **ids
    )


@pytest.fixture
def sent(as_built: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    """What was sent, by ids."""
    return as_built(send)


def titled(page: str) -> str:
    """The heading of a page, its tags dropped."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def test_the_list_says_what_each_finding_lacks(sent, signed_in):
    page = signed_in("inspector").get(f"{sent.at}/findings").text
    assert "1. A draft of ours" in page
    assert "It rests on no evidence" in page
    assert "2. Proposed to all" in page
    assert "Draft a finding" in page


def test_who_finds_the_pages_of_findings(sent, signed_in, client):
    for path in ("findings", "findings/1", "accuracy", "notes", "pack"):
        for who, status in (("councillor", 403), ("responder", 404), ("stranger", 404), ("administrator", 404)):
            assert signed_in(who).get(f"{sent.at}/{path}").status_code == status, (path, who)
        assert "/sign-in" in client.get(f"{sent.at}/{path}").headers["Location"]
        assert signed_in("partner_inspector").get(f"{sent.at}/{path}").status_code == 200


def test_a_partner_without_a_grant_is_shown_no_personal_words(sent, signed_in):
    page = signed_in("partner_inspector").get(f"{sent.at}/findings/2").text
    assert "You may not see this quotation: it is marked personal" in page
    assert "12 patterns" not in page
    assert "Case records" not in page
    assert "12 patterns" in signed_in("lead_inspector").get(f"{sent.at}/findings/2").text


def test_a_finding_is_drafted_cited_and_proposed_in_its_pages(app, sent, signed_in):
    client = signed_in("inspector")
    page = client.post(f"{sent.at}/findings/new", data={"title": "", "text": "Kept"})
    assert "Give the finding a title" in page.text
    assert "Kept" in page.text
    with app.app_context():
        line = queries.finding_by_number(sent.review, 1).lines[0].id
    made = client.post(f"{sent.at}/findings/new", data={"title": "New", "text": "Words", "lines": [line], "save": "Save"})
    assert made.headers["Location"] == f"{sent.at}/findings/3"
    page = client.get(f"{sent.at}/findings/3").text
    assert "It rests on no evidence" in page
    assert "Propose the finding" not in page
    assert client.post(f"{sent.at}/findings/3/move", data={"move": "propose"}).status_code == 409
    cited = client.post(
        f"{sent.at}/read/{sent.plain}?file={sent.minutes}&page=1",
        data={"quotation": "children in ten", "page": "1", "finding": "3", "cite": "Cite"},
        follow_redirects=True,
    )
    assert "Cited in finding 3, as its citation 1" in cited.text
    assert titled(cited.text) == "Missing children"
    page = client.get(f"{sent.at}/findings/3").text
    assert "minutes.pdf, page 1" in page
    assert "Propose the finding" in page
    done = client.post(f"{sent.at}/findings/3/move", data={"move": "propose"}, follow_redirects=True)
    assert "Finding 3 is now proposed" in done.text


def test_a_new_finding_is_begun_from_the_evidence_and_not_when_the_words_are_wrong(app, sent, signed_in):
    client, at = signed_in("inspector"), f"{sent.at}/read/{sent.plain}?file={sent.cases}&sheet=Notes"
    wrong = client.post(
        at, data={"quotation": "halved", "cell": "Notes!B2", "finding": "new", "title": "Miscounted", "cite": "Cite"}
    )
    assert "Cell Notes!B2 holds" in wrong.text
    assert "Miscounted" in wrong.text
    with app.app_context():
        assert queries.next_number(sent.review) == 3
    right = {"quotation": "doubled in error", "cell": "Notes!B2", "finding": "new", "cite": "Cite"}
    assert "Give the new finding a title" in client.post(at, data=right).text
    assert client.post(at, data=right | {"title": "Miscounted"}).status_code == 302
    with app.app_context():
        finding = queries.finding_by_number(sent.review, 3)
        assert (finding.title, finding.citations[0].cell) == ("Miscounted", "Notes!B2")


def test_a_scan_asks_for_somebodys_eye(sent, signed_in):
    client, at = signed_in("inspector"), f"{sent.at}/read/{sent.plain}?file={sent.scan}"
    page = client.get(at).text
    assert "its words cannot be selected" in page
    typed = {"quotation": "Signed by hand", "page": "1", "finding": "1", "cite": "Cite"}
    page = client.post(at, data=typed).text
    assert "tick “I have checked the quotation by eye”" in page
    assert "Signed by hand" in page
    assert "Cited in finding 1" in client.post(at, data=typed | {"by_eye": "y"}, follow_redirects=True).text
    assert "Checked by eye" in client.get(f"{sent.at}/findings/1").text


def test_every_part_can_be_read_without_scripts(sent, signed_in):
    client, at = signed_in("partner_inspector"), f"{sent.at}/read/{sent.plain}"
    assert "We found 12 patterns in 1,204 cases." in client.get(at).text
    page = client.get(f"{at}?file={sent.minutes}&page=2").text
    assert f"/evidence/files/{sent.minutes}/pages/2.png" in page
    assert ">Not known</div>" in page
    assert 'data-cell="Cases!B2">1204</td>' in client.get(f"{at}?file={sent.cases}").text
    assert client.get(f"{at}?file={sent.minutes}&page=3").status_code == 404
    assert client.get(f"{at}?file={sent.minutes}&page=x").status_code == 404
    assert client.get(f"{at}?file=9999").status_code == 404
    assert client.get(f"{sent.at}/read/{sent.personal}").status_code == 404


def test_the_evidence_is_listed_as_far_as_it_may_be_opened(sent, signed_in):
    lead, partner = signed_in("lead_inspector"), signed_in("partner_inspector")
    assert "Case records" in lead.get(f"{sent.at}/evidence").text
    page = partner.get(f"{sent.at}/evidence").text
    assert "Case records" not in page
    assert "1 more piece of evidence is marked so that you may not open it" in page
    observer = signed_in("councillor").get(f"{sent.at}/evidence").text
    assert "Missing children" in observer
    assert "Finding" not in observer
    assert signed_in("responder").get(f"{sent.at}/evidence").status_code == 404


def test_opening_what_is_personal_is_noted(app, sent, signed_in):
    page = signed_in("lead_inspector").get(f"{sent.at}/read/{sent.personal}")
    assert "We found 12 patterns" in page.text
    with app.app_context():
        found = db.session.scalars(db.select(AuditEntry.about).where(AuditEntry.event == "evidence_read"))
        assert list(found) == [f"lodging:{sent.personal}"]


def test_a_note_is_kept_beside_the_document_and_shown_to_nobody_else(app, sent, signed_in):
    client, at = signed_in("inspector"), f"{sent.at}/read/{sent.plain}"
    client.post(at, data={"note": "I doubt it", "keep": "Keep the note"})
    assert "I doubt it" in client.get(at).text
    assert "I doubt it" in client.get(f"{sent.at}/notes").text
    with app.app_context():
        note = db.session.scalar(db.select(PrivateNote)).id
    for who in ("lead_inspector", "partner_inspector"):
        assert "I doubt it" not in signed_in(who).get(at).text
        assert "I doubt it" not in signed_in(who).get(f"{sent.at}/notes").text
        assert signed_in(who).post(f"/notes/{note}/drop", data={"move": "drop"}).status_code == 404
    assert signed_in("administrator").post(f"/notes/{note}/drop", data={"move": "drop"}).status_code == 404
    client.post(f"/notes/{note}/drop", data={"move": "drop"})
    assert "I doubt it" not in client.get(at).text


def test_no_address_of_the_api_gives_a_note_to_anyone(app, sent, signed_in):
    signed_in("inspector").post(f"{sent.at}/notes", data={"note": "I doubt it", "keep": "Keep the note"})
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/") and "GET" in rule.methods]
        values = {"reference": sent.at.removeprefix("/reviews/")}
        addresses = [adapter.build(rule.endpoint, {a: values.get(a, 1) for a in rule.arguments}) for rule in rules]
    assert addresses
    for who in ("inspector", "administrator"):
        for address in addresses:
            assert "I doubt it" not in signed_in(who).get(address).text, address


def test_two_writers_are_shown_both_versions(sent, signed_in):
    one, other = signed_in("inspector"), signed_in("lead_inspector")
    version = re.search(r'name="version"[^>]*value="(\d+)"', one.get(f"{sent.at}/findings/1").text)[1]
    typed = {"title": "A draft of ours", "text": "Mine", "version": version, "save": "Save"}
    assert one.post(f"{sent.at}/findings/1", data=typed).status_code == 302
    page = other.post(f"{sent.at}/findings/1", data=typed | {"text": "Theirs"}).text
    assert "Both versions" in page
    assert "Mine" in page
    assert "Theirs" in page


def test_facts_are_checked_from_the_letter_to_the_answer(app, sent, signed_in):
    lead, police, fire = signed_in("lead_inspector"), signed_in("responder"), signed_in("fire_responder")
    assert "Loamshire Police" in lead.get(f"{sent.at}/accuracy").text
    assert "finding 2 (cited)" in lead.get(f"{sent.at}/accuracy").text
    assert signed_in("inspector").post(f"{sent.at}/accuracy/start", data={"move": "start"}).status_code == 403
    assert (
        "Accuracy check started for 1 agency. 2 emails queued."
        in lead.post(f"{sent.at}/accuracy/start", data={"move": "start"}, follow_redirects=True).text
    )
    page = police.get("/accuracy/1").text
    assert "The agencies count in three ways." in page
    assert "Leo Hart" not in page
    assert "No corrections: tell your approver" in page
    for path in ("/accuracy/1", "/accuracy/1/1"):
        assert fire.get(path).status_code == 404
        assert lead.get(path).status_code == 404
    wrong = {"words": "in nine ways", "correction": "two ways", "grounds": "We know", "save": "Send"}
    assert "not in the extract" in police.post("/accuracy/1/1", data=wrong).text
    assert police.post("/accuracy/1/1", data=wrong | {"words": "in three ways"}).status_code == 302
    assert "Send 1 correction to your approver" in police.get("/accuracy/1").text
    police.post("/accuracy/1/finish", data=held(police, "/accuracy/1"))
    assert lead.get(f"{sent.at}/corrections/1").status_code == 404
    certifier = signed_in("certifier")
    certifier.post("/accuracy/1/finish", data=held(certifier, "/accuracy/1"))
    assert "you had finished" in police.get("/accuracy/1").text
    page = lead.get(f"{sent.at}/corrections/1").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    decided = {"move": "make", "decision": "So it is", "text": "They count in two ways.", "version": version, "save": "Save"}
    assert lead.post(f"{sent.at}/corrections/1", data=decided).status_code == 302
    assert "So it is" in police.get("/accuracy/1").text
    with app.app_context():
        assert db.session.get(Correction, 1).state == "made"
        assert db.session.scalar(db.select(Finding.text).where(Finding.number == 2)) == "They count in two ways."


@pytest.mark.parametrize("path", ["findings", "evidence", "read", "accuracy", "pack"])
def test_a_page_takes_the_same_statements_however_much_there_is(app, cast, sent, signed_in, path):
    client = signed_in("lead_inspector" if path == "accuracy" else "partner_inspector")
    address = f"{sent.at}/read/{sent.plain}?file={sent.minutes}" if path == "read" else f"{sent.at}/{path}"
    counts = []
    for _ in range(2):
        client.get(address)
        with app.app_context(), statements() as heard:
            answer = client.get(address)  # in a context of its own
        assert answer.status_code == 200
        counts.append(len(heard))
        _more(app, cast, sent)
    assert counts[0] == counts[1]
    assert 5 < counts[0] < 40


def _more(app: Flask, cast: SimpleNamespace, sent: SimpleNamespace) -> None:
    """Much more of everything."""
    with app.app_context():
        scene = Scene(cast, db.session.get_one(Review, sent.review), "lead_inspector")
        for n in range(4):
            lodging = scene.lodged(title=f"More {n}", files={f"m{n}.pdf": a_pdf(f"Page {n}")})
            finding = scene.proposed(f"More {n}", lodging=lodging)
            file = db.session.scalar(db.select(EvidenceFile).where(EvidenceFile.evidence_id == lodging.evidence_id))
            service.cite(finding, lodging=lodging, file=file, page=1, quotation=f"Page {n}", by=scene.by, at=NOW)
        commit()


def test_a_change_that_is_refused_leaves_the_finding_as_it_was(app, sent, signed_in):
    """A proposed finding may not lose what it needs: not even the words that were put in before the refusal are kept."""
    at = f"{sent.at}/findings/2"
    page = signed_in("inspector").get(at).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    with app.app_context():
        before = db.session.scalars(db.select(Finding).where(Finding.review_id == sent.review, Finding.number == 2)).one().text
    typed = {"title": "Another title", "text": " ", "lines": "own-none", "version": version[1] if version else ""}
    line = re.search(r'name="lines"[^>]*value="([^"]+)"', page)
    typed["lines"] = line[1] if line else ""
    answer = signed_in("inspector").post(at, data=typed)
    assert answer.status_code == 200
    assert "Another title" in answer.text
    with app.app_context():
        kept = db.session.scalars(db.select(Finding).where(Finding.review_id == sent.review, Finding.number == 2)).one()
        assert (kept.title, kept.text) == ("Proposed to all", before)


def test_every_button_of_a_finding_saves_what_was_typed_first(app, sent, signed_in):
    """Propose, take out and the rest stood in forms of their own: the text typed beside them was lost."""
    client = signed_in("lead_inspector")
    address = f"{sent.at}/findings/2"
    with app.app_context():
        finding = queries.finding_by_number(sent.review, 2)
        typed = {"title": finding.title, "lines": [line.id for line in finding.lines]}
    page = client.get(address).text
    assert page.count("<form") - page.split("<main")[0].count("<form") == 1, "one form, so that no button leaves another's text"

    def press(then: str, text: str) -> tuple[str, str, str]:
        with app.app_context():
            version = queries.finding_by_number(sent.review, 2).version
        answer = client.post(address, data=typed | {"text": text, "version": version, "then": then})
        assert answer.status_code == 302
        with app.app_context():
            kept = queries.finding_by_number(sent.review, 2)
            return kept.text, kept.state, answer.headers["Location"]

    assert press("take_back", "First words") == ("First words", "drafted", address)
    assert press("propose", "Second words") == ("Second words", "proposed", address)
    assert press("settle", "Third words") == ("Third words", "proposed", address), "refused, and yet nothing typed is lost"
    assert "Your changes are saved. Loamshire Police has not been shown this finding" in client.get(address).text
    assert press("uncite:1", "Fourth words")[:2] == ("Fourth words", "proposed"), "a proposed finding keeps its last citation"
    assert press("withdraw", "Fifth words") == ("Fifth words", "proposed", f"{address}/withdraw")
    assert press("", "Sixth words")[:2] == ("Sixth words", "proposed")


def test_withdrawing_asks_why_and_tells_those_concerned(app, sent, signed_in):
    """By the lead inspector of the body whose finding it is: of what an inspector wrote, and of what a partner reads."""
    address = f"{sent.at}/findings/2/withdraw"
    leader = signed_in("lead_inspector")
    page = leader.get(address).text
    assert "A withdrawn finding cannot be brought back" in page
    refused = leader.post(address, data={"why": ""})
    assert "Say why: everybody who works on this finding is told" in refused.text
    assert leader.post(address, data={"why": "It rests on one case"}).status_code == 302
    assert "It rests on one case" in leader.get(f"{sent.at}/findings/2").text
    with app.app_context():
        letters = db.session.scalars(select(Letter).where(Letter.kind == "finding_moved")).all()
        assert [letter.address for letter in letters] == ["partner.inspector@example.org"]
        assert "It rests on one case" in letters[0].text
        assert queries.finding_by_number(sent.review, 2).state == "withdrawn"
    for who, status in (("inspector", 403), ("councillor", 403), ("responder", 404), ("stranger", 404)):
        assert signed_in(who).get(f"{sent.at}/findings/1/withdraw").status_code == status, who


def test_the_finding_of_another_body_is_out_of_reach(app, sent, signed_in):
    partner = signed_in("partner_inspector")
    page = partner.get(f"{sent.at}/findings/2").text
    assert "Return the finding to draft" not in page
    assert "Withdraw the finding" not in page
    for address in (f"{sent.at}/findings/1/withdraw", f"{sent.at}/findings/2/withdraw"):
        assert partner.get(address).status_code == 403
        assert partner.post(address, data={"why": "It rests on one case"}).status_code == 403
    refused = partner.post(f"{sent.at}/findings/2/move", data={"move": "take_back"})
    assert refused.status_code == 409
    assert "Only Office for Standards in Learning can return it to draft, reopen it or withdraw it" in refused.text
    with app.app_context():
        assert [queries.finding_by_number(sent.review, number).state for number in (1, 2)] == ["drafted", "proposed"]
