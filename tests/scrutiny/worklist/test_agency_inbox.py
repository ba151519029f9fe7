"""An agency's one list: what is due, when and why then, from whom, who has it; and how much was asked this quarter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from flask import Flask
from flask.testing import FlaskClient

from scrutiny.accounts.models import Person
from scrutiny.answering import service as answering
from scrutiny.delegation import service as delegation
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Extract, Finding
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests.models import EvidenceRequest, Holder
from scrutiny.transaction import writes_now
from scrutiny.worklist import agency_work
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.worklist.conftest import make_asked, words_of

TODAY = date(2026, 3, 2)


def test_a_responder_sees_what_is_due_from_whom_and_why_then(
    asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """One line for the request, with its working and a way on to the answering page."""
    page = signed_in("responder").get("/inbox")
    words = words_of(page)
    assert "Tue 21 Apr 2026 (50 days) Why this date?" in words
    assert "Loamshire Overview and Scrutiny Committee 5 of 5 items left Children's mental health (R-2026-001/P05)" in words
    assert f'href="/answering/{asked.police}"' in page.get_data(as_text=True)
    assert "This quarter: 5 items asked by 1 body, no hours recorded yet" in words


def test_more_time_is_said_only_where_it_was_asked_for(app: Flask, asked: SimpleNamespace) -> None:
    """A wish for one item stood beside every line of its request."""
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.police)
        first, other = request.items[0], request.items[1]
        other.due_on = (other.due_on or TODAY) + timedelta(days=7)
        until = other.due_on + timedelta(days=7)
        answering.ask_extension(request, until_on=until, reason="Leave", item=other, by=acting("responder"), at=NOW)
        days = first.due_on, other.due_on
    with app.app_context():
        found = {due.due_on: due.notes for due in agency_work.due_for(acting("responder"), TODAY)}
        assert [any("More time asked for" in note for note in found[day]) for day in days] == [False, True]


def test_why_a_date_is_what_it_is_stands_beside_its_working(app: Flask, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    """The working is as it is stored; each kind of row says why then, without a sentence put into it."""
    with app.app_context(), writes_now():
        review = db.session.get_one(EvidenceRequest, asked.police).review_id
        _check(review, cast.police, date(2026, 3, 9))
        _recommendation(review, cast.police, 1, "awaited", due_on=date(2026, 4, 1))
        _recommendation(review, cast.police, 2, "accepted")
    with app.app_context():
        found = agency_work.due_for(acting("responder"), TODAY)
        request = db.session.get_one(EvidenceRequest, asked.police)
        kinds = {due.key.partition("-")[0] for due in found}
        assert kinds == {"request", "accuracy", "recommendation"}
        assert all("sentence" not in due.working.to_plain() for due in found)
        row = next(due for due in found if due.key.startswith("request"))
        assert (row.working, row.why) == (request.items[0].due_working, request.items[0].due_why)
        assert row.why.startswith(("Due on", "By"))
        progress = next(due for due in found if due.key.endswith("progress"))
        assert progress.why == "The recommendation asks for it to be done by Tue 1 Dec 2026."


def test_handed_items_saved_answers_and_the_certifiers_are_told_apart(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """Who has which, in words; what is with the certifier is the certifier's to approve."""
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.police)
        for item in request.items[:2]:
            answering.keep_answer(item, answering.Typed(text="Twelve."), by=acting("responder"), at=NOW)
        answering.send_to_certifier(request.items[:1], by=acting("responder"), at=NOW)
        delegation.hand_items([request.items[2]], db.session.get_one(Person, cast.colleague), by=acting("responder"), at=NOW)
        delegation.hand_items([request.items[3]], db.session.get_one(Person, cast.responder), by=acting("responder"), at=NOW)
    responder, certifier = (words_of(signed_in(who).get("/inbox")) for who in ("responder", "certifier"))
    assert "5 of 5 items left" in responder
    assert "1 saved, not sent 1 with your approver" in responder
    assert "You (1)" in responder
    assert "Jo Field (1)" in responder
    assert "Your approver (1)" in responder
    assert "4 of 5 items left" in certifier
    assert "1 answer to approve" in certifier


