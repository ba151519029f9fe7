"""People are invited once, by somebody already here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from scrutiny.accounts import queries, service
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GOLDEN = Path(__file__).parents[2] / "golden" / "letters"
pytestmark = pytest.mark.usefixtures("context")


def test_an_invited_person_is_known_and_written_to() -> None:
    with writes_now():
        person = service.invite_person(" Nia.Rees@Example.ORG ", "Nia Rees", by=OPERATOR_ACTOR, at=AT)
    assert person.email == "nia.rees@example.org"
    assert not person.administrator
    letter = db.session.scalars(select(Letter)).one()
    golden = (GOLDEN / "invitation.txt").read_text().replace("https://scrutiny.example.org", "http://localhost")
    assert f"Subject: {letter.subject}\n\n{letter.text}" == golden


def test_somebody_known_is_given_back_and_not_written_to_again() -> None:
    with writes_now():
        first = service.invite_person("nia@example.org", "Nia Rees", by=OPERATOR_ACTOR, at=AT)
    with writes_now():
        second = service.invite_person("NIA@example.org", "N. Rees", by=OPERATOR_ACTOR, at=AT, administrator=True)
    assert second.id == first.id
    assert second.administrator
    assert second.name == "Nia Rees"
    assert len(list(db.session.scalars(select(Letter)))) == 1


def test_somebody_ended_is_let_in_again_with_a_new_letter() -> None:
    with writes_now():
        person = service.invite_person("nia@example.org", "Nia Rees", by=OPERATOR_ACTOR, at=AT)
        service.end_person(person, by=OPERATOR_ACTOR, at=AT)
    with writes_now():
        service.invite_person("nia@example.org", "Nia Rees", by=OPERATOR_ACTOR, at=AT + timedelta(days=1))
    again = queries.person_by_email("nia@example.org")
    assert again is not None
    assert again.active
    assert len(list(db.session.scalars(select(Letter)))) == 2


@pytest.mark.parametrize("typed", ["nia", "nia@", "@example.org", "nia@ex@ample.org", "nia rees@example.org", ""])
def test_what_is_not_an_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused, match=r"name@example\.org"):
        service.invite_person(typed, "Nia Rees", by=OPERATOR_ACTOR, at=AT)
