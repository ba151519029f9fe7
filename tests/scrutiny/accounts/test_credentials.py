"""What opens an account: no code twice, no change unnoticed, no failed try unrecorded, no key without an end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy import select, update

from scrutiny.accounts import queries, service
from scrutiny.accounts.models import AccessKey, PassKey
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import NO_CAPACITY, Actor

SignedIn = Callable[..., FlaskClient]
PASSWORD = "three quiet brown herons"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def phone(app: Flask, cast: SimpleNamespace) -> TOTP:
    """The officer has a password, and an app that shows codes."""
    factory = app.extensions["security"].totp_factory
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.password = hash_password(PASSWORD)
        person.tf_primary_method, person.tf_totp_secret = "authenticator", factory.generate_totp_secret()
        key = factory.get_totp_b32_key(person.tf_totp_secret)
    return TOTP(key=key)


def password(client: FlaskClient, typed: str = PASSWORD, email: str = "officer@example.org"):
    """Try a password."""
    return client.post("/sign-in/password", data={"email": email, "password": typed})


def code(client: FlaskClient, token: str):
    """Try a code."""
    return client.post("/sign-in/code", data={"code": token})


def letters(app: Flask, kind: str = "account_changed") -> list[str]:
    """The texts of the letters of a kind, oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(Letter.text).where(Letter.kind == kind).order_by(Letter.id)))


def failed(app: Flask) -> list[tuple[str, str]]:
    """What the trail keeps of tries that failed."""
    with app.app_context():
        rows = select(AuditEntry).where(AuditEntry.event == "sign_in_failed").order_by(AuditEntry.number)
        return [(row.about, row.fields["how"]) for row in db.session.scalars(rows)]


def fresh(client: FlaskClient) -> FlaskClient:
    """A session that has just been begun."""
    with client.session_transaction() as session:
        session["fs_paa"] = time.time()
    return client


def test_a_code_signs_in_once_though_its_half_minute_has_not_passed(app: Flask, phone: TOTP) -> None:
    token = phone.generate().token
    first, second = app.test_client(), app.test_client()
    password(first)
    assert code(first, token).status_code == 302
    assert first.get("/account").status_code == 200
    password(second)
    assert "That is not the code your app shows now" in code(second, token).text
    assert second.get("/account").status_code == 302
    earlier = phone.generate(time=time.time() - 30).token
    assert "That is not the code" in code(second, earlier).text, "nor does one before it"
    later = phone.generate(time=time.time() + 30).token
    assert code(second, later).status_code == 302


def test_the_second_step_waits_a_quarter_of_an_hour_for_the_first(app: Flask, phone: TOTP) -> None:
    client = app.test_client()
    password(client)
    with client.session_transaction() as session:
        session["halfway_at"] = session["halfway_at"] - 16 * 60
    answer = client.post("/sign-in/code", data={"code": phone.generate().token}, follow_redirects=True)
    assert "You took longer than 15 minutes" in answer.text
    assert client.get("/account").status_code == 302


def test_failed_tries_are_on_the_trail_without_what_was_typed(app: Flask, cast: SimpleNamespace, phone: TOTP) -> None:
    client = app.test_client()
    password(client, "quite wrong")
    password(client, email="nobody@example.org")
    password(client)
    code(client, "246810")
    client.post("/sign-in/recovery-code", data={"code": "0000-0000-0000"})
    code(client, phone.generate().token)
    me = f"person:{cast.officer}"
    assert [row for row in failed(app) if row[0] == me] == [(me, "password"), (me, "code"), (me, "recovery_code")]
    [(stranger, how)] = [row for row in failed(app) if row[0] != me]
    assert how == "password"
    assert re.fullmatch(r"address:[0-9a-f]{16}", stranger)
    with app.app_context():
        kept = " ".join(str(row.__dict__) for row in db.session.scalars(select(AuditEntry)))
    assert not any(secret in kept for secret in ("quite wrong", "nobody@example.org", PASSWORD, "246810"))


def test_a_right_password_and_a_right_code_are_no_failed_tries(app: Flask, phone: TOTP) -> None:
    client = app.test_client()
    password(client)
    password(client)  # the first step once more
    code(client, phone.generate().token)
    assert failed(app) == []


def test_administrators_read_failed_tries_in_words(app: Flask, signed_in: SignedIn, phone: TOTP) -> None:
    password(app.test_client(), "wrong")
    assert "A sign-in failed, by a password" in signed_in("administrator").get("/administration/audit").text