def test_nothing_of_another_agency_shows(asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """Each agency's list is its own; the other health board has its own line only."""
    html = signed_in("fire_responder").get("/inbox").get_data(as_text=True)
    assert "R-2026-001/P06" in html
    assert "R-2026-001/P05" not in html
    assert f"/answering/{asked.police}" not in html


def test_an_item_passed_to_another_agency_is_in_that_agencys_list(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, context: None
) -> None:
    """Holder rows say who must answer on a day, whoever was asked."""
    with writes_now():
        item = db.session.get_one(EvidenceRequest, asked.police).items[0]
        for row in _holders(item.id):
            row.to_on = TODAY
        db.session.add(Holder(item_id=item.id, agency_id=cast.fire, from_on=TODAY))
    police = agency_work.due_for(acting("responder"), TODAY)
    fire = agency_work.due_for(acting("fire_responder"), TODAY)
    assert [one.what for one in police] == ["4 of 4 items left"]
    assert "1 of 1 item left" in [one.what for one in fire if one.reference == "R-2026-001/P05"]


def _holders(item_id: int) -> list[Holder]:
    """The holder rows of an item."""
    return list(db.session.scalars(db.select(Holder).where(Holder.item_id == item_id).order_by(Holder.id)))


def test_checks_and_recommendations_stand_in_the_same_list_by_date(
    asked: SimpleNamespace, cast: SimpleNamespace, context: None
) -> None:
    """Everything an agency owes, earliest first; what is done or another's is left out."""
    with writes_now():
        _check(asked.id, cast.police, date(2026, 3, 10))
        _check(asked.id, cast.fire, date(2026, 3, 3))
        _recommendation(asked.id, cast.police, 1, "awaited", due_on=date(2026, 3, 5))
        _recommendation(asked.id, cast.police, 2, "accepted", done_by=date(2026, 9, 1))
        _recommendation(asked.id, cast.police, 3, "said_done")
        _recommendation(asked.id, cast.police, 4, "awaited", state="proposed")
    found = agency_work.due_for(acting("responder"), TODAY)
    assert [(one.due_on, one.what) for one in found] == [
        (date(2026, 3, 5), "Respond to recommendation 1"),
        (date(2026, 3, 10), "Check the facts in 1 finding"),
        (date(2026, 4, 21), "5 of 5 items left"),
        (date(2026, 9, 1), "Say how it is going with recommendation 2"),
    ]
    assert [one.href.split("/")[1] for one in found] == ["recommendations", "accuracy", "answering", "recommendations"]


def _check(review_id: int, agency_id: int, due_on: date) -> None:
    """An accuracy check of one extract, which has reached its agency."""
    finding = Finding(review_id=review_id, number=agency_id, title="One", text="One.", written_by="person:1", written_at=NOW)
    extract = Extract(finding=finding, title="One", text="One.")
    received = {"sent_at": NOW, "received_on": TODAY, "received_how": "email"}
    db.session.add(AccuracyCheck(review_id=review_id, agency_id=agency_id, due_on=due_on, extracts=[extract], **received))


def _recommendation(
    review_id: int,
    agency_id: int,
    number: int,
    response: str,
    *,
    due_on: date | None = None,
    done_by: date = date(2026, 12, 1),
    state: str = "made",
) -> None:
    """A recommendation to an agency, with how far its response is."""
    db.session.add(
        Recommendation(
            review_id=review_id,
            number=number,
            text="Do it.",
            measure="It is done.",
            done_by=done_by,
            state=state,
            written_by="person:1",
            written_at=NOW,
            addressees=[Addressee(agency_id=agency_id, state=response, due_on=due_on, received_on=TODAY, received_how="email")],
        )
    )


def test_the_hours_recorded_this_quarter_are_added_up(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """They are those of the burden ledger."""
    with app.app_context(), writes_now():
        db.session.get_one(EvidenceRequest, asked.police).hours_spent = 6.5
    words = words_of(signed_in("responder").get("/inbox"))
    assert "This quarter: 5 items asked by 1 body, about 6 hours recorded." in words


def test_the_list_takes_the_same_number_of_statements_however_long(
    app: Flask,
    asked: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: Callable[..., FlaskClient],
    statements: Callable[[], list[str]],
) -> None:
    """One review or four, with checks and recommendations: not one statement more."""
    with app.app_context(), writes_now():
        _check(asked.id, cast.police, date(2026, 3, 10))
        _recommendation(asked.id, cast.police, 1, "awaited", due_on=date(2026, 3, 5))
        item = db.session.get_one(EvidenceRequest, asked.police).items[0]
        delegation.hand_items([item], db.session.get_one(Person, cast.colleague), by=acting("responder"), at=NOW)
    client = signed_in("responder")
    client.get("/inbox")
    few = len(_counted(client, statements))
    with app.app_context():
        for number in range(3):
            more = make_asked(cast, f"Review {number}")
            with writes_now():
                _check(more.id, cast.police, date(2026, 3, 11))
                _recommendation(more.id, cast.police, 1, "accepted")
                _recommendation(more.id, cast.police, 2, "awaited")
    sent = _counted(client, statements)
    assert len(sent) == few
    assert few <= 29


def _counted(client: FlaskClient, statements: Callable[[], list[str]]) -> list[str]:
    """The statements one reading of the list takes."""
    sent = statements()
    assert client.get("/inbox").status_code == 200
    return list(sent)


def test_late_lines_are_said_to_be_late(
    asked: SimpleNamespace, clock: Callable[[], datetime], signed_in: Callable[..., FlaskClient]
) -> None:
    """Overdue is worked out on the day of reading."""
    clock.moment = NOW + timedelta(days=53)
    words = words_of(signed_in("responder").get("/inbox"))
    assert "Tue 21 Apr 2026 (3 days overdue)" in words
    assert "1 line below is overdue" in words


def test_an_approver_never_reads_of_her_approver(
    app: Flask, cast: SimpleNamespace, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """What she sent back she has sent back herself; the responder reads of an approver on the same pages."""
    with app.app_context(), writes_now():
        request, by = db.session.get_one(EvidenceRequest, asked.police), acting("responder")
        back, waiting = request.items[0], request.items[1]
        for item in (back, waiting):
            answering.keep_answer(item, answering.Typed(text="Six."), by=by, at=NOW)
        answering.send_to_certifier([back, waiting], by=by, at=NOW)
        answering.send_back(back, "Which year?", by=acting("certifier"), at=NOW)
        paths = ["/inbox", f"/answering/{request.id}", f"/answering/{request.id}/certify"]
        item_sent_back = f"/answering/items/{back.id}"
        paths += [f"/answering/items/{item.id}{way}" for item in (back, waiting) for way in ("", "/take-back")]
    client = signed_in("certifier")
    said = {path: words_of(client.get(path)) for path in paths}
    assert [path for path, words in said.items() if "our approver" in words] == []
    assert "1 sent back by you" in said["/inbox"]
    assert "Sent back by an approver: Which year?" in said[item_sent_back]
    assert "1 sent back by your approver" in words_of(signed_in("responder").get("/inbox"))
