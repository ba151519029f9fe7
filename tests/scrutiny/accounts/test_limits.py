"""One person cannot shut others out: limits by network and in all, before limits by whom it is done to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy import event, func, insert, select
from werkzeug.middleware.proxy_fix import ProxyFix

from scrutiny.accounts import queries, service
from scrutiny.accounts.limits import CHECKS, ERRORS, LINKS, LISTS, PASSKEYS, PASSWORDS, SECOND_STEPS
from scrutiny.challenges import views as challenges
from scrutiny.correspondence import alerts
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import run, writes_now
from scrutiny.work import limits
from scrutiny.work.limits import WIDE, Attempt, Gate, Limit, may_try, networks_of

SignedIn = Callable[..., FlaskClient]
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PASSWORD = "three quiet brown herons"
SMALL = Limit("small", 10 * MINUTE, of_network=3, in_all=20, of_victim=2)


def tried(victim: str = "", network: str = "192.0.2.1", at: datetime = AT, limit: Limit = SMALL) -> str:
    """What was used up, or '' where the try went on."""
    with writes_now():
        return may_try(limit, victim, network, at=at).refused


@pytest.mark.usefixtures("context")
def test_a_network_comes_before_everybody_and_they_before_the_victim() -> None:
    assert [tried("a"), tried("a"), tried("a")] == ["", "", "victim"]
    assert tried("b") == "network", "tries about one victim use up the network of whoever makes them"
    assert tried("b", "198.51.100.1") == ""


@pytest.mark.usefixtures("context")
def test_a_refused_try_does_not_keep_its_victim_shut_out() -> None:
    tried("a", at=AT), tried("a", at=AT + MINUTE)
    for minute in range(2, 10):  # somebody else goes on trying, from elsewhere each time
        assert tried("a", f"198.51.{minute}.1", at=AT + minute * MINUTE) == "victim"
    assert tried("a", "203.0.113.9", at=AT + 11 * MINUTE) == "", "a try now and then does not keep it shut"


@pytest.mark.usefixtures("context")
def test_a_verdict_says_when_it_was_last_tried_and_when_to_come_back() -> None:
    tried("a", at=AT), tried("a", at=AT + 3 * MINUTE)
    with writes_now():
        verdict = may_try(SMALL, "a", "198.51.100.1", at=AT + 4 * MINUTE)
    assert (verdict.refused, verdict.last_at, verdict.again_at) == ("victim", AT + 3 * MINUTE, AT + 10 * MINUTE)


@pytest.mark.usefixtures("context")
def test_the_networks_around_an_address_and_all_together_are_limited_too() -> None:
    let_through = sum(not tried(network=f"192.0.2.{last}") for last in range(30))
    assert let_through == 12, "four times what one address may"
    let_through += sum(not tried(network=f"10.{second}.0.1") for second in range(30))
    assert let_through == 20, "then the whole is used up"
    assert tried(network="203.0.113.1") == "all"


@pytest.mark.parametrize(
    ("limit", "networks", "victims"),
    [
        (replace(SMALL, of_network=100, in_all=1000), [f"10.{n}.0.1" for n in range(8)], ["a"] * 8),
        (replace(SMALL, of_network=100, in_all=2), [f"10.{n}.0.1" for n in range(8)], list("abcdefgh")),
        (replace(SMALL, of_network=2, in_all=1000), ["192.0.2.1"] * 8, list("abcdefgh")),
        (replace(SMALL, of_network=1, in_all=1000), [f"192.0.2.{n}" for n in range(8)], list("abcdefgh")),
    ],
    ids=["one victim", "in all", "one address", "the network around it"],
)
def test_tries_at_one_moment_are_counted_together(
    app: Flask, monkeypatch: pytest.MonkeyPatch, limit: Limit, networks: list[str], victims: list[str]
) -> None:
    """Eight at once, each from a transaction of its own that is not kept yet while the others count."""
    count, together = limits._count, Barrier(8)

    def count_slowly(*args: Any) -> None:
        count(*args)
        sleep(0.1)

    def try_once(network: str, victim: str) -> str:
        with app.app_context():
            together.wait(10)
            return run(lambda: may_try(limit, victim, network, at=AT).refused)

    monkeypatch.setattr(limits, "_count", count_slowly)
    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(try_once, networks, victims))
    most = limit.of_network * WIDE if len(set(networks)) == 8 and limit.of_network == 1 else 2
    assert refused.count("") == most


@pytest.mark.usefixtures("context")
def test_a_few_dozen_networks_shut_nobody_else_out() -> None:
    """The attack: every try that 200 addresses of 50 networks have, then somebody asks from their own."""
    for limit in (LINKS, PASSWORDS, SECOND_STEPS, PASSKEYS, CHECKS):
        flood = [{"who": limits._hashed(limit, "all"), "at": AT - MINUTE} for _ in range(50 * limit.of_network * WIDE)]
        with writes_now():
            db.session.execute(insert(Attempt), flood)
        assert tried("officer@example.org", "203.0.113.1", limit=limit) == ""


@pytest.mark.usefixtures("context")
def test_a_try_reads_a_count_and_no_row_more_than_it_needs() -> None:
    """However many tries were counted in all."""
    read = [
        one
        for one in statements(lambda: may_try(SMALL, "a", "192.0.2.1", at=AT), cut=1000)
        if "FROM sign_in_attempt" in one and "DELETE" not in one
    ]
    assert len(read) >= 3
    assert all("count(" in one or "LIMIT" in one for one in read)


@pytest.mark.parametrize(
    ("address", "near", "wide"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("not an address", "unknown", "unknown"),
        ("", "unknown", "unknown"),
    ],
)
def test_a_network_is_an_address_or_a_64_of_the_new_kind(address: str, near: str, wide: str) -> None:
    assert networks_of(address) == (near, wide)


@pytest.mark.usefixtures("context")
def test_what_is_kept_names_nobody_and_goes_after_a_day() -> None:
    tried("olwen@example.org", "192.0.2.1")
    kept = list(db.session.scalars(select(Attempt.who)))
    assert len(kept) == 4
    assert all(len(who) == 64 and "olwen" not in who for who in kept)
    tried(at=AT + timedelta(days=1, minutes=1))
    assert db.session.scalar(select(func.count(Attempt.id))) == 3


def ask(client: FlaskClient, email: str, network: str = "192.0.2.1"):
    """Ask for a link from a network address."""
    return client.post("/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": network})


def tokens(app: Flask) -> list[str]:
    """The links in the officer's letter-box, oldest first."""
    with app.app_context():
        rows = select(Letter).where(Letter.kind == "sign_in", Letter.address == "officer@example.org").order_by(Letter.id)
        return [unseal(row.sealed or b"", app.config["SECRET_KEY"]) for row in db.session.scalars(rows)]


