"""The asker's pages, walked as an officer would: open, look, edit, issue, judge; and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.asking.presenters import mind_the_day
from scrutiny.correspondence.models import Letter
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.formats import short_day
from scrutiny.reports.readiness import blockers
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.inviting import accept, bodies_lacking, decline, invitations_of
from scrutiny.reviews.models import Question, Review, ReviewDraft
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.transaction import writes_now
from tests.scrutiny.requests.answering_scene import document_of
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.reviews.acting import opened as the_review

SignIn = Callable[..., FlaskClient]
PLACE = {"places": "Barrow End", "place_on": ["2", "3", "2026"], "starts_on": ["2", "3", "2026"], "announced_on": ["", "", ""]}
SCOPE = {"title": "Buses in Barrow End", "reason": "They stop at six."}


def begin(client: FlaskClient, cast: SimpleNamespace) -> int:
    """Walk the five steps; the id of the draft."""
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
    assert done.location == f"/reviews/new/{draft_id}/agencies", done.text
    done = client.post(done.location, data={"agencies": ticked(client.get(done.location).text), "version": 4})
    assert done.location == f"/reviews/new/{draft_id}", done.text
    return draft_id


def joint_inspection(client: FlaskClient, cast: SimpleNamespace, method: str = "jtai") -> int:
    """Prepare an inspection by two inspectorates, up to the task list; the id of the draft."""
    draft_id = int(client.post("/reviews/new", data=PLACE | {"partner": cast.cqc}).location.split("/")[3])
    here = f"/reviews/new/{draft_id}"
    assert client.post(f"{here}/method", data={"method": method, "version": 1}).location == f"{here}/scope"
    lines = re.findall(r'name="lines"[^>]*value="([^"]+)"', client.get(f"{here}/scope").text)
    assert client.post(f"{here}/scope", data=SCOPE | {"lines": lines, "version": 2}).location == f"{here}/agencies"
    assert client.post(f"{here}/agencies", data={"agencies": ticked(client.get(f"{here}/agencies").text), "version": 3}).location
    return draft_id


def ticked(page: str) -> list[str]:
    """The ids of the agencies ticked on a page."""
    return [box[1] for box in re.finditer(r'name="agencies"[^>]*value="(\d+)"([^>]*)', page) if "checked" in box[2]]


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


def test_a_review_is_opened_in_six_steps_each_saved_by_itself(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    assert "Place and date" in officer.get("/reviews/new?place=E07900002").text
    first = officer.get("/reviews/new?place=E07900002").text
    assert 'value="E07900002"' not in first, "a place is called by its name"
    assert re.search(r'name="places"[^>]*value="[A-Z][a-z]', first)
    assert "steps 1 and 2 of 6" in first, "the next page is step 3"
    draft_id = begin(officer, cast)
    steps = officer.get(f"/reviews/new/{draft_id}").text
    assert steps.count(">Done<") == 5
    assert "Open the review and draft its requests" in steps
    assert "Buses in Barrow End" in officer.get("/reviews/new").text
    done = officer.post(f"/reviews/new/{draft_id}/open")
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert done.location == f"/reviews/{review.reference}/requests"
        assert (review.state, review.title, review.lines[-1].text) == ("opened", "Buses in Barrow End", "Who drives?")
        assert [row.part for row in review.bodies] == ["lead", "observer"]
        told = db.session.scalars(select(Letter).where(Letter.kind == "body_added")).all()
        assert {letter.address for letter in told} == {"partner.inspector@example.org"}, "the observer is told that it is one"
        assert [(one.body_id, one.state) for one in invitations_of(review)] == [(cast.ofsted, "invited")]
        assert db.session.scalar(select(func.count()).select_from(EvidenceRequest)) == 6


def test_a_wrong_place_keeps_what_was_typed(signed_in: SignIn) -> None:
    page = signed_in("officer").post("/reviews/new", data=PLACE | {"places": "Narnia"})
    assert page.status_code == 200
    assert "Nothing here is called “Narnia”" in page.text
    assert 'value="Narnia"' in page.text


def test_a_place_that_could_be_several_is_chosen_from_those(signed_in: SignIn) -> None:
    """Nothing is taken unasked; the one chosen is; what is typed instead counts over an earlier choice."""
    officer = signed_in("officer")
    page = officer.post("/reviews/new", data=PLACE | {"places": "Loamshire"})
    assert page.status_code == 200
    assert "Which of these do you mean?" in page.text
    chosen = PLACE | {"places": "Loamshire", "asked": "Loamshire", "meant": "E10900001"}
    assert 'value="E10900001"' in page.text
    retyped = officer.post("/reviews/new", data=chosen | {"places": "Barow"})
    assert "Did you mean Barrow End (E07900002)" in retyped.text
    assert officer.post("/reviews/new", data=chosen).status_code == 302
    assert officer.post("/reviews/new", data=PLACE | {"places": "lm1 1aa"}).status_code == 302


def test_only_methods_that_can_be_used_are_choices(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    draft_id = begin(officer, cast)
    here = f"/reviews/new/{draft_id}/method"
    page = officer.get(here).text
    assert 'value="jtai"' not in page
    assert "methods you cannot use here, and why" in page
    assert re.search(r"may not [^<]* the method “[^<]*\.<", page)
    assert re.search(r"(?<!\.)\.\.(?!\.)", re.sub(r"<[^>]+>", "", page)) is None, "one full stop"
    refused = officer.post(here, data={"method": "jtai", "version": 5})
    assert refused.status_code == 200
    assert "Choose one of the answers listed" in refused.text


def test_a_method_for_several_bodies_opens_with_those_invited_and_not_without(signed_in: SignIn, cast: SimpleNamespace) -> None:
    """The partner is invited on the first page; once it is taken away again, the task list says what is missing."""
    lead = signed_in("lead_inspector")
    first = lead.post("/reviews/new", data=PLACE | {"partner": cast.cqc})
    here = first.location.removesuffix("/method")
    assert lead.post(first.location, data={"method": "jtai", "version": 1}).location == f"{here}/scope"
    lines = re.findall(r'name="lines"[^>]*value="([^"]+)"', lead.get(f"{here}/scope").text)
    assert lead.post(f"{here}/scope", data=SCOPE | {"lines": lines, "version": 2}).status_code == 302
    assert lead.post(f"{here}/bodies", data={"partners": [], "observers": [], "version": 3}).status_code == 302
    page = lead.get(here).text
    assert "add a partner" in page
    assert "Open the review and draft" not in page
    assert lead.post(f"{here}/open").status_code == 409
    assert lead.post(f"{here}/bodies", data={"partners": [cast.cqc], "observers": [], "version": 4}).status_code == 302
    assert lead.post(f"{here}/open").location.endswith("/requests")


@pytest.mark.parametrize("method", ["jtai", "area-send"])
def test_a_joint_inspection_is_opened_with_the_partners_it_invites(
    signed_in: SignIn, cast: SimpleNamespace, app: Flask, method: str
) -> None:
    """Whoever is invited counts for what the method needs; where it declines, the lead is told what to do."""
    leader = signed_in("lead_inspector")
    done = leader.post(f"/reviews/new/{joint_inspection(leader, cast, method)}/open")
    assert done.status_code == 302, done.text
    here = done.location.removesuffix("/requests")
    assert "Invited as a partner: Care Standards Commission" in leader.get(done.location).text
    assert "until enough of those invited have accepted" in leader.get(f"{here}/people").text
    with app.app_context(), writes_now():
        review = db.session.scalars(select(Review)).one()
        assert [body.id for body in bodies_taking_part(review)] == [cast.ofsted], "it has no part until it accepts"
        (invitation,) = invitations_of(review)
        decline(invitation, why="No inspectors are free", by=acting("partner_inspector"), at=datetime.now(UTC))
        letter = db.session.scalars(select(Letter).where(Letter.kind == "invitation_answered")).one()
        assert "Invite more partners, or withdraw the review" in letter.text
        assert any(one.words == bodies_lacking(review).rstrip(".") for one in blockers(review, None, on=date(2026, 3, 2)))
    assert "Invite more partners, or withdraw the review" in leader.get(f"{here}/people").text


def test_the_scope_ticks_the_agencies_and_says_why_the_others_are_left_out(
    signed_in: SignIn, cast: SimpleNamespace, app: Flask
) -> None:
    """A review of health: the boards are ticked, the others are drafted and left out with the reason, to be taken up at will."""
    officer = signed_in("officer")
    draft_id = begin(officer, cast)
    here = f"/reviews/new/{draft_id}"
    scope = SCOPE | {"lines": re.findall(r'name="lines"[^>]*value="([^"]+)"', officer.get(f"{here}/scope").text)}
    done = officer.post(f"{here}/scope", data=scope | {"services": ["health-commissioning"], "version": 5})
    assert done.location == f"{here}/agencies", "the services changed, so whom to ask is chosen again"
    page = officer.get(f"{here}/agencies").text
    assert sorted(ticked(page)) == sorted([str(cast.west_icb), str(cast.east_icb)])
    assert "The review is about other services: Planning and paying for health services." in page
    boxes = {"agencies": ticked(page), "version": 6}
    refused = officer.post(f"{here}/agencies", data=boxes | {"why": ""})
    assert "Say why you leave agencies out" in refused.text
    assert ticked(refused.text) == boxes["agencies"]
    assert officer.post(f"{here}/agencies", data=boxes | {"why": "Not about health"}).location == here
    assert "4 agencies left out" in officer.get(here).text
    page = officer.post(f"{here}/open", follow_redirects=True).text
    assert "2 requests drafted. 4 agencies are left out." in page
    assert page.count("Not about health") == 4
    with app.app_context():
        assert sorted(db.session.scalars(select(EvidenceRequest.state))) == ["drafted"] * 2 + ["dropped"] * 4


def test_agencies_are_left_out_together_with_one_reason(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    here = f"/reviews/{opened(officer, cast)}/requests"
    ids = re.findall(r'name="requests"[^>]*value="(\d+)"', officer.get(f"{here}/leave-out").text)
    assert len(ids) == 6
    refused = officer.post(f"{here}/leave-out", data={"requests": ids[:5], "why": ""})
    assert "Say why these agencies are left out" in refused.text
    assert refused.text.count(" checked") == 5
    assert "Choose at least one agency" in officer.post(f"{here}/leave-out", data={"why": "x"}).text
    assert officer.post(f"{here}/leave-out", data={"requests": ids[:5], "why": "Next year"}).status_code == 302
    page = officer.get(here).text
    assert page.count("Next year") == 5
    assert "Issue 1 request" in page
    assert signed_in("inspector").get(f"{here}/leave-out").status_code == 403


def test_a_line_of_enquiry_without_a_question_is_warned_about_until_it_has_one(
    signed_in: SignIn, cast: SimpleNamespace, app: Flask
) -> None:
    """On the list and on the page that issues; an own question is due with the others of its letter."""
    officer = signed_in("officer")
    here = f"/reviews/{opened(officer, cast)}/requests"
    warned = "has no question, so nobody will send evidence"
    with app.app_context():
        line = next(one.id for one in db.session.scalars(select(Review)).one().lines if one.text == "Who drives?")
    matrix = f"{here.removesuffix('/requests')}/matrix"
    assert warned not in signed_in("councillor").get(matrix).text, "who runs the review asks"
    for page in (here, f"{here}/issue", matrix):
        assert warned in officer.get(page).text
        assert f"/requests/ask?line={line}" in officer.get(page).text
    assert f'<option value="{line}" selected' in officer.get(f"{here}/ask?line={line}").text.replace("selected=''", "selected")
    ask = {"line": line, "text": "Who drives?", "kind": "text", "agencies": [cast.police], "wanted_on": ["", "", ""]}
    assert officer.post(f"{here}/ask", data=ask).status_code == 302
    assert f"/requests/ask?line={line}" not in officer.get(here).text
    assert f"/requests/ask?line={line}" not in officer.get(matrix).text
    with app.app_context():
        rows = select(Item).join(EvidenceRequest).where(EvidenceRequest.agency_id == cast.police)
        items = list(db.session.scalars(rows))
        assert {item.due_on for item in items if not item.question.standard_key} == {items[0].due_on}


def test_a_question_of_ones_own_is_called_what_its_officer_calls_it(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    """Its title heads it for everybody asked; without one its first words do, and follow them when they change."""
    officer = signed_in("officer")
    here = f"/reviews/{opened(officer, cast)}/requests"
    with app.app_context():
        line = db.session.scalars(select(Review)).one().lines[0].id

    def own() -> Item:
        rows = select(Item).join(EvidenceRequest).where(EvidenceRequest.agency_id == cast.police).order_by(Item.number.desc())
        return db.session.scalars(rows.execution_options(populate_existing=True)).first()

    ask = {"line": line, "text": "Who drives the buses at night?", "kind": "text", "agencies": [cast.police]}
    ask |= {"wanted_on": ["", "", ""]}
    assert "Keep it to 100 characters" in officer.post(f"{here}/ask", data=ask | {"title": "x" * 101}).text
    assert officer.post(f"{here}/ask", data=ask | {"title": "Night buses"}).status_code == 302
    with app.app_context():
        item = own()
        assert item.question.title == "Night buses"
        edit = f"{here}/{item.request.slug}/{item.number}/edit"
    assert 'value="Night buses"' in officer.get(edit).text
    for typed, text, title in (
        ("Night buses", "Who drives after 10pm?", "Night buses"),
        ("Buses after 10pm", "Who drives after 10pm?", "Buses after 10pm"),
        ("Who drives after 10pm?", "Who drives after 10pm?", "Who drives after 10pm?"),
        ("Who drives after 10pm?", "Who drives after 11pm?", "Who drives after 11pm?"),
    ):
        with app.app_context():
            versions = {"version": own().version, "question_version": own().question.version}
        data = {"title": typed, "text": text, "wanted_on": ["", "", ""]} | versions
        assert officer.post(edit, data=data).status_code == 302
        with app.app_context():
            assert own().question.title == title


def test_what_concerns_several_requests_is_minded_once_with_whom_it_concerns(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    here = f"/reviews/{opened(officer, cast)}/requests"
    for page in (here, f"{here}/issue"):
        shown = re.findall(r'class="govuk-warning-text__text">(.*?)</strong>', officer.get(page).text, re.DOTALL)
        cautions = [unescape(re.sub(r"<span.*?</span>", "", one)).strip() for one in shown]
        assert any("This concerns " in one for one in cautions), page
        alone = [one.partition(" This concerns ")[0] for one in cautions]
        assert len(set(alone)) == len(alone), page


def test_another_method_asks_for_the_scope_again_and_keeps_its_words(signed_in: SignIn, cast: SimpleNamespace) -> None:
    """The lines ticked before were those of the other method: they were replaced, and the step stayed done."""
    officer = signed_in("officer")
    here = f"/reviews/new/{begin(officer, cast)}"
    assert officer.post(f"{here}/method", data={"method": "spotlight", "version": 5}).location == f"{here}/scope"
    tasks = officer.get(here).text
    assert "The method has changed. Choose its lines of enquiry" in tasks
    assert "Open the review and draft" not in tasks
    assert officer.post(f"{here}/open").status_code == 409
    page = officer.get(f"{here}/scope").text
    for words in ("Buses in Barrow End", "They stop at six.", "Who drives?"):
        assert words in page
    lines = re.findall(r'name="lines"[^>]*value="([^"]+)"', page)
    done = officer.post(f"{here}/scope", data=SCOPE | {"lines": lines, "own_lines": "Who drives?", "version": 6})
    assert done.location == f"{here}/agencies"
    assert "The method has changed" not in officer.get(here).text


def test_names_and_dates_are_shown_before_a_review_is_opened(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    here = f"/reviews/new/{begin(officer, cast)}"
    page = officer.get(here).text
    assert "Barrow End, with the boundaries of" in page
    assert "E07900002" not in page
    assert "Timetable" in page
    assert "Monday 2 March 2026" in page[page.index("First day") :]
    assert "Buses in Barrow End</a>" in officer.get("/reviews/new").text
    other = officer.post("/reviews/new", data=PLACE).location
    assert "Barrow End</a>" in officer.get("/reviews/new").text, "until it has a title it is called by its place"
    assert "Choose the method first" in officer.get(other.removesuffix("/method")).text


@pytest.mark.usefixtures("context")
def test_issuing_early_or_on_a_day_off_is_warned_of(cast: SimpleNamespace) -> None:
    review = the_review(cast)  # begins on Monday 2 March 2026
    assert mind_the_day(review, date(2026, 3, 2)) == []
    (early,) = mind_the_day(review, date(2026, 2, 27))
    assert early.startswith("The review starts on Monday 2 March 2026.")
    (sunday,) = mind_the_day(review, date(2026, 3, 8))
    assert sunday.startswith("Today is not a working day.")
    assert len(mind_the_day(review, date(2026, 1, 1))) == 2


def test_a_body_is_partner_or_observer(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    here = f"/reviews/new/{begin(officer, cast)}/bodies"
    page = officer.post(here, data={"partners": [cast.ofsted], "observers": [cast.ofsted, cast.cqc], "version": 5}).text
    assert page.count("Choose partner or observer, not both, for Office for Standards in Learning") == 2, "summary and field"


def test_the_letters_are_read_on_the_page_that_issues(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    page = officer.get(f"/reviews/{opened(officer, cast)}/requests/issue").text
    assert page.count("Dear ") >= 6
    assert "We would like Loamshire Police to answer" in page


def test_the_page_that_issues_shows_the_laws_day_beside_the_day_asked(
    signed_in: SignIn, cast: SimpleNamespace, app: Flask
) -> None:
    """Before anything goes: what the letter asks, what the law sets, after which day it is late, and the way to change it."""
    officer = signed_in("officer")
    reference = opened(officer, cast)
    with app.app_context():
        requests = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.agency_id == cast.county_council)).all()
        item = document_of(requests[0])
        law_on, slug, number = item.statutory_due_on, requests[0].slug, item.number
        assert law_on is not None
        assert item.due_on is not None
        assert item.due_on > law_on
        asked = short_day(item.due_on)
    shown = re.findall(r"<tr[^>]*>.*?</tr>", officer.get(f"/reviews/{reference}/requests/issue").text, re.DOTALL)
    row = next(row for row in shown if short_day(law_on) in row)
    assert f"requests/{slug}/{number}/edit" in row
    words = " ".join(re.sub(r"<[^>]+>", " ", row).split())
    assert f"Item {number} {asked} {short_day(law_on)} {asked}: you give longer than the law" in words
    others = [row for row in shown if "no day by law" in row]
    assert others
    assert not any(short_day(law_on) in row for row in others), "no day of the law is shown for what it does not reach"


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
    assert 'href="/methods/jtai?' in page
    assert "may not lead" in page
    assert officer.get("/methods/jtai").status_code == 200


def test_the_drafts_say_what_one_needs_to_judge_them(signed_in: SignIn, cast: SimpleNamespace) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    page = officer.get(f"/reviews/{reference}/requests").text
    assert "Issue 6 requests" in page
    assert "must supply" in page
    assert "Why this date?" in page
    assert "answers for 44% of the people, 50% of the land" in page
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
    with app.app_context():
        own = db.session.scalars(select(Item).join(Item.question).where(Question.text == "Who pays?")).first()
        own_draft, own_id, last = own.request.slug, own.question_id, own.number
    assert f"{last}. Who pays?" in officer.get(f"{here}/{own_draft}").text
    moved = officer.post(f"{here}/{own_draft}/move/{own_id}", data={"to": "up"}, follow_redirects=True).text
    assert f"{last - 1}. Who pays?" in moved
    assert f"The question is now number {last - 1}." in moved
    assert officer.post(f"{here}/{own_draft}/move/999999", data={"to": "up"}).status_code == 404
    assert signed_in("councillor").post(f"{here}/{own_draft}/move/{own_id}", data={"to": "up"}).status_code == 403
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
    wrong = {"received_by": "", "received_on": ["1", "1", "2020"], "marking": "exempt", "as_at": ["", "", ""], "figures": "Calls"}
    refused = officer.post(f"{here}/enter", data=wrong | {"others": "2"}).text
    summary = refused[refused.index("There is a problem") : refused.index("<h1")]
    for box in ("came_by", "received_by", "received_on", "exempt_ground"):
        assert f'id="{box}-error"' in refused, "each beside its own box, all at once"
        assert f'href="#{box}' in summary
    assert re.search(r'name="others"[^>]*value="2"[^>]*checked', refused), "what was ticked stays ticked"
    assert "We tell you" not in refused, "the reader is the officer, not the agency"
    assert "The agency is told at least five working days before that" in refused
    done = officer.post(f"{here}/enter", data=entry | {"others": "2"}, content_type="multipart/form-data", follow_redirects=True)
    assert re.search(r"The answers to items 1 and 2 are entered\. \d emails? queued", done.text)
    second = inspector.get(f"{here[:-1]}2").text
    assert "There were 214 calls." in second
    assert "calls.csv" in second
    with app.app_context():
        uses = db.session.scalars(select(EvidenceFile).where(EvidenceFile.name == "calls.csv")).all()
        assert len({one.evidence_id for one in uses}) == 2
        assert len({one.sha256 for one in uses}) == 1, "stored once"
    page = inspector.get(here).text
    assert "There were 214 calls." in page
    assert "calls.csv" in page
    assert "Came by post, received by Olwen" in page
    assert inspector.get(f"{here}/return").status_code == 200
    assert inspector.post(f"{here}/return", data={"why": "By month, please.", "until_on": ["", "", ""]}).status_code == 302
    assert "By month, please." in inspector.get(here).text
    entry |= {"files": (BytesIO(b"month,calls\n1,20\n"), "months.csv")}
    assert officer.post(f"{here}/enter", data=entry, content_type="multipart/form-data").status_code == 302
    assert inspector.post(f"{here}/accept").status_code == 302
    assert "Accepted" in inspector.get(here).text
    assert "An earlier answer" in inspector.get(here).text


def test_after_one_answer_the_next_to_review_is_a_click_away(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    """From My work to the first; from each that was accepted or returned to the next; then none is left."""
    officer, inspector = signed_in("officer"), signed_in("inspector")
    issue(officer, opened(officer, cast))
    first = _item(app, cast)
    second, queue = f"{first[:-1]}2", f"{first.rsplit('/requests/', 1)[0]}/next-answer"
    assert inspector.get(queue).location.endswith("/matrix"), "none waits"
    today = [str(part) for part in (datetime.now(UTC).day, datetime.now(UTC).month, datetime.now(UTC).year)]
    entry = {"came_by": "post", "received_by": "Olwen", "received_on": today, "text": "214", "marking": "open"}
    for page in (first, second):
        assert officer.post(f"{page}/enter", data=entry | {"as_at": ["", "", ""]}).status_code == 302
    assert f'href="{queue}"' in inspector.get("/inbox").text
    assert inspector.get(queue).location == first
    assert "Next answer to review" in inspector.get(first).text
    done = inspector.post(f"{first}/accept")
    page = inspector.get(done.location).text
    assert f'href="{second}"' in page
    assert "1 more waits" in page
    assert inspector.post(f"{second}/return", data={"why": "By month", "until_on": ["", "", ""]}).location == second
    assert "No other answer in this review needs to be reviewed now." in inspector.get(second).text
    assert officer.get(queue).location.endswith("/matrix")
    assert signed_in("responder").get(queue).status_code == 404


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
    assert "Nothing matches these filters" in officer.get(f"/reviews/{reference}/matrix?state=accepted").text


def test_a_request_is_withdrawn_with_a_reason(signed_in: SignIn, cast: SimpleNamespace, app: Flask) -> None:
    officer = signed_in("officer")
    reference = opened(officer, cast)
    issue(officer, reference)
    here = f"/reviews/{reference}/requests/P01"
    for page, button in ((f"{here}/1/withdraw", "Withdraw item 1"), (f"{here}/withdraw", "Withdraw the request")):
        shown = unescape(officer.get(page).text)
        for words in (
            "Who is told",
            "[the reason you write below]",
            "We cannot see answers you have not sent",
            "be undone",
            button,
        ):
            assert words in shown, page
        told = re.search(r"Who is told</h2>\s*<ul.*?</ul>", shown, re.DOTALL)
        assert told
        assert "@example.org" in told[0] or "no email address is known" in told[0]
    day = r"\d{1,2} \w+ \d{4} at \S+"
    assert re.search(rf"issued {day}</span>", officer.get(here).text), "no end is named before there is one"
    with app.app_context(), writes_now():
        sent = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.reference == f"{reference}/P01")).one()
        sent.issued_at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert officer.post(f"{here}/withdraw", data={"why": "Asked of the county"}).status_code == 302
    caption = officer.get(here).text.partition("<h1")[0]
    said = re.search(rf"issued 5 January 2026 at 9:30am, withdrawn ({day})</span>", caption)
    assert said, "each with its own day"
    assert "5 January" not in said[1], "it was not withdrawn when it was sent"
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
    assert "SI 2013/218 reg 27: checked in a published text" in page
