"""Two posts of one link at the same moment: one signs in, the other is told that the link is spent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from flask import Flask

from scrutiny.accounts import service
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now


def test_a_link_posted_twice_at_once_signs_in_once(app: Flask) -> None:
    """The row decides, not who looked first."""
    with app.app_context(), writes_now():
        service.ask_for_link("officer@example.org", at=datetime.now(UTC))
    with app.app_context():
        letter = db.session.scalars(db.select(Letter).where(Letter.kind == "sign_in")).one()
        assert letter.sealed is not None
        token = unseal(letter.sealed, app.config["SECRET_KEY"])
    together = Barrier(4)

    def press(_: int) -> int:
        client = app.test_client()
        together.wait()
        return client.post(f"/sign-in/link/{token}").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, range(4)))
    assert answers == [302, 409, 409, 409]