def test_whoever_is_shut_out_by_a_stranger_is_told_the_truth_and_has_a_way_in(app: Flask, cast: SimpleNamespace) -> None:
    """The attack: links asked for in the officer's name, from ever new networks, then the officer asks."""
    for number in range(20):
        ask(app.test_client(), "officer@example.org", f"198.51.{number}.1")
    assert len(tokens(app)) == LINKS.of_victim, "and the letter-box is not filled"
    officer = app.test_client()
    answer = ask(officer, "officer@example.org", "203.0.113.5")
    assert answer.status_code == 429
    assert "we have already sent links to it. The last was sent at" in answer.text
    assert "and works until" in answer.text
    assert officer.post(f"/sign-in/link/{tokens(app)[-1]}").status_code == 302
    assert officer.get("/account").status_code == 200


def test_the_link_a_refused_person_already_has_still_works_whenever_they_are_refused() -> None:
    assert LINKS.within <= service.LINK_LASTS


def test_a_stranger_and_a_person_are_told_the_same(app: Flask) -> None:
    pages = []
    for email in ("officer@example.org", "nobody@example.org"):
        for number in range(LINKS.of_victim):
            ask(app.test_client(), email, f"198.51.{number}.1")
        pages.append(ask(app.test_client(), email, "203.0.113.5").text.replace(email, "X"))
    assert pages[0].count("already sent") == pages[1].count("already sent") == 1


def test_one_network_cannot_use_up_the_links_of_others(app: Flask) -> None:
    flood = [ask(app.test_client(), f"p{number}@example.org", "192.0.2.1").status_code for number in range(80)]
    assert flood.count(302) == LINKS.of_network
    refused = ask(app.test_client(), "officer@example.org", "192.0.2.1")
    assert refused.status_code == 429
    assert "Many links have been asked for from your network. Try again at" in refused.text
    assert "Links already sent still work" in refused.text
    assert 'value="officer@example.org"' in refused.text, "what was typed stays"
    assert ask(app.test_client(), "officer@example.org", "203.0.113.5").status_code == 302


