"""Sessions live on the server: they end when their owner says so, after hours without use, and at the end of their day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from scrutiny import transaction
from scrutiny.accounts import queries, service, sessions
from scrutiny.accounts.devices import device_of
from scrutiny.accounts.models import SignInSession
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.jobs import registered

SignedIn = Callable[..., FlaskClient]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"


def enter(app: Flask, agent: str = FIREFOX, email: str = "officer@example.org") -> FlaskClient:
    """Sign in by a link, as a browser would."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    client.post("/sign-in", data={"email": email})
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "sign_in").order_by(Letter.id.desc())).first()
        assert letter is not None
        token = unseal(letter.sealed or b"", app.config["SECRET_KEY"])
    assert client.post(f"/sign-in/link/{token}").status_code == 302
    return client


def copy_of(app: Flask, client: FlaskClient) -> FlaskClient:
    """Somebody who has copied this visitor's cookie."""
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    thief = app.test_client()
    thief.set_cookie(app.config["SESSION_COOKIE_NAME"], kept.value)
    return thief


def is_in(client: FlaskClient) -> bool:
    """Whether this visitor is signed in."""
    return client.get("/account").status_code == 200


def count(app: Flask, person: int) -> int:
    """How many sessions of this person are kept that did not come with the cast."""
    with app.app_context():
        rows = select(func.count(SignInSession.id)).where(SignInSession.person_id == person, SignInSession.device != "")
        return db.session.scalar(rows) or 0


def age(app: Flask, **moved: timedelta) -> None:
    """Move the sessions of today into the past."""
    with app.app_context(), writes_now():
        values = {column: getattr(SignInSession, column) for column in moved}
        for row in db.session.scalars(select(SignInSession).where(SignInSession.device != "")):
            db.session.execute(
                update(SignInSession)
                .where(SignInSession.id == row.id)
                .values({column: getattr(row, column) - moved[column] for column in values})
            )


def test_a_copied_cookie_is_dead_once_its_owner_has_signed_out(app: Flask, cast: SimpleNamespace) -> None:
    client = enter(app)
    thief = copy_of(app, client)
    assert is_in(thief), "until then it is the same session"
    client.post("/sign-out")
    assert not is_in(thief)
    assert count(app, cast.officer) == 0


def test_a_session_ends_after_twelve_hours_whatever_is_done(app: Flask) -> None:
    client = enter(app)
    age(app, ends_at=timedelta(hours=11, minutes=59))
    assert is_in(client)
    age(app, ends_at=timedelta(minutes=2))
    assert not is_in(client)


def test_a_session_ends_after_three_hours_without_use_and_each_use_is_kept(app: Flask) -> None:
    client = enter(app)
    for _ in range(3):
        age(app, seen_at=timedelta(hours=2, minutes=59))
        assert is_in(client), "used again in time"
    age(app, seen_at=timedelta(hours=3, minutes=1))
    assert not is_in(client)


def test_a_page_is_shown_though_the_use_of_the_session_cannot_be_written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = enter(app)
    age(app, seen_at=timedelta(hours=1))

    def full(deed: Callable[[], object]) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(transaction, "run", full)
    assert is_in(client)


def test_where_one_is_signed_in_is_shown_and_each_can_be_ended(app: Flask, cast: SimpleNamespace) -> None:
    here, there = enter(app), enter(app, SAFARI)
    page = here.get("/account").text
    assert "Where you are signed in" in page
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("This device") == 1
    with app.app_context():
        other = db.session.scalars(select(SignInSession.id).where(SignInSession.device == "Safari on iPhone")).one()
    assert f"/account/sessions/{other}/end" in page
    ended = here.post(f"/account/sessions/{other}/end", follow_redirects=True)
    assert "You are signed out on that device" in ended.text
    assert is_in(here)
    assert not is_in(there)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "session_ended")).one()
        assert (entry.about, entry.by) == (f"person:{cast.officer}", f"person:{cast.officer}")


def test_ending_the_session_one_is_in_signs_out(app: Flask) -> None:
    client = enter(app)
    with app.app_context():
        mine = db.session.scalars(select(SignInSession.id).where(SignInSession.device != "")).one()
    assert client.post(f"/account/sessions/{mine}/end").location == "/"
    assert not is_in(client)


def test_nobody_can_end_the_session_of_another(app: Flask, signed_in: SignedIn) -> None:
    client = enter(app)
    with app.app_context():
        theirs = db.session.scalars(select(SignInSession.id).where(SignInSession.device != "")).one()
    assert signed_in("administrator").post(f"/account/sessions/{theirs}/end").status_code == 404
    assert is_in(client)


def test_signing_out_everywhere_ends_sessions_links_and_where_wanted_keys(app: Flask, cast: SimpleNamespace) -> None:
    here, there = enter(app), enter(app, SAFARI)
    key = re.search(r"api_[\w-]{43}", here.post("/account/keys", data={"kind": "api", "name": "Power BI"}).text)
    assert key is not None
    here.post("/sign-in", data={"email": "officer@example.org"})
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "sign_in").order_by(Letter.id.desc())).first()
        assert letter is not None
        unused = unseal(letter.sealed or b"", app.config["SECRET_KEY"])
    thief = copy_of(app, there)
    said = here.post("/account/sign-out-everywhere", data={"keys_too": "y"}, follow_redirects=True).text
    assert "You are signed out everywhere. 1 key ended." in said
    assert not any(is_in(one) for one in (here, there, thief))
    assert app.test_client().post(f"/sign-in/link/{unused}").status_code == 409, "a link already sent is dead too"
    assert app.test_client().get("/api/v1/reviews", headers={"Authorization": f"Bearer {key[0]}"}).status_code == 401
    assert count(app, cast.officer) == 0


def test_keys_stay_where_nobody_asked_to_end_them(app: Flask) -> None:
    here = enter(app)
    key = re.search(r"api_[\w-]{43}", here.post("/account/keys", data={"kind": "api", "name": "Power BI"}).text)
    assert key is not None
    assert "key ended" not in here.post("/account/sign-out-everywhere", follow_redirects=True).text
    assert app.test_client().get("/api/v1/reviews", headers={"Authorization": f"Bearer {key[0]}"}).status_code == 200


def test_signing_in_again_leaves_no_session_behind(app: Flask, cast: SimpleNamespace) -> None:
    client = enter(app)
    with app.app_context(), writes_now():
        service.ask_for_link("officer@example.org", at=datetime.now(UTC))
        letter = db.session.scalars(select(Letter).where(Letter.kind == "sign_in").order_by(Letter.id.desc())).first()
        assert letter is not None
        token = unseal(letter.sealed or b"", app.config["SECRET_KEY"])
    client.post(f"/sign-in/link/{token}")
    assert is_in(client)
    assert count(app, cast.officer) == 1


def test_an_ended_account_has_no_sessions(app: Flask, cast: SimpleNamespace) -> None:
    client = enter(app)
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.active = False
    assert not is_in(client)


def test_the_sweep_drops_what_has_ended_and_nothing_else(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        at = datetime.now(UTC)
        person = queries.person(cast.officer)
        assert person is not None
        with writes_now():
            for ago in (timedelta(hours=13), timedelta(hours=4), timedelta(minutes=1)):
                sessions.begin(person, how="link", device="Edge on Windows", at=at - ago)
        registered()["sweep"](at=at)
        assert len([one for one in sessions.sessions_of(cast.officer, at=at) if one.device]) == 1
    assert count(app, cast.officer) == 1


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script>" * 500, ""),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(agent: str, device: str) -> None:
    assert device_of(agent) == device
