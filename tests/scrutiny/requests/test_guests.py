"""An agency known only by an address: whoever reads it may answer that request, and sees nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts import service as accounts
from scrutiny.accounts.models import Person
from scrutiny.accounts.service import ask_for_link
from scrutiny.agencies.models import Agency, AgencyGuest
from scrutiny.agencies.service import edit_agency
from scrutiny.agencies.succession import details_of
from scrutiny.asking import service
from scrutiny.bodies import service as bodies
from scrutiny.bodies.queries import actor_of
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.evidence import letters as asking
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.findings import letters as findings
from scrutiny.findings.models import AccuracyCheck
from scrutiny.pages import now
from scrutiny.recommendations import letters as advising
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests import ROOM, contacts, guests
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.requests.test_delivering import issued_to, request_of
from tests.scrutiny.reviews.acting import acting, opened

SignIn = Callable[..., FlaskClient]
OFFICE = "county.council.office@example.org"


def secret_of(app: Flask, address: str) -> str | None:
    """The secret of the sign-in link written last to an address."""
    rows = select(Letter).where(Letter.kind == "sign_in", Letter.address == address).order_by(Letter.id.desc())
    letter = db.session.scalars(rows).first()
    return unseal(letter.sealed, app.config["SETTINGS"].secret_key) if letter is not None and letter.sealed else None


@pytest.fixture
def asked(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A request to the county council, and another to the police, both delivered."""
    with app.app_context():
        mine = issued_to(cast, "county_council", email=OFFICE)
        other = issued_to(cast, "police")
        post_letters(at=NOW)
        request = request_of(mine)
        return SimpleNamespace(
            mine=mine,
            other=other,
            letter=f"/reviews/{request.review.reference}/requests/{request.slug}",
            item=request.items[0].id,
        )


def guest_of(app: Flask, letter: str) -> FlaskClient:
    """The office signs in as its letter tells it to."""
    client = app.test_client()
    page = client.get(letter)
    assert page.status_code == 302
    client.post("/sign-in", data={"email": OFFICE, "next": letter})
    with app.app_context():
        secret = secret_of(app, OFFICE)
    assert secret is not None, "a link is written"
    done = client.post(f"/sign-in/link/{secret}")
    assert done.status_code == 302, done.text
    return client


def test_the_letter_lets_in_whoever_reads_its_address(app: Flask, asked: SimpleNamespace) -> None:
    client = guest_of(app, asked.letter)
    led = client.get(asked.letter, follow_redirects=True)
    assert led.request.path == f"/answering/{asked.mine}"
    assert "Loamshire County Council" in led.text
    assert client.get("/inbox", follow_redirects=True).request.path == f"/answering/{asked.mine}"
    page = client.get(f"/answering/items/{asked.item}")
    assert page.status_code == 200
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    data = {"text": "We spent £4 million.", "version": version[1] if version else "", "marking": "open"}
    assert client.post(f"/answering/items/{asked.item}", data=data).status_code == 302
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == OFFICE)).one()
        answer = request_of(asked.mine).items[0].answers[0]
        assert (answer.by, answer.lodging.evidence.agency.name) == (person.reference, "Loamshire County Council")


def test_it_sees_that_request_and_nothing_else(app: Flask, asked: SimpleNamespace, cast: SimpleNamespace) -> None:
    with app.app_context():
        second = issued_to(cast, "county_council")  # of another review, to the same agency, and never delivered
        other = request_of(asked.other)
        theirs = f"/reviews/{other.review.reference}/requests/{other.slug}"
    client = guest_of(app, asked.letter)
    review = asked.letter.split("/requests")[0]
    closed = [
        f"/answering/{asked.other}",
        f"/answering/{second}",
        review,
        *[
            f"{review}/{page}"
            for page in ("requests", "matrix", "evidence", "letters", "history", "timetable", "findings", "people")
        ],
        "/reviews",
        "/delays",
        "/inbox.ics",
        "/administration",
        "/administration/mail",
        f"/answering/{asked.mine}/register",
    ]
    for path in closed:
        assert client.get(path).status_code in (403, 404), path
    assert client.get(theirs, follow_redirects=True).status_code == 404
    assert client.get(f"/api/v1{review}").status_code == 404


