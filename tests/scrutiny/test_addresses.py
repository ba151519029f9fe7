"""One rule for email addresses at every door, and typed text without what nobody can see."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from config.settings import SettingsWrong, read_settings
from scrutiny.accounts.service import invite_person
from scrutiny.addresses import posted_address, read_address, read_sender, why_not_sender
from scrutiny.agencies.service import AgencyDetails, add_agency
from scrutiny.correspondence.alerts import ask_for_alert
from scrutiny.reorganisation.plan_input import check_plan
from scrutiny.transaction import writes_now
from scrutiny.typed_text import address_fault, clean, clean_line
from scrutiny.widgets import EmailField, Form, LongTextField, TextField
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SignedIn = Callable[..., FlaskClient]
#: What people type that cannot be written to.
NO_ADDRESSES = [
    "dafydd.tŷ@example.org",
    "a@example.org, b@example.org",
    "info@example.org; b@example.org",
    "Olwen Price <a@example.org>",
    "a..b@example.org",
    "a..b@example..org",
    "o@example",
    "nobody",
    "a@b@example.org",
    "@example.org",
    "a@",
    "a@192.168.0.1",
    "a b@example.org",
    "a@exa_mple.org",
    "x" * 65 + "@example.org",
    "a@" + "x" * 250 + ".org",
]
ADDRESSES = {
    "o'brien+scrutiny@example.org": "o'brien+scrutiny@example.org",
    "  a@Example.ORG ": "a@example.org",
    "a@tŷ.cymru": "a@tŷ.cymru",
    "a@xn--t-foa.cymru": "a@tŷ.cymru",
    "a\u200b\u0002@example.org".replace("\u200b", ""): "a@example.org",
}


@pytest.mark.parametrize(("typed", "kept"), ADDRESSES.items())
def test_an_address_is_kept_as_people_write_it(typed: str, kept: str) -> None:
    assert address_fault(typed) == ""
    assert read_address(typed) == kept


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_cannot_be_written_to_is_refused_at_every_door(
    app: Flask, signed_in: SignedIn, cast: SimpleNamespace, typed: str
) -> None:
    """Alerts, invitations, agencies, registers, plans of councils, sign-in, trying again, and the sender itself."""
    assert address_fault(typed)
    doors: list[Callable[[], object]] = [
        lambda: ask_for_alert(typed, "place:1", AT, named="Ashby"),
        lambda: invite_person(typed, "Olwen", by=OPERATOR_ACTOR, at=AT),
        lambda: add_agency(AgencyDetails(name="New", kind="police", codes=(), email=typed), by=OPERATOR_ACTOR, at=AT),
        lambda: check_plan(_plan(typed), "plan.json"),
    ]
    for door in doors:
        with app.app_context(), pytest.raises(Refused, match="email"), writes_now():
            door()
    if "<" not in typed:
        assert why_not_sender(f"Scrutiny <{typed}>", "localhost")
    administrator = signed_in("administrator")
    for path, data in (
        ("/sign-in", {"email": typed}),
        ("/administration/people/invite", {"name": "Olwen", "email": typed, "capacity": "administrator", "role": ""}),
        ("/administration/agencies/add", {"name": "New", "kind": "police", "nation": "england", "email": typed}),
    ):
        answer = (app.test_client() if path == "/sign-in" else administrator).post(path, data=data)
        assert answer.status_code == 200, path
        summary = re.search(r"govuk-error-summary__list.*?</ul>", answer.text, re.DOTALL)
        assert summary is not None, path
        assert "email address" in summary[0], path


def _plan(email: str) -> dict[str, object]:
    """A plan with one new council."""
    new = {"code": "E06000999", "name": "New", "kinds": ["unitary"], "made_of": ["E07900001"], "email": email}
    return {"title": "Change", "on": "2027-04-01", "ending": ["E07900001"], "new": [new]}


def test_a_register_names_each_line_that_cannot_be_written_to(app: Flask, tmp_path: Path) -> None:
    rows = ["Info <info@example.org>", "info@example.org; b@example.org", "dafydd.tŷ@example.org", "a..b@example..org"]
    file = tmp_path / "register.csv"
    lines = [f"Council {n},county,E1090000{n},gss,E10900001,{email}" for n, email in enumerate(rows, 1)]
    file.write_text("name,kind,code,scheme,area_codes,email\n" + "\n".join(lines) + "\n", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["agencies", "load", str(file)])
    assert done.exit_code == 1
    for line in (2, 3, 4, 5):
        assert f"ine {line}: “" in done.stderr
    assert done.stdout == ""


def test_a_host_with_accents_is_posted_in_its_ascii_form() -> None:
    assert posted_address("a@tŷ.cymru") == "a@xn--t-foa.cymru"
    assert posted_address("o'brien@example.org") == "o'brien@example.org"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("no-reply@example.org", "", "no-reply@example.org"),
        ("Area Scrutiny <no-reply@example.org>", "Area Scrutiny", "no-reply@example.org"),
        ('"Scrutiny, Loamshire" <no-reply@example.org>', "Scrutiny, Loamshire", "no-reply@example.org"),
        ("Craffu Tŷ’r Sir <craffu@tŷ.cymru>", "Craffu Tŷ’r Sir", "craffu@xn--t-foa.cymru"),
        ("Area Scrutiny <no-reply@localhost>", "Area Scrutiny", "no-reply@localhost"),
    ],
)
def test_a_sender_has_a_name_and_an_address(text: str, name: str, address: str) -> None:
    sender = read_sender(text, "localhost")
    assert (sender.display_name, sender.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        "Scrutiny, Loamshire <no-reply@example.org>",
        "a@example.org, b@example.org",
        "Scrutiny <no-reply>",
        "Scrutiny",
        "Scrutiny <a..b@example.org>",
        "Scrutiny <no-reply@localhost>",
        "Scrutiny <no-reply@example.org> and more",
    ],
)
def test_a_sender_that_cannot_be_used_stops_the_start_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        read_settings({"SECRET_KEY": "x" * 40, "MAIL_FROM": text, "PLACE_CRS": "no"}, checks={"MAIL_FROM": why_not_sender})
    assert [fault.split(" is ")[0] for fault in wrong.value.faults] == ["MAIL_FROM", "PLACE_CRS"]


def test_the_application_itself_checks_its_sender_at_start() -> None:
    environment = os.environ | {"SECRET_KEY": "x" * 40, "MAIL_FROM": "Scrutiny, Loamshire <no-reply@example.org>"}
    code = "from scrutiny.app import create_app; create_app()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "MAIL_FROM is 'Scrutiny, Loamshire <no-reply@example.org>': write it as name@example.org" in done.stderr


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Seeing a doctor\u0002 in Wendale", "Seeing a doctor in Wendale"),
        ("\uf0b7 one\uf0a7", "• one▪"),
        ("Ynys Mo\u0302n", "Ynys Môn"),
        ("a\u0000\u0085\ue000\ud800b", "ab"),
        ("two\r\nlines\tand\u2028more", "two lines and more"),
        ("👩‍👩‍👧 Tŷ 日本", "👩‍👩‍👧 Tŷ 日本"),
    ],
)
def test_typed_text_is_kept_without_what_nobody_can_see(app: Flask, typed: str, kept: str) -> None:
    class Typed(Form):
        """A form with every kind of text field."""

        line = TextField("Line")
        text = LongTextField("Text")
        address = EmailField("Address")

    with app.test_request_context():
        form = Typed(MultiDict({"line": typed, "text": typed, "address": "a\u0002@example.org"}))
        assert form.line.data == kept == clean_line(typed)
        assert form.text.data == clean(typed).strip()
        assert form.address.data == "a@example.org"
        assert form.validate()


def test_lines_of_a_long_text_stay_lines() -> None:
    assert clean("one\r\n\r\n\ttwo\rthree\x0b") == "one\n\n\ttwo\nthree"


@pytest.mark.parametrize(("set_to", "licence"), [({}, "OGL-UK-3.0"), ({"REPORT_LICENCE": " "}, ""), (None, None)])
def test_reports_name_the_open_licence_or_none_and_no_other(set_to: dict[str, str] | None, licence: str | None) -> None:
    """A licence nobody here has read is not printed in the body's name."""
    if set_to is not None:
        assert read_settings({"SECRET_KEY": "x" * 40} | set_to).report_licence == licence
        return
    with pytest.raises(SettingsWrong, match=r"REPORT_LICENCE is 'MIT': use OGL-UK-3\.0, or leave it empty"):
        read_settings({"SECRET_KEY": "x" * 40, "REPORT_LICENCE": "MIT"})
