"""No refusal throws away what was typed: every address that takes a form, with a stale token, and after the session has ended."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse
from wtforms import FileField, Form, HiddenField, MultipleFileField, PasswordField, SubmitField
from wtforms.fields.core import UnboundField

from scrutiny import widgets
from scrutiny.accounts import views as keys_views
from scrutiny.accounts.models import Person
from scrutiny.extensions import db
from scrutiny.posted_words import BUTTONS, SECRET, Posted, posted_words
from scrutiny.transaction import writes_now
from scrutiny.unsaved import service
from scrutiny.unsaved.models import UnsavedForm
from scrutiny.unsaved.refill import MARK, refill
from tests import cast as the_cast

WORDS = "A thousand <words> & more,\nof an afternoon's work."
AT_ACCOUNT = {"Referer": "http://localhost/account"}
#: Addresses whose last part is a secret: nothing sent to them is kept, and none of their forms holds words.
OF_A_SECRET = {"token", "feed_key"}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its check against forged forms switched on, as it is when it runs."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def sign_in(app: Flask, who: str, client: FlaskClient | None = None) -> FlaskClient:
    """Somebody signed in, in a browser that may have been used before."""
    client = client or app.test_client()
    sign_out(client)
    return the_cast.sign_in(app, client, the_cast.uniquifier(who))


def sign_out(client: FlaskClient) -> None:
    """The session ends: by its time, or by signing out in another tab."""
    with client.session_transaction() as session:
        session.clear()


def token_for(app: Flask, who: str | None) -> str:
    """A token of a page drawn for somebody in an earlier session."""
    with app.app_context():
        person = (
            db.session.scalar(select(Person.id).where(Person.email == f"{who.replace('_', '.')}@example.org")) if who else None
        )
    raw = f"{person}.of-an-earlier-session" if person else "of-a-strangers-session"
    return str(URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw))


def rules(app: Flask) -> list[Rule]:
    """Every address of ours that takes a form with words."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and not rule.endpoint.startswith("security.")
        and not OF_A_SECRET & rule.arguments
        and rule.endpoint not in ("accounts.sign_out", "unsaved.keep")
    ]


def address_of(app: Flask, rule: Rule) -> str:
    """An address of a rule, with something of the right kind for each of its parts."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        values[name] = 1 if isinstance(converter, IntegerConverter) else next(iter(getattr(converter, "items", ["x"])))
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def door_of(app: Flask, rule: Rule) -> str:
    return str(getattr(app.view_functions[rule.endpoint], "door", ""))


def finish(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Where the answer leads to."""
    steps = 0
    while answer.status_code in (301, 302, 303, 308) and steps < 5:
        answer, steps = client.get(answer.headers["Location"]), steps + 1
    return answer


def holds(page: TestResponse, words: str = WORDS) -> bool:
    """Whether the page shows the words, as text and never as HTML."""
    return words in unescape(page.text).replace("\r\n", "\n") and "<words>" not in page.text


def test_a_stale_token_gives_every_form_its_words_back(guarded: Flask, cast: SimpleNamespace) -> None:
    lost = []
    for rule in rules(guarded):
        who = {"administrator": "administrator", "signed_in": "officer"}.get(door_of(guarded, rule))
        client = sign_in(guarded, who) if who else guarded.test_client()
        address = address_of(guarded, rule)
        answer = client.post(
            address, data={"csrf_token": token_for(guarded, who), "text": WORDS, "file": (io.BytesIO(b"x"), "a.txt")}
        )
        if not holds(finish(client, answer)):
            lost.append((rule.rule, answer.status_code, answer.headers.get("Location")))
    assert lost == []
    assert len(rules(guarded)) > 120