def test_a_header_a_visitor_writes_is_not_believed_unless_a_proxy_is_set(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(number: int) -> int:
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}"}
        return (
            app.test_client()
            .post(
                "/sign-in", data={"email": f"q{number}@example.org"}, headers=forwarded, environ_base={"REMOTE_ADDR": "192.0.2.9"}
            )
            .status_code
        )

    assert [asked(number) for number in range(LINKS.of_network + 5)].count(429) == 5
    monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=1))
    assert asked(250) == 302, "a trusted proxy says who it is"


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


def test_a_stranger_who_uses_up_passwords_leaves_the_link_and_the_code(app: Flask, phone: TOTP) -> None:
    """Codes are counted apart: nobody without the first step can use them up."""
    for number in range(PASSWORDS.of_victim):
        app.test_client().post(
            "/sign-in/password",
            data={"email": "officer@example.org", "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"198.51.{number}.1"},
        )
    officer = app.test_client()
    refused = officer.post("/sign-in/password", data={"email": "officer@example.org", "password": PASSWORD})
    assert refused.status_code == 429
    assert "This has been tried too often for this account. Try again at" in refused.text
    assert "You can sign in by a link sent to you at any time" in refused.text
    ask(officer, "officer@example.org")
    assert officer.post(f"/sign-in/link/{tokens(app)[-1]}").location.startswith("/sign-in/code")
    assert officer.post("/sign-in/code", data={"code": phone.generate().token}).status_code == 302
    assert officer.get("/account").status_code == 200


def test_whoever_uses_up_the_codes_after_a_password_leaves_the_owner_the_link(app: Flask, phone: TOTP) -> None:
    """The page promised a link that led to the same refusal: whoever knew a password kept its owner out for good."""
    thief, officer = app.test_client(), app.test_client()
    thief.post("/sign-in/password", data={"email": "officer@example.org", "password": PASSWORD})
    said = [thief.post("/sign-in/code", data={"code": "000000"}) for _ in range(SECOND_STEPS.of_victim + 1)][-1]
    assert said.status_code == 429
    assert "Or sign in with a link that we email you. You can then try your code again straight away." in said.text
    assert "You can sign in by a link sent to you at any time" not in said.text
    ask(officer, "officer@example.org")
    assert officer.post(f"/sign-in/link/{tokens(app)[-1]}").location.startswith("/sign-in/code")
    assert officer.post("/sign-in/code", data={"code": phone.generate().token}).status_code == 302
    assert officer.get("/account").status_code == 200


def test_whoever_uses_up_the_codes_after_a_link_is_promised_no_link(app: Flask, phone: TOTP) -> None:
    officer = app.test_client()
    ask(officer, "officer@example.org")
    officer.post(f"/sign-in/link/{tokens(app)[-1]}")
    for page in ("/sign-in/code", "/sign-in/recovery-code"):
        said = [officer.post(page, data={"code": "000000"}) for _ in range(SECOND_STEPS.of_victim + 1)][-1]
        assert (said.status_code, "by a link" in said.text, "Or use your passkey" in said.text) == (429, False, False)
        assert "Try again at" in said.text
        assert "If you have lost your second step, ask an administrator to reset it." in said.text


def test_one_network_fills_few_letter_boxes_with_alerts(app: Flask, cast: SimpleNamespace) -> None:
    """The attack: 150 letters to 150 strangers in ten seconds."""
    with app.app_context():
        offer = alerts.offer_alert(f"place:{cast.place}", "Ashby")
    answers = [
        app.test_client().post("/alerts/ask", data={"offer": offer, "address": f"stranger{number}@example.net"})
        for number in range(150)
    ]
    with app.app_context():
        assert db.session.scalar(select(func.count(Alert.id))) == alerts.ALERTS.of_network
        assert db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == "confirm_alert")) == alerts.ALERTS.of_network
    assert answers[-1].status_code == 429
    assert "Many alerts have been asked for from your network" in answers[-1].text
    assert 'value="stranger149@example.net"' in answers[-1].text