def test_a_guest_has_no_colleagues_here_and_is_offered_none(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    client = guest_of(app, asked.letter)
    page = client.get(f"/answering/items/{asked.item}")
    assert "Ask what is meant" in page.text
    assert "Hand this to a colleague" not in page.text
    assert "Only members of Loamshire County Council" in client.get(f"/answering/items/{asked.item}/hand").text


def test_an_officer_ends_the_access_and_the_letter_does_not_give_it_back(
    app: Flask, asked: SimpleNamespace, signed_in: SignIn
) -> None:
    client = guest_of(app, asked.letter)
    officer = signed_in("officer")
    assert "Can answer this request by its letter" in officer.get(asked.letter).text
    with app.app_context():
        person_id = db.session.scalars(select(AgencyGuest.person_id)).one()
    assert signed_in("councillor").post(f"{asked.letter}/guests/{person_id}/end").status_code == 403
    assert officer.post(f"{asked.letter}/guests/{person_id}/end").status_code == 302
    assert client.get(f"/answering/{asked.mine}").status_code == 404
    with app.app_context(), writes_now():
        ask_for_link(OFFICE, at=now())
        assert db.session.scalars(select(AgencyGuest.ended_at)).one() is not None


def test_a_corrected_contact_shuts_out_the_address_before(app: Flask, asked: SimpleNamespace) -> None:
    client = guest_of(app, asked.letter)
    with app.app_context(), writes_now():
        contacts.enter_contact(request_of(asked.mine), name="Hall", email="hall@example.org", by=acting("officer"), at=NOW)
    assert client.get(f"/answering/{asked.mine}").status_code == 404


@pytest.mark.parametrize("address", ["nobody@example.org", OFFICE])
def test_the_page_is_the_same_for_every_address(app: Flask, cast: SimpleNamespace, address: str) -> None:
    """Nobody is told that a link was sent; whoever asks learns nothing of an address."""
    with app.app_context():
        issued_to(cast, "county_council", email=OFFICE)  # written, not yet accepted by the mail server
    page = app.test_client().post("/sign-in", data={"email": address}, follow_redirects=True).text
    assert "If that address can sign in here, you will get an email with a link." in page
    assert "have sent" not in page
    with app.app_context():
        assert not db.session.scalars(select(AgencyGuest)).all(), "a letter that was not accepted lets nobody in"


def test_a_withdrawn_request_stays_readable_and_an_ended_account_stays_out(app: Flask, asked: SimpleNamespace) -> None:
    client = guest_of(app, asked.letter)
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.mine)
        service.withdraw_request(request, why="Asked elsewhere", by=acting("officer"), at=NOW + timedelta(hours=1))
    assert client.get(f"/answering/{asked.mine}").status_code == 200
    with app.app_context(), writes_now():
        db.session.scalars(select(Person).where(Person.email == OFFICE)).one().active = False
    assert client.get(f"/answering/{asked.mine}").status_code in (302, 401, 404)
    with app.app_context(), writes_now():
        ask_for_link(OFFICE, at=now() + timedelta(days=1))
        assert db.session.scalars(select(Person).where(Person.email == OFFICE)).one().active is False


def test_the_room_enters_whom_a_letter_lets_in_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "guests" in ROOM.starts
    assert accounts._before_links.count(guests.welcome) == 1
    monkeypatch.setattr(accounts, "_before_links", [])
    for _ in range(2):
        guests.init_app(app)
    assert accounts._before_links == [guests.welcome]


def led_there(app: Flask, link: str) -> FlaskClient:
    """A client of whoever reads the office's address, signed in on the way to a link of a letter."""
    client = app.test_client()
    client.post("/sign-in", data={"email": OFFICE, "next": link})
    with app.app_context():
        secret = secret_of(app, OFFICE)
    if secret is not None:
        client.post(f"/sign-in/link/{secret}")
    return client


