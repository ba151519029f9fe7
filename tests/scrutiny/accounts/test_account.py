"""One's own account: language, keys, and whom one acts for."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from scrutiny import doors, languages
from scrutiny.accounts import queries
from scrutiny.agencies.models import AgencyMembership
from scrutiny.bodies.models import BodyMembership
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests.cast import BORN

SignedIn = Callable[..., FlaskClient]


def make_key(client: FlaskClient, kind: str) -> str:
    """Make a key on the page, and read it where it is shown."""
    page = client.post("/account/keys", data={"kind": kind, "name": "Power BI"}).text
    found = re.search(rf"{kind}_[A-Za-z0-9_-]{{43}}", page)
    assert found is not None, page
    return found[0]


def asking(app: Flask, path: str, key: str | None = None) -> tuple[int | None, str]:
    """Who a request comes from, and in which capacity."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with app.test_request_context(path, headers=headers):
        app.preprocess_request()
        by = doors.actor()
        return by.person, by.capacity.reference


def test_a_key_is_shown_once_and_kept_as_a_hash(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    key = make_key(client, "api")
    page = client.get("/account").text
    assert "Power BI" in page
    assert key not in page
    with app.app_context():
        [kept] = queries.keys_of(cast.officer)
        assert (kept.about, kept.key_hash) == (f"body:{cast.committee}", queries.hash_of(key))


def test_a_bearer_key_acts_for_its_person_under_api_only(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    key = make_key(signed_in("officer"), "api")
    assert asking(app, "/api/v1/places", key) == (cast.officer, f"body:{cast.committee}")
    assert asking(app, "/account", key) == (None, "")


def test_a_feed_key_opens_calendars_and_nothing_else(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    key = make_key(signed_in("officer"), "feed")
    assert asking(app, f"/inbox.ics?key={key}") == (cast.officer, f"body:{cast.committee}")
    assert asking(app, f"/account?key={key}") == (None, "")
    assert app.test_client().get("/api/v1/places", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_an_unknown_or_revoked_key_is_refused_and_not_ignored(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    key = make_key(client, "api")
    with app.app_context():
        [kept] = queries.keys_of(cast.officer)
        key_id = kept.id
    assert signed_in("inspector").post(f"/account/keys/{key_id}/revoke").status_code == 404, "another's key"
    assert client.post(f"/account/keys/{key_id}/revoke").status_code == 302
    for header in (f"Bearer {key}", "Bearer nonsense", "bearer "):
        assert client.get("/api/v1/places", headers={"Authorization": header}).status_code == 401


def test_a_key_opens_nothing_once_its_membership_has_ended(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    key = make_key(signed_in("officer"), "api")
    with app.app_context(), writes_now():
        db.session.execute(delete(BodyMembership).where(BodyMembership.person_id == cast.officer))
        db.session.add(_joined(cast))
    answer = app.test_client().get("/api/v1/places", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 401
    assert "membership" in answer.text


def _joined(cast: SimpleNamespace) -> AgencyMembership:
    """That the officer answers for the police as well."""
    return AgencyMembership(agency_id=cast.police, person_id=cast.officer, role="responder", from_on=BORN)


def test_one_may_act_only_for_ones_own(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        db.session.add(_joined(cast))
    client = signed_in("officer")
    assert client.post("/account/acting-for", data={"capacity": f"agency:{cast.police}"}).status_code == 302
    assert "acting for <strong>Loamshire Police</strong>" in client.get("/account").text
    refused = client.post("/account/acting-for", data={"capacity": f"body:{cast.ofsted}"})
    assert refused.status_code == 200
    assert "Choose one of the answers listed" in refused.text
    assert "acting for <strong>Loamshire Police</strong>" in client.get("/account").text


def test_a_language_without_letters_cannot_be_chosen(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    assert "Language of letters" not in client.get("/account").text
    for language in ("cy", "fr"):
        assert client.post("/account/language", data={"language": language}).status_code == 200
    with app.app_context():
        person = queries.person(cast.officer)
        assert person is not None
        assert person.language == "en"


def test_a_language_with_letters_can_be_chosen(
    app: Flask, signed_in: SignedIn, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "LETTERS_IN", ("en", "cy"))
    client = signed_in("officer")
    assert "Cymraeg" in client.get("/account").text
    assert client.post("/account/language", data={"language": "cy"}).status_code == 302
    with app.app_context():
        person = queries.person(cast.officer)
        assert person is not None
        assert person.language == "cy"


def test_an_account_is_for_those_who_have_signed_in(client: FlaskClient) -> None:
    answer = client.get("/account?x=1")
    assert answer.location == "/sign-in?next=/account?x%3D1"