def test_each_change_of_how_one_signs_in_writes_a_letter_and_a_row(
    app: Flask, signed_in: SignedIn, cast: SimpleNamespace
) -> None:
    client = fresh(signed_in("officer"))
    client.post("/account/password", data={"new_password": PASSWORD, "new_password_confirm": PASSWORD})
    page = client.post("/account/two-step", data={"setup": "authenticator"}).text
    key = page.split("Key: <code>")[1].split("</code>")[0].replace("-", "")
    state = page.split("/account/two-step/")[1].split('"')[0]
    client.post(f"/account/two-step/{state}", data={"code": TOTP(key=key).generate().token})
    client.post("/account/recovery-codes", data={"generate_new_codes": "y"})
    client.post("/account/two-step", data={"setup": "disable"})
    client.post("/account/remove-password")
    client.post("/account/keys", data={"kind": "api", "name": "Power BI"})
    client.post("/calendars", data={"shows": f"person:{cast.officer}", "name": "Outlook at work"})
    told = letters(app)
    for sentence in (
        "Your password was set or changed.",
        "A code from an app was set up for signing in.",
        "New recovery codes were made.",
        "A code from an app is no longer asked for when you sign in.",
        "Your password was removed.",
        "An API key was made: Power BI.",
        "A calendar address was made: Outlook at work.",
    ):
        assert [text for text in told if sentence in text], sentence
    assert len(told) == 7, "one letter a change"
    assert all("If you did not, sign in, choose “Sign out everywhere”" in text for text in told)
    with app.app_context():
        events = set(db.session.scalars(select(AuditEntry.event)))
    assert {"password_changed", "two_step_changed", "recovery_codes_made", "two_step_removed", "password_removed"} <= events


def test_a_passkey_taken_away_is_written_about(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        db.session.add(
            PassKey(
                credential_id=b"x",
                public_key=b"y",
                backup_state=False,
                device_type="single_device",
                lastuse_datetime=AT.replace(tzinfo=None),
                name="Old laptop",
                usage="first",
                user_id=cast.officer,
            )
        )
    fresh(signed_in("officer")).post("/account/passkeys-remove", data={"name": "Old laptop"})
    assert ["A passkey was removed." in text for text in letters(app)] == [True]


def test_a_change_of_the_password_ends_every_other_session(app: Flask, signed_in: SignedIn) -> None:
    here, there = fresh(signed_in("officer")), signed_in("officer")
    here.post("/account/password", data={"new_password": PASSWORD, "new_password_confirm": PASSWORD})
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert here.get("/account").text.count("/account/sessions/") == 1


@pytest.mark.parametrize("path", ["/account/password", "/account/two-step", "/account/passkeys", "/account/recovery-codes"])
def test_how_one_signs_in_is_changed_only_after_saying_again_who_one_is(app: Flask, signed_in: SignedIn, path: str) -> None:
    client = signed_in("officer")
    with client.session_transaction() as session:
        session["fs_paa"] = time.time() - 31 * 60
    assert client.get(path).location == f"/sign-in?next={path}"
    assert client.post("/account/remove-password").location.startswith("/sign-in")


def test_a_password_is_asked_for_again_but_is_not_enough_for_somebody_with_a_second_step(
    app: Flask, signed_in: SignedIn, cast: SimpleNamespace, phone: TOTP
) -> None:
    client = signed_in("officer")
    with client.session_transaction() as session:
        session["fs_paa"] = time.time() - 3600
    assert client.get("/account/two-step").location == "/sign-in?next=/account/two-step", "the whole sign-in, code and all"
    client.post("/account/check", data={"password": PASSWORD})
    assert client.get("/account/two-step").status_code == 302, "the password alone did not make the session fresh"
    with app.app_context(), writes_now():
        person = queries.person(cast.officer)
        assert person is not None
        person.tf_primary_method = None
    assert client.get("/account/two-step").location == "/account/check?next=/account/two-step"
    assert "That is not your password" in client.post("/account/check", data={"password": "wrong"}).text
    assert client.post("/account/check?next=/account/two-step", data={"password": PASSWORD}).location == "/account/two-step"
    assert client.get("/account/two-step").status_code == 200


def made(client: FlaskClient, **typed: str) -> str:
    """Make an API key on the page."""
    page = client.post("/account/keys", data={"kind": "api", "name": "Power BI", **typed}).text
    found = re.search(r"api_[\w-]{43}", page)
    assert found is not None, page
    return found[0]


def parts(day: date) -> dict[str, list[str]]:
    """A day as it is typed."""
    return {"ends_on": [str(day.day), str(day.month), str(day.year)]}


def test_a_key_ends_on_the_day_chosen_and_in_a_year_where_none_is(app: Flask, signed_in: SignedIn) -> None:
    client, today = signed_in("officer"), london_day(datetime.now(UTC))
    made(client)
    made(client, **parts(today + timedelta(days=40)))
    with app.app_context():
        kept = list(db.session.scalars(select(AccessKey.ends_on).order_by(AccessKey.id)))
    assert kept == [today + timedelta(days=365), today + timedelta(days=40)]
    assert client.get("/account").text.count("It ends on") == 2


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "Enter a date that is today or later"), (800, "Enter a date within the next two years"), (None, "Enter the last day")],
)
@pytest.mark.parametrize("page", ["/account/keys", "/calendars"])
def test_a_key_without_an_end_is_refused_beside_the_field_and_loses_nothing(
    app: Flask, signed_in: SignedIn, cast: SimpleNamespace, days: int | None, said: str, page: str
) -> None:
    today = london_day(datetime.now(UTC))
    typed = parts(today + timedelta(days=days)) if days is not None else {"ends_on": ["", "", ""]}
    answer = signed_in("officer").post(
        page, data={"kind": "api", "shows": f"person:{cast.officer}", "name": "My own name", **typed}
    )
    assert said in answer.text
    assert 'value="My own name"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(AccessKey)) is None