def test_an_ended_session_gives_every_form_its_words_back_after_signing_in(guarded: Flask, cast: SimpleNamespace) -> None:
    lost = []
    for rule in rules(guarded):
        if door_of(guarded, rule) == "public":
            continue
        who = {"administrator": "administrator"}.get(door_of(guarded, rule), "officer")
        client, address = guarded.test_client(), address_of(guarded, rule)
        answer = client.post(address, data={"csrf_token": token_for(guarded, who), "text": WORDS})
        where = answer.headers.get("Location", "")
        if answer.status_code != 303 or "/sign-in?next=" not in where:
            lost.append((rule.rule, answer.status_code, where))
            continue
        asked = client.get(where)
        assert "What you typed is kept" in asked.text
        assert not holds(asked)
        next_page = re.search(r'name="next"[^>]*value="([^"]*)"', asked.text)
        assert next_page is not None
        if not holds(finish(client, sign_in(guarded, who, client).get(unescape(next_page[1])))):
            lost.append((rule.rule, "after signing in", next_page[1]))
    assert lost == []


def test_a_session_that_has_no_person_any_more_is_the_same(guarded: Flask, cast: SimpleNamespace) -> None:
    """Signed out everywhere: the token of the session still holds, and nobody is behind it."""
    client = sign_in(guarded, "officer")
    page = client.get("/account")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    with guarded.app_context(), writes_now():
        db.session.scalars(select(Person).where(Person.email == "officer@example.org")).one().fs_uniquifier = "another"
    answer = client.post("/account/keys", data={"csrf_token": token[1], "name": WORDS}, headers=AT_ACCOUNT)
    assert "/sign-in?next=" in answer.headers["Location"]
    with client.session_transaction() as session:
        session["_user_id"] = "another"
    assert holds(client.get("/account"))


def test_the_same_form_comes_back_filled_with_a_fresh_token_and_saves(guarded: Flask, cast: SimpleNamespace) -> None:
    """Choices and boxes too; and once it is sent, nothing is kept any longer."""
    client = sign_in(guarded, "officer")
    stale = {"csrf_token": token_for(guarded, "officer"), "name": "My <feed>", "kind": "feed", "save": "Make a key"}
    answer = client.post("/account/keys", data=stale, headers=AT_ACCOUNT)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    page = client.get("/account")
    assert 'value="My &lt;feed&gt;"' in page.text
    assert re.search(r'value="feed"[^>]*checked', page.text)
    assert "Not saved yet" in page.text
    token = re.search(r'action="[^"]*/account/keys".*?name="csrf_token"[^>]*value="([^"]+)"', page.text, re.DOTALL)
    assert token is not None
    assert token[1] != stale["csrf_token"]


def test_words_are_never_shown_to_another_person(guarded: Flask, cast: SimpleNamespace) -> None:
    """Signed out and in as somebody else in another tab: the words wait for the one who typed them."""
    client = sign_in(guarded, "chair")
    data = {"csrf_token": token_for(guarded, "officer"), "name": WORDS, "kind": "api"}
    answer = client.post("/account/keys", data=data, headers=AT_ACCOUNT)
    assert answer.status_code == 409
    assert not holds(answer)
    assert "somebody else opened this page" in answer.text
    assert not holds(client.get("/account"))
    with guarded.app_context():
        number = db.session.scalars(select(UnsavedForm.id)).one()
    assert client.get(f"/unsaved/{number}").status_code == 404
    assert not holds(client.get("/unsaved"))
    assert holds(sign_in(guarded, "officer", client).get("/account"))


@pytest.mark.parametrize(
    ("here", "drawn_for", "why", "status"),
    [
        (None, "officer", "you have been signed out", 401),
        ("officer", "officer", "this page has been open too long", 400),
        ("chair", "officer", "somebody else has signed in in this browser", 409),
    ],
)
def test_a_script_is_told_why_a_draft_was_not_kept(
    guarded: Flask, cast: SimpleNamespace, here: str | None, drawn_for: str, why: str, status: int
) -> None:
    client = sign_in(guarded, here) if here else guarded.test_client()
    headers = {"X-CSRFToken": token_for(guarded, drawn_for), "Accept": "application/json"}
    sent = {"unsaved_address": "/account/keys", "unsaved_page": "/account", "name": WORDS}
    answer = client.post("/unsaved/keep", data=sent, headers=headers)
    assert (answer.status_code, answer.get_json()) == (status, {"why": why})
    with guarded.app_context():
        assert db.session.scalars(select(UnsavedForm)).all() == []


