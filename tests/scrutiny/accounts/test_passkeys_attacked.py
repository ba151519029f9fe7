"""Passkeys as an attacker meets them: with a device that signs what it is told, answers used again and of somebody else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts import queries
from scrutiny.accounts.models import PassKey
from scrutiny.accounts.settings import FRESH
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from tests import cast as the_cast
from tests.scrutiny.accounts.soft_passkey import SoftPasskey, ask_to_register, ask_to_sign_in, asked, register, send


def just_in(app: Flask, who: str) -> FlaskClient:
    """Somebody who has just signed in."""
    return the_cast.sign_in(app, app.test_client(), the_cast.uniquifier(who), fs_paa=time.time())


@pytest.fixture
def officer(app: Flask, cast: SimpleNamespace) -> FlaskClient:
    """The officer, who has just signed in."""
    return just_in(app, "officer")


def is_in(client: FlaskClient) -> bool:
    """Whether somebody is signed in here."""
    return client.get("/account").status_code == 200


def kept(app: Flask) -> list[str]:
    """The names of all passkeys there are."""
    with app.app_context():
        return list(db.session.scalars(select(PassKey.name).order_by(PassKey.id)))


def halfway(app: Flask, who: str) -> FlaskClient:
    """A visitor who has opened somebody's link, and is asked for the second step."""
    client = app.test_client()
    with app.app_context(), writes_now():
        person = queries.person_by_email(f"{who}@example.org")
        assert person is not None
        uniquifier = person.fs_uniquifier
    with client.session_transaction() as session:
        session.update({"tf_user_id": uniquifier, "tf_state": "ready", "halfway_at": now().timestamp(), "halfway_by": "link"})
    return client


def test_the_device_of_its_owner_signs_in(app: Flask, officer: FlaskClient) -> None:
    device, visitor = register(officer, "Office laptop"), app.test_client()
    device.count = 1
    wanted = ask_to_sign_in(visitor)
    assert send(visitor, wanted.address, device.signed(wanted.challenge)).status_code == 302
    assert "Olwen Price" in visitor.get("/account").text


def test_an_answer_is_taken_once_and_from_whom_it_was_asked(app: Flask, officer: FlaskClient) -> None:
    """Whoever read an answer on its way could send it again for a minute, from anywhere."""
    device, visitor, thief, late = register(officer, "Laptop"), app.test_client(), app.test_client(), app.test_client()
    wanted = ask_to_sign_in(visitor)
    cookie = visitor.get_cookie("area_scrutiny")
    assert cookie is not None
    answer = device.signed(wanted.challenge)
    send(thief, wanted.address, answer)
    assert not is_in(thief), "it was asked of somebody else"
    send(visitor, wanted.address, answer)
    assert is_in(visitor)
    late.set_cookie("area_scrutiny", cookie.value)
    send(late, wanted.address, answer)
    assert not is_in(late), "it was taken before, cookie or not"


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://loamshire.example.net"},
        {"origin": "http://localhost:8443"},
        {"host": "loamshire.example.net"},
        {"handle": b"somebody-else"},
        {"verifies": False},
    ],
    ids=str,
)
def test_a_device_that_signs_for_another_page_or_person_or_unseen_opens_nothing(
    app: Flask, officer: FlaskClient, lie: dict[str, object]
) -> None:
    device, visitor = register(officer, "Laptop"), app.test_client()
    for name, value in lie.items():
        setattr(device, name, value)
    wanted = ask_to_sign_in(visitor)
    page = send(visitor, wanted.address, device.signed(wanted.challenge), follow_redirects=True)
    assert (page.status_code, is_in(visitor)) == (200, False)