#: What keeps each form a stranger may send from being sent without end; or why nothing need.
PUBLIC_FORMS = {
    "security.login": PASSWORDS,
    "security.two_factor_token_validation": "second step",
    "security.mf_recovery": "second step",
    "security.wan_signin_response": "passkey",
    "security.wan_signin": "a challenge is signed, nothing is kept",
    "security.tf_select": "nothing is tried",
    "security.two_factor_rescue": "not there",
    "accounts.sign_in": LINKS,
    "accounts.open_link": "256 bits to guess; one look by index",
    "accounts.sign_in_demo": "invented people only",
    "accounts.sign_out": "drops one's own row",
    "correspondence.ask_for_alert": alerts.ALERTS,
    "correspondence.confirm_alert": "256 bits to guess",
    "correspondence.stop_alert": "256 bits to guess",
    "codes.ask": LISTS,
    "apportioning.ask": LISTS,
    "apportioning.forget": "drops one's own row",
    "many.ask": LISTS,
    "many.forget": "drops one's own row",
    "public.alert": "place",
    "public.report_error": ERRORS,
    "challenges.new": challenges.SENT,
    "challenges.support": challenges.SUPPORTED,
    "challenge_links.confirm": "256 bits to guess",
    "challenge_links.confirm_support": "256 bits to guess",
}


def test_every_form_a_stranger_may_send_is_limited_or_known_to_need_none(app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and getattr(app.view_functions[rule.endpoint], "door", None) == "public"
    }
    assert public == set(PUBLIC_FORMS)


def test_one_network_does_not_take_the_api_from_others(app: Flask) -> None:
    app.extensions["api_gate"] = Gate(5)
    try:
        client = app.test_client()
        codes = [client.get("/api/v1/methods", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code for _ in range(8)]
        assert 429 in codes
        assert codes.count(429) in (2, 3), "a minute may end between"
        refused = client.get("/api/v1/methods", environ_base={"REMOTE_ADDR": "192.0.2.1"})
        if refused.status_code == 429:
            assert 1 <= int(refused.headers["Retry-After"]) <= 60
            assert "calls a minute have come from your network" in refused.json["message"]
        assert client.get("/api/v1/methods", environ_base={"REMOTE_ADDR": "203.0.113.1"}).status_code == 200
    finally:
        app.extensions["api_gate"] = None


def test_a_gate_opens_again_with_the_next_minute() -> None:
    gate = Gate(2)
    assert [gate.seconds_to_wait("192.0.2.1", 60.0) for _ in range(3)] == [0, 0, 60]
    assert gate.seconds_to_wait("192.0.2.1", 120.0) == 0
    assert sum(not gate.seconds_to_wait(f"192.0.2.{n}", 180.0) for n in range(20)) == 8, "and the network around it"


def statements(deed: Callable[[], object], cut: int = 60) -> list[str]:
    """What is asked of the database meanwhile, without the values; the beginning of each."""
    sent: list[str] = []

    def keep(connection: object, cursor: object, statement: str, *more: object) -> None:
        sent.append(" ".join(statement.split())[:cut])

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        with writes_now():
            deed()
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)
    return [one for one in sent if "SAVEPOINT" not in one]


@pytest.mark.usefixtures("context")
def test_the_same_is_done_for_an_address_known_here_and_for_another() -> None:
    """Time told them apart nine times of ten: a known address wrote a letter, another did nothing."""
    ended = queries.person_by_email("inspector@example.org")
    assert ended is not None
    with writes_now():
        ended.active = False
    service.ask_for_link("warm@example.org", at=AT)  # whatever is prepared once is prepared
    db.session.rollback()
    done = {
        address: statements(lambda address=address: service.ask_for_link(address, network="192.0.2.1", at=AT))
        for address in ("officer@example.org", "nobody@example.org", "inspector@example.org")
    }
    known = done.pop("officer@example.org")
    assert any("INTO letter" in one for one in known)
    for address, other in done.items():
        assert [one for one in other if one.startswith(("INSERT", "DELETE"))] == [
            one for one in known if one.startswith(("INSERT", "DELETE"))
        ], address
        assert abs(len(other) - len(known)) <= 2, address
    assert db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == "sign_in")) == 1


@pytest.mark.usefixtures("context")
def test_the_same_is_done_for_an_address_that_has_the_alert_and_for_another() -> None:
    with writes_now():
        alerts.ask_for_alert("has@example.org", "place:1", AT, named="Ashby")
        db.session.scalars(select(Alert)).one().confirmed_at = AT
    first, second = (
        statements(lambda address=address: alerts.ask_for_alert(address, "place:1", AT + 2 * timedelta(hours=1), named="Ashby"))
        for address in ("has@example.org", "has.not@example.org")
    )
    assert any("INTO letter" in one for one in first)
    assert abs(len(first) - len(second)) <= 2
    alert = db.session.scalars(select(Alert).where(Alert.address == "has@example.org")).one()
    assert alert.confirmed_at == AT, "undone again"
    assert db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == "confirm_alert")) == 2