def test_a_form_sent_from_another_site_is_never_kept(guarded: Flask, cast: SimpleNamespace) -> None:
    client = sign_in(guarded, "officer")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        data = {"csrf_token": token_for(guarded, "officer"), "name": WORDS}
        assert client.post("/account/keys", data=data, headers=headers).status_code == 400
    data = {"csrf_token": "forged", "name": WORDS}
    assert client.post("/account/keys", data=data).status_code == 400
    with guarded.app_context():
        assert db.session.scalars(select(UnsavedForm)).all() == []


def test_what_is_kept_is_sealed_and_forgotten_after_its_day(guarded: Flask, cast: SimpleNamespace) -> None:
    client = sign_in(guarded, "officer")
    client.post("/account/keys", data={"csrf_token": token_for(guarded, "officer"), "name": WORDS})
    with guarded.app_context():
        kept = db.session.scalars(select(UnsavedForm)).one()
        assert b"thousand" not in kept.sealed
        with writes_now():
            assert service.forget_old(at=kept.kept_at + service.KEPT / 2) == 0
            assert service.forget_old(at=kept.kept_at + service.KEPT) == 1


def forms() -> list[type[widgets.Form]]:
    """Every form of the product."""
    found, left = [], [widgets.Form]
    while left:
        of_class = left.pop().__subclasses__()
        left += of_class
        found += [form for form in of_class if form.__module__.startswith("scrutiny.")]
    return found


def boxes(form: type[widgets.Form]) -> dict[str, UnboundField]:
    """The fields of a form by name."""
    return {name: box for name in dir(form) if isinstance(box := getattr(form, name, None), UnboundField)}


def test_every_form_gives_back_what_was_typed_and_never_a_hidden_value(app: Flask) -> None:
    """An old version or token would be refused at every try; and what nobody typed is not shown as if somebody had."""
    unnamed = []
    for form in forms():
        drawn, typed = "", []
        for name, box in boxes(form).items():
            sent_unseen = issubclass(box.field_class, HiddenField | SubmitField)
            if sent_unseen != (form.label_of(name) == "") or form.label_of(name) is None:
                unnamed.append((form.__module__, form.__name__, name))
            if issubclass(box.field_class, HiddenField) and MARK.search(name):
                drawn += f'<input type="hidden" name="{name}" value="fresh">'
                typed.append((name, "old"))
            elif not sent_unseen:
                drawn += f'<input name="{name}" value="as saved">'
                typed.append((name, WORDS))
        done = refill(f'<form method="post">{drawn}</form>', "/here", "/here", Posted(tuple(typed)))
        assert 'value="old"' not in done.page
        assert done.page.count('value="fresh"') == drawn.count('value="fresh"')
        assert done.page.count(escape(WORDS)) == drawn.count("as saved")
        assert done.moved == ("fresh" in drawn)
        saved = tuple((name, "as saved") for name, value in typed if value == WORDS)
        assert done.stood == (saved if done.moved else ()), "what another saved since is shown beside it"
    assert unnamed == []
    assert len(forms()) > 90


def test_every_box_for_files_says_what_has_to_be_chosen_again_or_keeps_it(app: Flask) -> None:
    """The one box that keeps what was sent is that of an answer, whose draft takes the files whatever else is refused."""
    named = {(form.__name__, name): box.field_class for form in forms() for name, box in boxes(form).items()}
    files = {key: of for key, of in named.items() if issubclass(of, FileField | MultipleFileField)}
    assert len(files) > 8
    assert all(issubclass(of, widgets.FileField | widgets.MultipleFileField) for of in files.values())
    assert [key for key, of in files.items() if of.is_kept] == [("AnswerForm", "files")]