def test_the_page_signed_on_is_ours_whatever_port_is_asked_for(
    app: Flask, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page on another port of our host could have its visitor's device sign, and name itself in the request to us."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], public_url="https://localhost"))
    there = {"base_url": "http://localhost:8443"}
    visitor, device = app.test_client(), SoftPasskey(origin="http://localhost:8443")
    wanted = asked(officer.post("/account/passkeys", data={"name": "Other port", "usage": "first"}))
    send(officer, wanted.address, device.made(wanted.challenge), **there)
    assert kept(app) == []
    device.origin = "https://localhost"
    wanted = ask_to_register(officer, "Ours")
    send(officer, wanted.address, device.made(wanted.challenge))
    assert kept(app) == ["Ours"]
    device.origin = "http://localhost:8443"
    wanted = ask_to_sign_in(visitor)
    send(visitor, wanted.address, device.signed(wanted.challenge), **there)
    assert not is_in(visitor)


def test_a_device_that_has_signed_less_often_than_before_is_a_copy(app: Flask, officer: FlaskClient) -> None:
    device = register(officer, "Security key")
    for count, opens in ((5, True), (5, False), (4, False), (6, True)):
        visitor, device.count = app.test_client(), count
        wanted = ask_to_sign_in(visitor)
        send(visitor, wanted.address, device.signed(wanted.challenge))
        assert is_in(visitor) is opens, count


def test_what_was_asked_where_nobody_need_be_seen_opens_nothing_else(app: Flask, officer: FlaskClient) -> None:
    """Whoever stole a key without its PIN asked on a page of their own account, where none is asked for."""
    device, thief = register(officer, "Laptop"), just_in(app, "responder")
    device.verifies = False
    for wanted in (
        ask_to_register(thief, "Mine", "secondary"),
        asked(thief.post("/account/check-passkey", data={})),
        asked(halfway(app, "responder").post("/sign-in/passkey", data={})),
    ):
        visitor = app.test_client()
        token = wanted.address.rpartition("/")[2].partition("?")[0]
        send(visitor, f"/sign-in/passkey/{token}", device.signed(wanted.challenge))
        assert not is_in(visitor)


def test_a_second_proof_is_that_of_whoever_gave_the_first(app: Flask, officer: FlaskClient) -> None:
    """A stolen key that is only a second proof signed its owner in from halfway through the thief's own signing in."""
    stolen = register(officer, "Key", "secondary")
    own = register(just_in(app, "responder"), "Key", "secondary")
    thief = halfway(app, "responder")
    wanted = ask_to_sign_in(thief)
    send(thief, wanted.address, stolen.signed(wanted.challenge))
    assert not is_in(thief)
    thief = halfway(app, "responder")
    wanted = ask_to_sign_in(thief)
    send(thief, wanted.address, own.signed(wanted.challenge))
    assert is_in(thief)
    visitor = app.test_client()
    wanted = ask_to_sign_in(visitor)
    send(visitor, wanted.address, stolen.signed(wanted.challenge))
    assert not is_in(visitor), "a second proof is no first"


def test_nobody_is_checked_again_by_the_passkey_of_somebody_else(app: Flask, officer: FlaskClient) -> None:
    foreign = register(just_in(app, "responder"), "Phone")
    register(officer, "Laptop")
    with officer.session_transaction() as session:
        session["fs_paa"] = 0
    wanted = asked(officer.post("/account/check-passkey", data={}))
    send(officer, wanted.address, foreign.signed(wanted.challenge))
    assert officer.post("/account/passkeys", data={"name": "Another", "usage": "first"}).status_code == 302


def test_a_passkey_is_made_and_removed_only_by_somebody_who_has_just_signed_in(app: Flask, officer: FlaskClient) -> None:
    register(officer, "Laptop")
    wanted = ask_to_register(officer, "Second")
    with officer.session_transaction() as session:
        session["fs_paa"] = time.time() - FRESH.total_seconds() - 60
    assert "/account/check-passkey" in officer.post("/account/passkeys", data={"name": "More", "usage": "first"}).location
    assert "/account/check-passkey" in officer.post("/account/passkeys-remove", data={"name": "Laptop"}).location
    other = just_in(app, "responder")
    send(other, wanted.address, SoftPasskey(handle=wanted.handle).made(wanted.challenge))
    assert kept(app) == ["Laptop"], "what one was asked is not answered by another, nor removed by whoever signed in long ago"


def test_the_same_answer_makes_one_passkey_and_a_known_device_none_for_another(app: Flask, officer: FlaskClient) -> None:
    device, other = register(officer, "Laptop"), just_in(app, "responder")
    wanted = ask_to_register(other, "Mine too")
    send(other, wanted.address, device.made(wanted.challenge))
    wanted = ask_to_register(officer, "Phone")
    answer = SoftPasskey(handle=wanted.handle).made(wanted.challenge)
    for _ in range(2):
        send(officer, wanted.address, answer)
    assert kept(app) == ["Laptop", "Phone"]


def test_the_last_passkey_can_go_the_link_stays_and_its_owner_is_told(
    app: Flask, officer: FlaskClient, cast: SimpleNamespace
) -> None:
    device = register(officer, "Laptop")
    assert officer.post("/account/passkeys-remove", data={"name": "Laptop"}).status_code == 302
    visitor = app.test_client()
    wanted = ask_to_sign_in(visitor)
    send(visitor, wanted.address, device.signed(wanted.challenge))
    assert (kept(app), is_in(visitor)) == ([], False)
    app.test_client().post("/sign-in", data={"email": "officer@example.org"})
    with app.app_context():
        letters = db.session.scalars(select(Letter).where(Letter.person == f"person:{cast.officer}").order_by(Letter.id)).all()
        assert "passkey" in letters[-2].text.lower()
        assert letters[-1].kind == "sign_in"


def test_an_account_that_has_ended_is_opened_by_no_passkey(app: Flask, officer: FlaskClient, cast: SimpleNamespace) -> None:
    device = register(officer, "Laptop")
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.active = False
    visitor = app.test_client()
    wanted = ask_to_sign_in(visitor)
    send(visitor, wanted.address, device.signed(wanted.challenge))
    assert not is_in(visitor)


def test_a_form_of_another_site_makes_uses_and_removes_nothing(
    app: Flask, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = register(officer, "Laptop")
    wanted, visitor = ask_to_register(officer, "Phone"), app.test_client()
    way_in = ask_to_sign_in(visitor)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answers = [
        officer.post("/account/passkeys", data={"name": "Forged", "usage": "first"}),
        officer.post("/account/passkeys-remove", data={"name": "Laptop"}),
        send(officer, wanted.address, SoftPasskey(handle=wanted.handle).made(wanted.challenge)),
        send(visitor, way_in.address, device.signed(way_in.challenge)),
    ]
    assert all(answer.status_code == 400 or "The passkey" not in answer.text for answer in answers)
    assert (kept(app), is_in(visitor)) == (["Laptop"], False)


TORN = ["", "null", "[]", "0", '"x"', "{}", '{"response": {}}', "[" * 5_000, "{" * 50_000, "\u0000", '{"id": 1, "rawId": null}']


def test_an_answer_that_is_none_is_a_page_and_no_fault_of_ours(app: Flask, officer: FlaskClient) -> None:
    device, visitor = register(officer, "Laptop"), app.test_client()
    for torn in [*TORN, *_bent(device)]:
        wanted, way_in = ask_to_register(officer, "Torn"), ask_to_sign_in(visitor)
        for client, to in ((officer, wanted.address), (visitor, way_in.address)):
            data = {"credential": torn if isinstance(torn, str) else torn(wanted.challenge)}
            assert client.post(to, data=data, follow_redirects=True).status_code in (200, 400), data
    assert (kept(app), is_in(visitor)) == (["Laptop"], False)


def _bent(device: SoftPasskey) -> list[Callable[[str], str]]:
    """Answers of which one part is no longer what it should be."""

    def bend(part: str, value: object, *, made: bool) -> Callable[[str], str]:
        def bent(challenge: str) -> str:
            answer = SoftPasskey().made(challenge) if made else device.signed(challenge)
            answer["response"][part] = value
            return json.dumps(answer)

        return bent

    of_one_made, of_one_used = ("clientDataJSON", "attestationObject"), ("clientDataJSON", "authenticatorData", "signature")
    values = ("AA", "_w", "!", 7, None)
    making = [bend(part, value, made=True) for part in of_one_made for value in values]
    return making + [bend(part, value, made=False) for part in of_one_used for value in values]


@pytest.mark.parametrize(
    "said", ["no JSON", "[1]", "7" * 300, {"credProps": "x"}, {"credProps": {"rk": "é" * 300}}, 9], ids=range(6)
)
def test_what_a_device_says_of_itself_breaks_no_page(app: Flask, officer: FlaskClient, said: object) -> None:
    """The page of one's passkeys read back whatever was kept, and could never be opened again."""
    wanted = ask_to_register(officer, "Odd")
    answer = SoftPasskey(handle=wanted.handle).made(wanted.challenge) | {"extensions": said}
    answer["response"]["transports"] = ["usb", "carrier pigeon"]
    assert send(officer, wanted.address, answer).status_code == 302
    assert kept(app) == ["Odd"]
    assert officer.get("/account/passkeys").status_code == 200
