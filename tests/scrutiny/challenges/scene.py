"""A published figure of the police, and challenges of it in their steps, for tests."""

from __future__ import annotations

import re

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.challenges import service
from scrutiny.challenges.models import Challenge
from scrutiny.challenges.service import Said
from scrutiny.challenges.subjects import subject_to_challenge
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.ledger import service as ledger
from scrutiny.ledger.models import LedgerCell
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting

POLICE = "service,amount\n03.1,900.00\n03.1,200.00\n"


def figure(police: int, committee: int) -> int:
    """The id of a published cell of the police, loaded by the committee."""
    source = keep(police, POLICE, body_id=committee, title="Police accounts")
    ledger.publish(source, by=acting("officer"), at=NOW)
    commit()
    return db.session.scalars(select(LedgerCell.id).where(LedgerCell.source_id == source.id).order_by(LedgerCell.id)).first() or 0


def secret_of(kind: str, address: str) -> str:
    """The secret in the newest letter of a kind to an address."""
    rows = select(Letter).where(Letter.kind == kind, Letter.address == address).order_by(Letter.id.desc())
    sealed = db.session.scalars(rows).first()
    assert sealed is not None
    assert sealed.sealed is not None
    return unseal(sealed.sealed, current_app.config["SECRET_KEY"])


def sent(about: str, said: str = "The amount is ten times too small.", address: str = "resident@home.example") -> Challenge:
    """A challenge, sent and confirmed by its writer."""
    subject = subject_to_challenge(about, london_day(NOW))
    service.ask(subject, Said(said, "£9,000", name="Rita Moss"), address, language="en", at=NOW)
    found = service.confirm(secret_of("challenge_confirm", address), at=NOW)
    commit()
    return found


def published(about: str, said: str = "The amount is ten times too small.", address: str = "resident@home.example") -> Challenge:
    """A challenge that an officer has published."""
    found = sent(about, said, address)
    service.publish(found, Said(found.wrong, found.should_be, found.link, found.name), by=acting("officer"), at=NOW)
    commit()
    return found


def values(page: str, form: str) -> dict[str, str]:
    """The hidden values of the form on a page that goes to an address."""
    part = page[page.index(f'action="{form}"') :] if form else page
    return dict(re.findall(r'name="(version)"[^>]*value="(\d+)"', part.partition("</form>")[0]))


def letters_to(address: str) -> list[str]:
    """The kinds of the letters to an address, in their order."""
    return list(db.session.scalars(select(Letter.kind).where(Letter.address == address).order_by(Letter.id)))


def post(client: FlaskClient, path: str, **data: str) -> str:
    """What a form answers, after where it leads."""
    return client.post(path, data=data, follow_redirects=True).text