def test_every_button_that_a_template_names_is_known_as_one() -> None:
    named = {
        name
        for page in (Path(__file__).resolve().parents[3] / "templates").rglob("*.html")
        for name in re.findall(r'<(?:button[^>]*|input type="hidden") name="([a-z_]+)"', page.read_text(encoding="utf-8"))
    }
    assert named - BUTTONS - {"capacity", "ended", "next", "on"} == set(), (
        "those of a search, and whom and where one goes on as and to"
    )


def public_form(app: Flask) -> str:
    """The address of a form that anybody may send."""
    return next(
        rule.rule
        for rule in rules(app)
        if door_of(app, rule) == "public" and not rule.arguments and "GET" in (rule.methods or ())
    )


def test_a_strangers_words_come_back_once_by_a_key_in_the_browser_they_were_typed_in(
    guarded: Flask, cast: SimpleNamespace
) -> None:
    client, another = guarded.test_client(), guarded.test_client()
    data = {"csrf_token": token_for(guarded, None), "text": WORDS}
    address, of_another = (
        one.post(public_form(guarded), data=sent).headers["Location"]
        for one, sent in ((client, data), (another, data | {"text": "Others"}))
    )
    assert "kept=" in address
    assert not holds(guarded.test_client().get(address)), "a browser without a session"
    assert not holds(another.get(address)), "one with words of its own"
    assert not holds(sign_in(guarded, "officer").get(address))
    assert "Others" not in client.get(of_another).text
    assert holds(client.get(address))
    assert not holds(client.get(address))


