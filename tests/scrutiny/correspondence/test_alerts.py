"""Alerts begin only when the address says so, and stop when it says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.correspondence import alerts
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.correspondence.queries import alerts_for
from scrutiny.correspondence.sealing import unseal
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.refusals import Refused

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SAM = "sam@example.org"


def secrets_sent(app: Flask) -> list[str]:
    """The secret of each letter so far, opened as the poster would."""
    letters = db.session.scalars(select(Letter).order_by(Letter.id))
    return [unseal(letter.sealed, app.config["SECRET_KEY"]) for letter in letters if letter.sealed]


def ask(address: str = SAM, about: str = "place:7", at: datetime = AT) -> None:
    """Ask for an alert about Ashby."""
    with writes_now():
        alerts.ask_for_alert(address, about, at, named="Ashby")


def begin(app: Flask) -> None:
    """Ask, and confirm."""
    ask()
    with writes_now():
        alerts.confirm_alert(secrets_sent(app)[-1], AT)


@pytest.mark.usefixtures("context")
class TestService:
    """The verbs."""

    def test_an_alert_begins_only_when_confirmed(self, app: Flask) -> None:
        ask()
        assert alerts_for("place:7") == []
        begin(app)
        assert [alert.address for alert in alerts_for("place:7")] == [SAM]
        assert alerts_for("place:8") == []

    def test_asking_again_tells_nothing_and_sends_nothing(self, app: Flask) -> None:
        begin(app)
        ask(at=AT + timedelta(days=2))
        assert len(list(db.session.scalars(select(Letter)))) == 1

    def test_a_confirmation_is_out_of_date_after_a_week(self, app: Flask) -> None:
        ask()
        with pytest.raises(Refused, match="out of date"), writes_now():
            alerts.confirm_alert(secrets_sent(app)[0], AT + timedelta(days=7, seconds=1))

    def test_nobodys_letter_box_is_filled_by_somebody_else(self) -> None:
        for place in range(20):
            ask(about=f"place:{place}", at=AT + timedelta(minutes=place))
        assert len(list(db.session.scalars(select(Letter)))) == alerts.UNCONFIRMED_A_DAY

    def test_every_letter_of_an_alert_stops_it_even_an_old_one(self, app: Flask) -> None:
        begin(app)
        for number in (1, 2):
            with writes_now():
                alerts.tell_alerts("place:7", "confirm_alert", reference=f"report:{number}", at=AT)
        first, second = secrets_sent(app)[-2:]
        assert first == second
        with writes_now():
            alerts.stop_alert(first, AT)
        assert alerts_for("place:7") == []
        with writes_now():
            assert alerts.tell_alerts("place:7", "confirm_alert", reference="report:3", at=AT) == []

    def test_an_alert_stopped_can_be_asked_for_anew_and_the_old_link_no_longer_stops_it(self, app: Flask) -> None:
        begin(app)
        with writes_now():
            alerts.tell_alerts("place:7", "confirm_alert", reference="report:1", at=AT)
            alerts.stop_alert(secrets_sent(app)[-1], AT)
        ask(at=AT + timedelta(days=3))
        with writes_now():
            alerts.confirm_alert(secrets_sent(app)[-1], AT + timedelta(days=3))
        assert len(alerts_for("place:7")) == 1

    def test_telling_twice_of_one_thing_writes_once(self, app: Flask) -> None:
        begin(app)
        with writes_now():
            first = alerts.tell_alerts("place:7", "confirm_alert", reference="report:1", at=AT)
            again = alerts.tell_alerts("place:7", "confirm_alert", reference="report:1", at=AT)
        assert [letter.id for letter in first] == [letter.id for letter in again]

    def test_an_offer_is_ours_or_refused(self) -> None:
        assert alerts.offered(alerts.offer_alert("place:7", "Ashby")) == ("place:7", "Ashby")
        for bad in ("", "place:7", "x" + alerts.offer_alert("place:7", "Ashby")):
            with pytest.raises(Refused):
                alerts.offered(bad)


class TestPages:
    """The pages: GET shows a button, POST does it."""

    def test_an_alert_from_the_page_to_its_end(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            offer = alerts.offer_alert("place:7", "Ashby")
        assert "Be told about Ashby" in client.get("/alerts/ask", query_string={"offer": offer}).text
        wrong = client.post("/alerts/ask", data={"offer": offer, "address": "sam"}).text
        assert "Enter an email address, like name@example.org" in wrong
        assert "Check your email" in client.post("/alerts/ask", data={"offer": offer, "address": SAM}).text
        token = self.newest(app)
        assert "Yes, write to me" in client.get(f"/alerts/confirm/{token}").text
        assert self.count(app) == 0, "opening the link must not begin the alert"
        assert "Your alert has begun" in client.post(f"/alerts/confirm/{token}").text
        assert self.count(app) == 1
        with app.app_context(), writes_now():
            alerts.tell_alerts("place:7", "confirm_alert", reference="report:1", at=AT)
        stop = self.newest(app)
        assert "Stop writing to me" in client.get(f"/alerts/stop/{stop}").text
        assert self.count(app) == 1, "opening the link must not stop the alert"
        assert "Your alert has stopped" in client.post(f"/alerts/stop/{stop}").text
        assert self.count(app) == 0

    def test_a_page_with_a_bad_offer_or_token_says_what_to_do(self, client: FlaskClient) -> None:
        assert client.get("/alerts/ask?offer=place:7").status_code == 409
        assert "Ask for the alert again" in client.post("/alerts/confirm/nonsense").text
        assert "copy the whole of it" in client.post("/alerts/stop/nonsense").text

    @staticmethod
    def newest(app: Flask) -> str:
        """The secret of the newest letter."""
        with app.app_context():
            return secrets_sent(app)[-1]

    @staticmethod
    def count(app: Flask) -> int:
        """How many alerts would be told."""
        with app.app_context():
            assert db.session.scalar(select(Alert)) is not None
            return len(alerts_for("place:7"))
