"""Who signs a body's letters, whom to ask, where replies go: entered by page and by command, and read in every letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.bodies.letterheads import Contact, correspondent_of, enter_letterhead, missing_from, read_web_address
from scrutiny.bodies.models import Body
from scrutiny.correspondence.wording import part
from scrutiny.demo.agencies import BODIES, LETTERHEADS
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR

SignedIn = Callable[..., FlaskClient]
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HEAD: dict[str, str | bool] = {
    "signatory_name": "Councillor Amrit Gill",
    "signatory_office": "Chair",
    "deputy_name": "Councillor Joan Pike",
    "deputy_office": "Vice-chair",
    "contact_name": "Olwen Price",
    "contact_office": "scrutiny officer",
    "contact_phone": "01632 960 123",
    "contact_email": "olwen@example.org",
    "mailbox": "scrutiny@example.org",
    "heading": "County Hall, Loamchester",
    "privacy_url": "example.org/privacy",
    "genuine_url": "https://example.org/scrutiny",
}


def committee(cast: SimpleNamespace) -> Body:
    """The committee of the cast."""
    return db.session.get_one(Body, cast.committee)


def enter(cast: SimpleNamespace, **changes: str | bool) -> list[str]:
    """Enter the letterhead of the committee, with changes."""
    with writes_now():
        return enter_letterhead(committee(cast), HEAD | changes, by=OPERATOR_ACTOR, at=AT)


@pytest.mark.usefixtures("context")
def test_the_foot_of_a_letter_says_whom_to_ask_how_to_check_it_and_who_signs(cast: SimpleNamespace) -> None:
    enter(cast)
    assert part("closing", us=correspondent_of(committee(cast))) == (
        "Questions? Olwen Price, scrutiny officer, 01632 960 123, olwen@example.org\n"
        "To check that this letter is genuine: https://example.org/scrutiny\n"
        "\n"
        "Yours sincerely\n"
        "\n"
        "Councillor Amrit Gill\n"
        "Chair, Loamshire Overview and Scrutiny Committee\n"
        "County Hall, Loamchester"
    )


@pytest.mark.usefixtures("context")
def test_the_deputy_signs_while_they_are_said_to(cast: SimpleNamespace) -> None:
    enter(cast, deputy_signs=True)
    writer = correspondent_of(committee(cast))
    assert (writer.signatory, writer.office) == ("Councillor Joan Pike", "Vice-chair")
    assert enter(cast, deputy_signs=False) == ["deputy_signs"]
    assert correspondent_of(committee(cast)).signatory == "Councillor Amrit Gill"


@pytest.mark.usefixtures("context")
def test_replies_go_to_the_mailbox_or_to_the_contact_of_the_review(cast: SimpleNamespace) -> None:
    enter(cast)
    assert correspondent_of(committee(cast)).sender.reply_to == "scrutiny@example.org"
    own = Contact("Nia Rees", "policy officer", "01632 960 555", "nia@example.org")
    writer = correspondent_of(committee(cast), own)
    assert (writer.contact, writer.sender.reply_to) == (own, "nia@example.org")
    assert correspondent_of(committee(cast), Contact()).contact.name == "Olwen Price"
    assert correspondent_of(committee(cast), Contact("Nia Rees")).sender.reply_to == "scrutiny@example.org"
    enter(cast, mailbox="")
    assert correspondent_of(committee(cast)).sender.reply_to == "olwen@example.org"


@pytest.mark.usefixtures("context")
def test_what_letters_do_not_say_yet_is_named(cast: SimpleNamespace) -> None:
    assert missing_from(correspondent_of(committee(cast))) == [
        "who signs them",
        "whom to ask",
        "a telephone number",
        "where replies go",
        "how to check that they are genuine",
    ]
    assert part("closing", us=correspondent_of(committee(cast))) == (
        "Questions? Contact us: http://localhost/contact\n\nYours sincerely\n\nLoamshire Overview and Scrutiny Committee"
    )
    enter(cast)
    assert missing_from(correspondent_of(committee(cast))) == []


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contact_phone": "ring me"}, "telephone number"),
        ({"contact_phone": "123"}, "telephone number"),
        ({"contact_email": "olwen@example"}, "email address"),
        ({"mailbox": "a@example.org, b@example.org"}, "email address"),
        ({"contact_name": ""}, "name of the contact"),
        ({"genuine_url": "javascript:alert(1)"}, "web address"),
        ({"privacy_url": "our website"}, "web address"),
        ({"deputy_name": "", "deputy_signs": True}, "deputy’s name"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_kept(
    cast: SimpleNamespace, changes: dict[str, str | bool], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        enter(cast, **changes)
    assert committee(cast).letterhead is None


def test_web_addresses_get_their_scheme() -> None:
    assert read_web_address(" example.org/scrutiny ") == "https://example.org/scrutiny"
    assert read_web_address("") == ""


@pytest.mark.usefixtures("context")
def test_two_who_save_at_once_are_told(cast: SimpleNamespace) -> None:
    enter(cast)
    with pytest.raises(Stale), writes_now():
        enter_letterhead(committee(cast), HEAD, by=OPERATOR_ACTOR, at=AT, seen=7)


class TestPages:
    """As officers and administrators use it."""

    def test_officer_and_administrator_enter_it_and_others_find_nothing(self, signed_in: SignedIn, cast: SimpleNamespace) -> None:
        address = f"/bodies/{cast.committee}/letterhead"
        for who in ("officer", "chair", "administrator"):
            assert signed_in(who).get(address).status_code == 200
        for who in ("councillor", "lead_inspector", "responder", "stranger"):
            client = signed_in(who)
            assert client.get(address).status_code == 404
            assert client.post(address, data=HEAD).status_code == 404

    def test_it_is_saved_and_shown_as_a_letter_will_end(self, signed_in: SignedIn, cast: SimpleNamespace) -> None:
        client, address = signed_in("officer"), f"/bodies/{cast.committee}/letterhead"
        assert "Letters do not yet say:" in client.get(address).text
        assert client.post(address, data=HEAD | {"heading": "<script>alert(1)</script>"}).status_code == 302
        page = client.get(address).text
        assert "Letters do not yet say:" not in page
        assert "Questions? Olwen Price, scrutiny officer, 01632 960 123" in page
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page

    def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(self, signed_in: SignedIn, cast: SimpleNamespace) -> None:
        client, address = signed_in("officer"), f"/bodies/{cast.committee}/letterhead"
        page = client.post(address, data=HEAD | {"contact_phone": "ring me"}).text
        assert 'href="#contact_phone"' in page
        assert "Enter a telephone number, like 01632 960 001" in page
        assert 'value="Councillor Amrit Gill"' in page

    def test_both_versions_are_shown_where_somebody_saved_first(self, signed_in: SignedIn, cast: SimpleNamespace) -> None:
        client, address = signed_in("officer"), f"/bodies/{cast.committee}/letterhead"
        client.post(address, data=HEAD)
        client.post(address, data=HEAD | {"signatory_name": "Councillor Bethan Rhys", "version": "1"})
        answer = client.post(address, data=HEAD | {"signatory_name": "Councillor Idris Lowe", "version": "1"})
        assert answer.status_code == 409
        assert "Councillor Bethan Rhys" in answer.text
        assert "Councillor Idris Lowe" in answer.text


def test_the_command_enters_and_shows_it(app: Flask, cast: SimpleNamespace) -> None:
    run = app.test_cli_runner()
    slug = "loamshire-scrutiny"
    done = run.invoke(args=["bodies", "letterhead", slug, "--signatory", "Councillor Amrit Gill", "--office", "Chair", "--json"])
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["changed"], told["signatory_name"]) == (["signatory_name", "signatory_office"], "Councillor Amrit Gill")
    assert "a telephone number" in told["missing"]
    assert run.invoke(args=["bodies", "letterhead", slug, "--phone", "x", "--contact", "Olwen"]).exit_code == 1
    shown = run.invoke(args=["bodies", "letterhead", slug])
    assert "signatory name: Councillor Amrit Gill" in shown.stdout
    assert run.invoke(args=["bodies", "letterhead", "nobody"]).exit_code == 1


def test_every_invented_body_has_a_whole_letterhead() -> None:
    assert set(LETTERHEADS) == set(BODIES)
    for values in LETTERHEADS.values():
        assert all(values.get(field) for field in HEAD)
        assert str(values["contact_phone"]).startswith("01632 960")


def test_the_page_of_contacts_names_the_office_and_mailbox_of_each_body_and_no_person(
    app: Flask, client: FlaskClient, cast: SimpleNamespace
) -> None:
    assert "No body has recorded whom to write to yet" in client.get("/contact").text
    with app.app_context():
        enter(cast)
    page = client.get("/contact").text
    for words in ("Loamshire Overview and Scrutiny Committee", "Scrutiny officer", "scrutiny@example.org", "01632 960 123"):
        assert words in page
    assert "Olwen" not in page