def test_a_key_at_its_end_is_refused_with_the_day(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    key = made(client)
    answer = client.post("/calendars", data={"shows": f"person:{cast.officer}", "name": "Outlook"}).text
    feed = re.search(r"/feeds/feed_[\w-]{43}\.ics", answer)
    assert feed is not None
    yesterday = london_day(datetime.now(UTC)) - timedelta(days=1)
    with app.app_context(), writes_now():
        db.session.execute(update(AccessKey).values(ends_on=yesterday))
    stranger = app.test_client()
    refused = stranger.get("/api/v1/reviews", headers={"Authorization": f"Bearer {key}"})
    assert refused.status_code == 401
    assert "This key ended on" in refused.json["message"]
    assert str(yesterday.year) in refused.json["message"]
    gone = stranger.get(feed[0])
    assert gone.status_code == 410
    assert "This key ended on" in gone.text
    assert "It ended on" in client.get("/account").text
    assert "It ended on" in client.get("/calendars").text
    with app.app_context(), writes_now():
        db.session.execute(update(AccessKey).values(ends_on=london_day(datetime.now(UTC))))
    assert stranger.get("/api/v1/reviews", headers={"Authorization": f"Bearer {key}"}).status_code == 200, "on its last day"


def test_a_key_cannot_be_made_in_code_without_an_end_within_two_years(context: None, app: Flask) -> None:
    person = queries.person_by_email("officer@example.org")
    assert person is not None
    by = Actor(person.id, person.name, NO_CAPACITY)
    for days in (-1, 800):
        with pytest.raises(Refused):
            service.make_key(person, kind="api", name="x", by=by, at=AT, ends_on=london_day(AT) + timedelta(days=days))


def test_the_address_of_one_calendar_opens_no_other(app: Flask, signed_in: SignedIn, cast: SimpleNamespace) -> None:
    """The attack: a calendar made for one thing, used with ?key= on the others."""
    client = signed_in("officer")
    page = client.post("/calendars", data={"shows": f"person:{cast.officer}", "name": "Outlook"}).text
    key = re.search(r"feed_[\w-]{43}", page)
    assert key is not None
    stranger = app.test_client()
    assert stranger.get(f"/feeds/{key[0]}.ics").status_code == 200
    general = re.search(r"feed_[\w-]{43}", client.post("/account/keys", data={"kind": "feed", "name": "x"}).text)
    assert general is not None
    calendars = [
        rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith(".ics") and "feed_key" not in rule.arguments
    ]
    assert len(calendars) >= 2
    for rule in calendars:
        address = rule.replace("<reference>", "R-2026-001")
        assert stranger.get(f"{address}?key={key[0]}").status_code == 404, address
    assert stranger.get(f"/inbox.ics?key={general[0]}").status_code == 200
    assert stranger.get(f"/feeds/{general[0]}.ics").status_code == 404, "a key without a calendar of its own has no address"


def test_a_reset_second_step_takes_any_code_of_the_new_phone(app: Flask, cast: SimpleNamespace, phone: TOTP) -> None:
    """What was kept of the last code does not outlive the phone it was shown on."""
    with app.app_context(), writes_now():
        person, by = queries.person(cast.officer), Actor(cast.administrator, "x", NO_CAPACITY)
        assert person is not None
        person.tf_last_counter = 1
        service.reset_second_step(person, by=by, at=AT)
        assert person.tf_last_counter is None
