"""The pack of a meeting: for members of the lead and partner bodies, and never with what is personal or confidential."""

from __future__ import annotations

import io
import re
from datetime import date
from types import SimpleNamespace

import pypdfium2
import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.answering import service as answering
from scrutiny.asking import attending
from scrutiny.asking import service as asking
from scrutiny.extensions import db
from scrutiny.recommendations import service as recommending
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import commit, writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.findings.conftest import Scene, make_scene
from tests.scrutiny.reviews.acting import acting


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A committee's review with findings on open, exempt and confidential evidence, a draft, and recommendations."""
    with app.app_context():
        scene = make_scene(cast, "council-task-and-finish", "committee")
        for marking in ("open", "exempt", "confidential"):
            lodging = scene.lodged(marking, text=f"We found 12 patterns. Kept {marking}.")
            scene.proposed(f"On {marking} ground", lodging=lodging)
        scene.drafted("A secret draft")
        _recommend(scene, "Count once", propose=True)
        _recommend(scene, "A draft recommendation", propose=False)
        commit()
        return SimpleNamespace(at=f"/reviews/{scene.review.reference}")


def _recommend(scene: Scene, text: str, *, propose: bool) -> None:
    """A recommendation to the police."""
    made = recommending.draft_recommendation(
        scene.review,
        text=text,
        measure="One count",
        done_by=date(2027, 3, 1),
        agency=db.session.get_one(Agency, scene.cast.police),
        findings=recommending.findings_chosen(scene.review, [1]),
        by=scene.by,
        at=NOW,
    )
    if propose:
        recommending.move_recommendation(made, "propose", by=scene.by, at=NOW)


@pytest.mark.parametrize("who", ["councillor", "chair", "officer", "inspector"])
def test_members_read_what_is_proposed_with_what_may_be_quoted(sent, signed_in, who):
    page = signed_in(who).get(f"{sent.at}/pack").text
    assert page.count("12 patterns</blockquote>") == 2
    assert "You may not see this quotation: it is marked confidential" in page
    assert "1 quotation is not shown here" in page
    assert "Exempt" in page
    assert "Count once" in page
    assert "A draft recommendation" not in page
    assert "A secret draft" not in page
    assert f'href="{sent.at}/questions"' in page
    assert "Loamshire" in page


def test_the_pack_is_printed_with_what_the_page_says_and_no_more(sent, signed_in):
    """Whoever compiles it finds it, and what is sent round quotes no more than the page does."""
    assert f'href="{sent.at}/pack"' in signed_in("officer").get(sent.at).text
    assert f'href="{sent.at}/pack.pdf"' in signed_in("officer").get(f"{sent.at}/pack").text
    done = signed_in("officer").get(f"{sent.at}/pack.pdf")
    assert done.mimetype == "application/pdf"
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(done.data))
    assert text.count("12 patterns") == 2
    assert "1 quotation is not shown" in text
    assert "Count once" in text
    assert "A secret draft" not in text
    assert "A draft recommendation" not in text


def test_the_word_document_says_what_is_printed(sent, signed_in):
    """Both are made of one page, so that they cannot differ; a finding may begin a line with its quotation."""
    assert f'href="{sent.at}/pack.docx"' in signed_in("officer").get(f"{sent.at}/pack").text
    done = signed_in("councillor").get(f"{sent.at}/pack.docx")
    assert done.mimetype.endswith("wordprocessingml.document")
    document = Document(io.BytesIO(done.data))
    text = "\n".join(one.text for one in document.paragraphs)
    assert text.count("12 patterns") == 2
    assert "1 quotation is not shown" in text
    assert "Count once" in text
    assert "A secret draft" not in text
    assert "A draft recommendation" not in text
    assert document.core_properties.author == "Loamshire Overview and Scrutiny Committee"
    assert {"Heading 1", "Heading 2", "Quote"} <= {one.style.name for one in document.paragraphs}


def test_nobody_else_finds_the_pack(sent, signed_in, client):
    for who in ("partner_inspector", "responder", "administrator"):
        assert signed_in(who).get(f"{sent.at}/pack").status_code == 404
        assert signed_in(who).get(f"{sent.at}/pack.pdf").status_code == 404
        assert signed_in(who).get(f"{sent.at}/pack.docx").status_code == 404
    assert client.get(f"{sent.at}/pack").status_code == 302


@pytest.fixture
def answered(app: Flask, asked: SimpleNamespace) -> SimpleNamespace:
    """Answers of the police accepted, one open and one confidential, and the fire service asked to a meeting."""
    with app.app_context(), writes_now():
        items = db.session.get_one(EvidenceRequest, asked.police).items
        for item, marking in zip(items[:2], ("open", "confidential"), strict=True):
            typed = answering.Typed(text=f"An answer kept {marking}.", figures="Calls: 214 calls", marking=marking)
            answering.keep_answer(item, typed, by=acting("responder"), at=NOW)
        answering.send_to_certifier(items[:2], by=acting("responder"), at=NOW)
        for item in items[:2]:
            answering.submit_item(item, by=acting("certifier"), at=NOW)
            asking.accept_item(item, by=acting("officer"), at=NOW)
        asked.items = [item.id for item in items[:3]]
        review = items[0].request.review
        fire = db.session.scalars(select(Agency).where(Agency.name == "Loamshire Fire and Rescue")).one()
        meeting = attending.Asked(held_on=date(2026, 3, 26), place="County Hall, Ashby", about="Waiting times", begins="2pm")
        for one in attending.ask_to_attend(review, [fire], meeting, line=review.lines[0], by=acting("officer"), at=NOW):
            issue_and_deliver(review, [one.request], by=acting("officer"), at=NOW)
    asked.at = f"/reviews/{asked.reference}/pack"
    return asked


def test_the_pack_holds_the_meeting_and_the_answers_that_are_ticked(answered, signed_in):
    """The page, the PDF and the Word document hold the same; what a pack may not hold is not offered, and not had by asking."""
    officer = signed_in("officer")
    page = officer.get(answered.at).text
    assert "Thursday 26 March 2026, 2pm, County Hall, Ashby" in page
    assert "An answer kept" not in page
    offered = re.findall(r'name="answer" type="checkbox" value="(\d+)"', page)
    assert offered == [str(answered.items[0])]
    ticked = "?" + "&".join(f"answer={one}" for one in (*answered.items, "x", "9999999999999"))
    page = officer.get(answered.at + ticked).text
    pdf = officer.get(f"{answered.at}.pdf{ticked}").data
    printed = " ".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf))
    word = "\n".join(one.text for one in Document(io.BytesIO(officer.get(f"{answered.at}.docx{ticked}").data)).paragraphs)
    for text in (page, printed, word):
        assert text.count("An answer kept open.") == 1
        assert "Calls: 214 calls" in text
        assert "County Hall, Ashby" in text
        assert "kept confidential" not in text
    assert "pack.pdf?answer=" in page
    assert "An answer kept open." in signed_in("councillor").get(answered.at + ticked).text
