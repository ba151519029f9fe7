"""The asker's pages, walked as an officer would: open, look, edit, issue, judge; and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.inviting import accept, invitations_of
from scrutiny.reviews.models import Review, ReviewDraft
from scrutiny.transaction import writes_now
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
PLACE = {"places": "Barrow End", "place_on": ["2", "3", "2026"], "starts_on": ["2", "3", "2026"], "announced_on": ["", "", ""]}
SCOPE = {"title": "Buses in Barrow End", "reason": "They stop at six."}


def begin(client: FlaskClient, cast: SimpleNamespace) -> int:
    """Walk the four steps; the id of the draft."""
    done = client.post("/reviews/new", data=PLACE)
    assert done.status_code == 302, done.text
    draft_id = int(done.location.split("/")[3])
    client.post(f"/reviews/new/{draft_id}/bodies", data={"partners": [cast.ofsted], "observers": [cast.cqc], "version": 1})
    done = client.post(f"/reviews/new/{draft_id}/method", data={"method": "council-task-and-finish", "version": 2})
    assert done.location.endswith("/scope"), done.text
    page = client.get(f"/reviews/new/{draft_id}/scope").text
    lines = re.findall(r'name="lines"[^>]*value="([^"]+)"', page)
    data = SCOPE | {"lines": lines, "own_lines": "Who drives?", "version": 3}
    done = client.post(f"/reviews/new/{draft_id}/scope", data=data)
    assert done.location == f"/reviews/new/{draft_id}", done.text
    return draft_id


def opened(client: FlaskClient, cast: SimpleNamespace) -> str:
    """A review opened through the pages; its reference."""
    done = client.post(f"/reviews/new/{begin(client, cast)}/open")
    assert done.status_code == 302, done.text
    reference = done.location.split("/")[2]
    with client.application.app_context(), writes_now():
        review = db.session.scalars(select(Review).where(Review.reference == reference)).one()
        for invitation in invitations_of(review):
            accept(invitation, by=acting("lead_inspector"), at=datetime.now(UTC))
    return reference


def issue(client: FlaskClient, reference: str) -> None:
    """Issue every draft."""
    page = client.get(f"/reviews/{reference}/requests/issue")
    ids = re.findall(r'name="requests"[^>]*value="(\d+)"', page.text)
    done = client.post(f"/reviews/{reference}/requests/issue", data={"requests": ids})
    assert done.status_code == 302, done.text


def test_a_review_is_opened_in_five_steps_each_saved_by_itself(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    assert "Place and date" in officer.get("/reviews/new?place=E07900002").text
    assert 'value="E07900002"' in officer.get("/reviews/new?place=E07900002").text
    draft_id = begin(officer, cast)
    steps = officer.get(f"/reviews/new/{draft_id}").text
    assert steps.count(">Done<") == 4
    assert "Open the review and draft its requests" in steps
    assert "Buses in Barrow End" in officer.get("/reviews/new").text
    done = officer.post(f"/reviews/new/{draft_id}/open")
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert done.location == f"/reviews/{review.reference}/requests"
        assert (review.state, review.title, review.lines[-1].text) == ("opened", "Buses in Barrow End", "Who drives?")
        assert [row.part for row in review.bodies] == ["lead", "observer"]
        assert [(one.body_id, one.state) for one in invitations_of(review)] == [(cast.ofsted, "invited")]
        assert db.session.scalar(select(func.count()).select_from(EvidenceRequest)) == 6


def test_a_wrong_place_keeps_what_was_typed(signed_in: SignIn) -> None:
    page = signed_in("officer").post("/reviews/new", data=PLACE | {"places": "Narnia"})
    assert page.status_code == 200
    assert "No place called “Narnia” is known" in page.text
    assert 'value="Narnia"' in page.text


def test_a_method_the_body_may_not_lead_says_so_on_the_task_list(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    draft_id = begin(officer, cast)
    officer.post(f"/reviews/new/{draft_id}/method", data={"method": "jtai", "version": 4})
    page = officer.get(f"/reviews/new/{draft_id}").text
    assert "may not lead" in page
    assert "Open the review and draft" not in page
    assert officer.post(f"/reviews/new/{draft_id}/open").status_code == 409


def test_the_second_of_two_people_sees_both_versions(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer, chair = signed_in("officer"), signed_in("chair")
    draft_id = begin(officer, cast)
    with app.app_context():
        version = db.session.get_one(ReviewDraft, draft_id).version
    data = {"title": "Trains", "lines": ["x"], "version": version}
    page = officer.get(f"/reviews/new/{draft_id}/scope").text
    lines = re.findall(r'name="lines"[^>]*value="([^"]+)"', page)
    officer.post(f"/reviews/new/{draft_id}/scope", data=data | {"lines": lines})
    second = chair.post(f"/reviews/new/{draft_id}/scope", data=data | {"lines": lines, "title": "Ferries"})
    assert second.status_code == 200
    assert "Trains" in second.text
    assert "Ferries" in second.text
    assert "Both versions" in second.text


def test_only_those_who_run_reviews_may_open_one(signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace) -> None:
    assert signed_in("councillor").get("/reviews/new").status_code == 403
    assert signed_in("responder").get("/reviews/new").status_code == 403
    assert client.get("/reviews/new").status_code == 302
    draft_id = begin(signed_in("officer"), cast)
    assert signed_in("lead_inspector").get(f"/reviews/new/{draft_id}").status_code == 404


def test_a_method_can_be_read_before_it_is_chosen(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    page = officer.get(f"/reviews/new/{begin(officer, cast)}/method").text
    assert 'href="/methods/jtai"' in page
    assert "may not lead" in page
    assert officer.get("/methods/jtai").status_code == 200


def test_the_drafts_say_what_one_needs_to_judge_them(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    page = officer.get(f"/reviews/{reference}/requests").text
    assert "Issue 6 requests" in page
    assert "must supply" in page
    assert "Why this date?" in page
    assert "answers for 44 % of the people, 50 % of the land" in page
    letters = officer.get(f"/reviews/{reference}/requests/letters").text
    assert letters.count("Dear ") >= 6
    assert "We would like Loamshire Police to answer" in letters


def test_drafts_are_edited_dropped_and_added_to(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    with app.app_context():
        row = db.session.scalars(select(Item).order_by(Item.id)).first()
        slug, number, version, asked = row.request.slug, row.number, row.version, row.question.version
        line = row.question.line_id
    here = f"/reviews/{reference}/requests"
    assert officer.get(f"{here}/{slug}/{number}/edit").status_code == 200
    data = {"text": "How late do buses run?", "version": version, "question_version": asked}
    data |= {"wanted_on": ["1", "12", str(datetime.now(UTC).year + 5)]}
    assert officer.post(f"{here}/{slug}/{number}/edit", data=data).status_code == 302
    second = officer.post(f"{here}/{slug}/{number}/edit", data=data | {"text": "Otherwise"})
    assert "Both versions" in second.text
    assert "How late do buses run?" in officer.get(f"{here}/{slug}").text
    assert officer.post(f"{here}/{slug}/{number}/drop", data={"why": ""}).status_code == 200
    assert officer.post(f"{here}/{slug}/{number}/drop", data={"why": "Published"}).status_code == 302
    assert "Put it back" in officer.get(f"{here}/{slug}").text
    ask = {"line": line, "text": "Who pays?", "kind": "text", "agencies": [cast.police, cast.fire], "wanted_on": ["", "", ""]}
    assert officer.post(f"{here}/ask", data=ask).status_code == 302
    assert officer.get(f"{here}").text.count("Who pays?") >= 2
    assert officer.post(f"{here}/add", data={"agency": cast.ashby_council}).status_code == 302
    assert officer.post(f"{here}/P04/drop", data={"why": "Not them"}).status_code == 302
    assert "Ask it after all" in officer.get(here).text
    assert officer.post(f"{here}/P04/take-up").status_code == 302


def test_issuing_says_what_will_happen_and_then_does_it(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    page = officer.get(f"/reviews/{reference}/requests/issue").text
    assert "emails to 6 agencies, within a minute." in page
    assert "Rhys Cole" in page
    assert "The letters do not say who signs them, whom to ask, a telephone number" in page
    assert f"/bodies/{cast.committee}/letterhead" in page
    assert officer.post(f"/reviews/{reference}/requests/issue", data={}).status_code == 200
    issue(officer, reference)
    with app.app_context():
        assert set(db.session.scalars(select(EvidenceRequest.state))) == {"issued"}
        assert db.session.scalar(select(func.count()).select_from(Letter)) >= 6
    assert "Nothing has been sent yet" not in officer.get(f"/reviews/{reference}/requests").text


def _item(app: Flask, cast: SimpleNamespace) -> str:
    """The address of the first item of the police, within its review."""
    with app.app_context():
        rows = select(Item).join(EvidenceRequest).where(EvidenceRequest.agency_id == cast.police).order_by(Item.number)
        item = db.session.scalars(rows).first()
        return f"/reviews/{item.request.review.reference}/requests/{item.request.slug}/{item.number}"


def test_an_answer_by_post_is_entered_read_returned_and_accepted(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer, inspector = signed_in("officer"), signed_in("inspector")
    issue(officer, opened(officer, cast))
    here = _item(app, cast)
    assert officer.get(here).status_code == 200
    with app.app_context():
        day = db.session.scalars(select(EvidenceRequest)).first().issued_at
    entry = {
        "came_by": "post",
        "received_by": "Olwen",
        "received_on": [str(day.day), str(day.month), str(day.year)],
        "text": "There were 214 calls.",
        "marking": "open",
        "as_at": ["", "", ""],
        "files": (BytesIO(b"year,calls\n2025,214\n"), "calls.csv"),
    }
    done = officer.post(f"{here}/enter", data=entry, content_type="multipart/form-data")
    assert done.status_code == 302, done.text
    page = inspector.get(here).text
    assert "There were 214 calls." in page
    assert "calls.csv" in page
    assert "By post, received by Olwen" in page
    assert inspector.get(f"{here}/return").status_code == 200
    assert inspector.post(f"{here}/return", data={"why": "By month, please.", "until_on": ["", "", ""]}).status_code == 302
    assert "By month, please." in inspector.get(here).text
    entry |= {"files": (BytesIO(b"month,calls\n1,20\n"), "months.csv")}
    assert officer.post(f"{here}/enter", data=entry, content_type="multipart/form-data").status_code == 302
    assert inspector.post(f"{here}/accept").status_code == 302
    assert "Accepted" in inspector.get(here).text
    assert "An earlier answer" in inspector.get(here).text


def test_an_agency_that_comes_by_its_letter_is_led_to_its_own_page(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    issue(officer, opened(officer, cast))
    address = _item(app, cast).rsplit("/", 1)[0]
    led = signed_in("responder").get(address)
    assert led.status_code == 302
    assert signed_in("responder").get(address, follow_redirects=True).status_code == 200
    assert signed_in("fire_responder").get(address, follow_redirects=True).status_code == 404


@pytest.mark.parametrize("who", ["responder", "stranger", "administrator"])
def test_agencies_and_strangers_find_no_review(signed_in: SignIn, cast: SimpleNamespace, who: str) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    for page in ("requests", "matrix", "matrix.csv", "people", "timetable", "lines", "questions", "edit", "requests/letters"):
        assert signed_in(who).get(f"/reviews/{reference}/{page}").status_code == 404, page


def test_observers_read_what_was_sent_and_change_nothing(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer, observer = signed_in("officer"), signed_in("partner_inspector")
    reference = opened(officer, cast)
    assert "Drafts" not in observer.get(f"/reviews/{reference}/requests").text
    assert observer.get(f"/reviews/{reference}/requests/P01").status_code == 404
    issue(officer, reference)
    assert observer.get(f"/reviews/{reference}/requests/P01").status_code == 200
    assert observer.post(f"{_item(app, cast)}/accept").status_code == 403
    assert observer.get(f"/reviews/{reference}/edit").status_code == 403


def test_the_matrix_is_a_page_a_csv_and_a_workbook(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    assert "Draft" in officer.get(f"/reviews/{reference}/matrix").text
    issue(officer, reference)
    page = officer.get(f"/reviews/{reference}/matrix?agency={cast.police}&state=&line=")
    assert page.status_code == 200
    assert f"matrix.csv?agency={cast.police}" in page.text
    text = officer.get(f"/reviews/{reference}/matrix.csv?agency={cast.police}").data.decode("utf-8-sig")
    assert text.splitlines()[0] == "Line of enquiry,Question,Loamshire Police"
    book = openpyxl.load_workbook(BytesIO(officer.get(f"/reviews/{reference}/matrix.xlsx").data))
    assert book.sheetnames == ["Matrix", "Items"]
    assert officer.get(f"/reviews/{reference}/matrix?show=lines").status_code == 200
    assert "Nothing is found" in officer.get(f"/reviews/{reference}/matrix?state=accepted").text


def test_a_request_is_withdrawn_with_a_reason(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    issue(officer, reference)
    assert officer.post(f"/reviews/{reference}/requests/P01/withdraw", data={"why": "Asked of the county"}).status_code == 302
    assert "Withdrawn: Asked of the county" in officer.get(f"/reviews/{reference}/requests/P01").text


def test_what_to_mind_stands_on_the_draft_the_list_and_the_page_that_issues(
    signed_in: SignIn, cast: SimpleNamespace, app: Flask
) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    with app.app_context():
        county = db.session.get_one(Agency, cast.county_council)
        county.kind = "district"  # found out after drafting: the page that issues must know
        db.session.commit()
        board = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == cast.east_icb)).one()
        slug = board.slug
    barred = "A committee of a district council may not use"
    assert barred in officer.get(f"/reviews/{reference}/requests/issue").text
    page = officer.get(f"/reviews/{reference}/requests/{slug}").text
    assert "must send a member or employee to answer questions, on reasonable notice" in page
    assert "SI 2013/218 reg 27: seen in a public text" in page