@pytest.fixture
def addressed(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """An accuracy check, a recommendation and evidence of the county council, which has nobody here but an address; and the
    same of the police. No request went to the county council."""
    with app.app_context(), writes_now():
        review = opened(cast)
        links: dict[str, list[str]] = {}
        for name, agency_id in (("mine", cast.county_council), ("theirs", cast.police)):
            agency = db.session.get_one(Agency, agency_id)
            agency.email = OFFICE if name == "mine" else agency.email
            check = AccuracyCheck(review=review, agency=agency, sent_at=NOW, due_on=NOW.date())
            advice = Recommendation(
                review=review,
                number=len(links) + 1,
                text="Publish it.",
                measure="A page.",
                done_by=NOW.date(),
                state="made",
                written_by="person:1",
                written_at=NOW,
            )
            addressee = Addressee(agency_id=agency_id)
            advice.addressees.append(addressee)
            evidence = Evidence(agency=agency, title="Waits", text="Long", made_by="person:1", made_at=NOW)
            lodging = Lodging(evidence=evidence, review=review, marking="exempt", exempt_ground="3", lodged_at=NOW)
            db.session.add_all([check, advice, lodging])
            db.session.flush()
            findings.accuracy_check(check, at=NOW)
            advising.recommendation_made(addressee, at=NOW, occasion="1")
            asking.summary_wanted(lodging, at=NOW)
            links[name] = [f"/accuracy/{check.id}", f"/recommendations/{addressee.id}", f"/evidence/{lodging.id}"]
    with app.app_context():
        post_letters(at=NOW)
    return SimpleNamespace(**links)


def test_every_link_of_a_letter_opens_for_whoever_it_went_to_and_no_other_does(app: Flask, addressed: SimpleNamespace) -> None:
    with app.app_context():
        text = " ".join(db.session.scalars(select(Letter.text).where(Letter.address == OFFICE)))
    assert all(link in text for link in addressed.mine)
    for link in addressed.mine:
        assert led_there(app, link).get(link).status_code == 200, link
    client = led_there(app, addressed.mine[0])
    assert [client.get(link).status_code for link in addressed.theirs] == [404, 404, 404]
    assert "Open the link in your email" in client.get("/inbox").text
    for closed in ("/reviews", "/delays", "/inbox.ics", "/administration"):
        assert client.get(closed).status_code in (403, 404), closed
    assert client.get("/answering/0").status_code == 404


def test_a_letter_that_lets_nobody_in_any_more(app: Flask, addressed: SimpleNamespace, cast: SimpleNamespace) -> None:
    """Whoever reads an address that is the agency's no longer opens nothing by its old letters."""
    client = led_there(app, addressed.mine[0])
    with app.app_context(), writes_now():
        db.session.get_one(Agency, cast.county_council).email = "another@example.org"
    assert [client.get(link).status_code for link in addressed.mine] == [404, 404, 404]


def test_a_guest_of_one_request_opens_what_other_letters_led_them_to(
    app: Flask, asked: SimpleNamespace, addressed: SimpleNamespace
) -> None:
    client = guest_of(app, asked.letter)
    assert [client.get(link).status_code for link in addressed.mine] == [200, 200, 200]
    assert [client.get(link).status_code for link in addressed.theirs] == [404, 404, 404]
    assert client.get(f"/answering/{asked.other}").status_code == 404


def test_an_agency_nobody_can_write_to_is_seen_to_be_so(app: Flask, addressed: SimpleNamespace, cast: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        db.session.get_one(Agency, cast.county_council).email = ""
        check = db.session.scalars(select(AccuracyCheck).where(AccuracyCheck.agency_id == cast.county_council)).one()
        again = AccuracyCheck(review=check.review, agency=check.agency, round=2, sent_at=NOW, due_on=NOW.date())
        db.session.add(again)
        db.session.flush()
        findings.accuracy_check(again, at=NOW)
        letter = db.session.scalars(select(Letter).where(Letter.reference == again.reference)).one()
        assert (letter.state, letter.posting.fault) == ("failed", "No email address is known")


def test_whoever_reads_an_address_that_was_wrong_answers_no_longer_once_it_is_corrected(
    app: Flask, asked: SimpleNamespace, signed_in: SignIn
) -> None:
    """By the page of the agency, for every request; and where the address comes back, its letter lets in again."""
    client = guest_of(app, asked.letter)
    assert client.get(f"/answering/{asked.mine}").status_code == 200
    with app.app_context():
        agency = request_of(asked.mine).agency
        number, details = agency.id, details_of(agency)
    with app.app_context(), writes_now():
        edit_agency(db.session.get_one(Agency, number), replace(details, email="right@example.org"), by=acting("officer"), at=NOW)
    assert client.get(f"/answering/{asked.mine}").status_code == 404
    assert client.post(f"/answering/items/{asked.item}", data={"text": "Ours", "marking": "open"}).status_code == 404
    with app.app_context(), writes_now():
        assert guests.welcome(OFFICE, NOW) is None
        assert db.session.scalars(select(AgencyGuest)).all() == []
    with app.app_context(), writes_now():
        edit_agency(db.session.get_one(Agency, number), details, by=acting("officer"), at=NOW)
        guests.welcome(OFFICE, NOW)
    assert client.get(f"/answering/{asked.mine}").status_code == 200


def test_the_contact_of_a_request_stays_when_its_agency_has_another_address(app: Flask, asked: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        request = request_of(asked.mine)
        person = Person(email="desk@example.org", name="The desk")
        db.session.add(person)
        contacts.enter_contact(request, name="The desk", email="desk@example.org", by=acting("officer"), at=NOW)
        db.session.flush()
        row = AgencyGuest(agency_id=request.agency_id, person_id=person.id, request=request.id, made_at=NOW)
        db.session.add(row)
        db.session.flush()
        guests.leave_address(request.agency, "desk@example.org", acting("administrator"), NOW)
        assert db.session.scalars(select(AgencyGuest)).all() == [row]


def test_an_account_that_ended_comes_back_without_the_requests_its_letters_opened(app: Flask, asked: SimpleNamespace) -> None:
    guest_of(app, asked.letter)
    with app.app_context(), writes_now():
        person = db.session.scalars(select(Person).where(Person.email == OFFICE)).one()
        bodies.end_person(person, on=NOW.date(), by=acting("administrator"), at=NOW)
        again = accounts.invite_person(OFFICE, "Somebody else", by=acting("administrator"), at=NOW, administrator=False)
        guests.welcome(OFFICE, NOW)
        assert actor_of(again, on=NOW.date()).capacities == ()