def test_strangers_fill_no_store(guarded: Flask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the size of a form, by the network, and by the bytes of all: what is not kept is shown at once, and lost to nobody."""

    def sends(words: str = WORDS, network: str = "192.0.2.1") -> bool:
        """Whether a form of a stranger is kept; it is shown in the answer where it is not."""
        sent = {"csrf_token": token_for(guarded, None), "text": words}
        answer = guarded.test_client().post(public_form(guarded), data=sent, environ_base={"REMOTE_ADDR": network})
        assert answer.status_code == 303 or holds(answer, words)
        return answer.status_code == 303

    assert not sends("w" * service.LARGEST_OF_STRANGER)
    monkeypatch.setattr(service, "STRANGERS", replace(service.STRANGERS, of_network=2))
    assert [sends() for _ in range(3)] == [True, True, False]
    assert sends(network="203.0.113.7")
    monkeypatch.setattr(service, "BYTES_OF_STRANGERS", 100)
    assert not sends(network="198.51.100.9")
    client = sign_in(guarded, "officer")
    answer = client.post("/account/keys", data={"csrf_token": token_for(guarded, "officer"), "name": WORDS}, headers=AT_ACCOUNT)
    assert holds(finish(client, answer)), "whoever has signed in is not kept out by strangers"
    with guarded.app_context(), writes_now():
        strangers = select(UnsavedForm).where(UnsavedForm.person_id.is_(None))
        for form in db.session.scalars(strangers):
            form.kept_at -= service.KEPT_FOR_STRANGERS
    assert sends(network="198.51.100.9"), "what is over makes room at once"
    with guarded.app_context():
        assert len(db.session.scalars(strangers).all()) == 1


def test_a_secret_is_kept_from_no_form_whatever_its_box_is_called(guarded: Flask, cast: SimpleNamespace) -> None:
    """By its name, unless a form has a plain box of that name; and by the kind of its box."""

    class NewKeyForm(widgets.Form):
        """A form of the page of keys, with a password that is called otherwise."""

        words = widgets.PasswordField("Your password")
        code = widgets.TextField("Code of an area")

    def left(address: str, *names: str) -> set[str]:
        with guarded.test_request_context(address, method="POST", data=dict.fromkeys(names, WORDS)):
            return {name for name, _ in posted_words().fields}

    secrets = ("password", "new_passphrase", "code", "key", "recovery_code", "api_key", "pin", "csrf_token", "otp")
    assert left("/account/keys", *secrets, "name", "postcode", "keys_too") == {"name", "postcode", "keys_too"}
    with patch.object(keys_views, "NewKeyForm", NewKeyForm, create=True):
        assert left("/account/keys", "words", "code", "key", "name") == {"code", "name"}
        assert left("/unsaved/keep", "code", "key") == set()
        with guarded.test_request_context("/unsaved/keep", method="POST", data={"code": "E07", "key": WORDS}):
            assert posted_words("/account/keys").fields == (("code", "E07"),)
    data = {"unsaved_address": "/account/keys", "unsaved_page": "/account", "code": "secret-1", "key": "secret-2", "name": WORDS}
    client = sign_in(guarded, "officer")
    with patch.object(service, "_lock", lambda _: SimpleNamespace(encrypt=lambda content: content)):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text)
        assert token is not None
        assert client.post("/unsaved/keep", data=data | {"csrf_token": token[1]}).status_code == 200
    with guarded.app_context():
        assert b"secret" not in db.session.scalars(select(UnsavedForm.sealed)).one()


def test_no_password_or_code_is_kept_or_shown_again(guarded: Flask, cast: SimpleNamespace) -> None:
    """Pages where secrets are typed keep nothing, and no field of that kind anywhere has a name that would be kept."""
    secret = "correct-horse-battery"
    for rule in guarded.url_map.iter_rules():
        if rule.endpoint.startswith("security.") and "POST" in (rule.methods or ()) and not rule.arguments:
            data = {
                "csrf_token": token_for(guarded, "officer"),
                "email": "officer@example.org",
                "password": secret,
                "code": secret,
            }
            answer = guarded.test_client().post(rule.rule, data=data)
            assert secret not in answer.text
    client = sign_in(guarded, "officer")
    answer = client.post("/account/keys", data={"csrf_token": token_for(guarded, "officer"), "password": secret, "name": WORDS})
    page = finish(client, answer)
    assert holds(page)
    assert secret not in page.text
    with guarded.app_context():
        assert db.session.scalars(select(UnsavedForm.address)).all() == ["/account/keys"]
    forms, names = [Form], set()
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        made = vars(form).items() if form.__module__.startswith("scrutiny.") else ()
        names |= {name for name, field in made if getattr(field, "field_class", None) in (PasswordField, widgets.PasswordField)}
    assert {name for name in names if not SECRET.search(name)} == set()


def test_a_person_fills_no_store_and_is_told_what_went(
    guarded: Flask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred forms of two megabytes each were kept for everybody; the oldest go now, and never what was typed last."""
    monkeypatch.setattr(service, "BYTES_EACH", 5_000)
    client = sign_in(guarded, "officer")
    [token, *_] = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text)
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    said = [
        client.post(
            "/unsaved/keep",
            data={"unsaved_address": f"/account/keys?{number}", "unsaved_page": "/account", "name": "w" * 1_000},
            headers=headers,
        ).get_json()["more"]
        for number in range(4)
    ]
    assert said == ["", "", "", "There was no room for all you typed and did not save: 1 older form is no longer kept."]
    with guarded.app_context():
        kept = db.session.scalars(select(UnsavedForm.address).order_by(UnsavedForm.id)).all()
        assert kept == [f"/account/keys?{number}" for number in (1, 2, 3)]
    refused = {"csrf_token": token_for(guarded, "officer"), "name": "w" * 2_000}
    page = finish(client, client.post("/account/keys", data=refused, headers=AT_ACCOUNT))
    assert "2 older forms are no longer kept" in page.text
