"""A lost second step is reset by an administrator, on a page and by command; the person is told and signed out."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts import queries
from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

SignIn = Callable[..., FlaskClient]
PHONE = "authenticator"


@pytest.fixture
def with_phone(app: Flask, cast: SimpleNamespace) -> str:
    """The officer has set up a second step; the address of the page that resets it."""
    with app.app_context(), writes_now():
        _set_up(cast.officer)
    return f"/administration/people/{cast.officer}/second-step"


def _set_up(person_id: int) -> None:
    person = queries.person(person_id)
    assert person is not None
    person.tf_primary_method, person.tf_totp_secret, person.mf_recovery_codes = PHONE, "sealed", ["one", "two"]


def _person(person_id: int):
    person = queries.person(person_id)
    assert person is not None
    return person


def test_the_page_says_what_will_happen_then_resets_and_tells(
    app: Flask, signed_in: SignIn, cast: SimpleNamespace, with_phone: str
) -> None:
    officer, administrator = signed_in("officer"), signed_in("administrator")
    assert with_phone in administrator.get(f"/administration/people/{cast.officer}").text
    page = administrator.get(with_phone).text
    assert "They are signed out everywhere" in page
    assert "officer@example.org" in page
    with app.app_context():
        assert _person(cast.officer).tf_primary_method == PHONE, "looking changes nothing"
    answer = administrator.post(with_phone, data={"submit": "1"}, follow_redirects=True)
    assert "The second step is reset. We have written to Olwen Price" in answer.text
    assert with_phone not in answer.text
    with app.app_context():
        person = _person(cast.officer)
        assert (person.tf_primary_method, person.tf_totp_secret) == (None, None)
        assert not person.mf_recovery_codes
        letter = db.session.scalars(select(Letter).where(Letter.kind == "second_step_reset")).one()
        assert "If you did not ask for this, tell your administrator" in letter.text
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "second_step_removed")).one()
        assert entry.about == person.reference
    assert officer.get("/account").status_code == 302, "the sessions of before are over"


def test_there_is_nothing_to_reset_twice(signed_in: SignIn, with_phone: str) -> None:
    administrator = signed_in("administrator")
    administrator.post(with_phone, data={"submit": "1"})
    assert "has no second step to reset" in administrator.post(with_phone, data={"submit": "1"}).text


def test_nobody_resets_their_own(app: Flask, signed_in: SignIn, cast: SimpleNamespace) -> None:
    with app.app_context(), writes_now():
        _set_up(cast.administrator)
    here = f"/administration/people/{cast.administrator}/second-step"
    assert "Another administrator must reset your second step" in signed_in("administrator").post(here, data={"submit": "1"}).text


def test_the_command_does_the_same(app: Flask, cast: SimpleNamespace, with_phone: str) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["people", "reset-second-step", "Officer@Example.org"])
    assert done.exit_code == 0, done.output
    assert "Olwen Price" in done.output
    again = run(args=["people", "reset-second-step", "officer@example.org"])
    assert again.exit_code == 1
    assert "has no second step to reset" in again.output
    unknown = run(args=["people", "reset-second-step", "nobody@example.org"])
    assert unknown.exit_code == 1
    assert "Nobody here has the address" in unknown.output
