"""The delay log: on time, late, none, by the date an agency was given or the law's own where that is later; each their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from scrutiny.worklist import delays
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.worklist.conftest import Clock

SignedIn = Callable[..., FlaskClient]
DUE = date(2026, 3, 30)
PERIOD = "first=2026-01-01&last=2026-12-31"


@pytest.fixture
def fallen(app: Flask, asked: SimpleNamespace, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Of the police's items one came on time, one late, one within its extension though after the law's day, one never."""
    monkeypatch.setattr("scrutiny.worklist.delay_views.now", clock)
    clock.moment = NOW + timedelta(days=60)
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.police)
        for item in request.items:
            item.due_on, item.power_key, item.statutory_due_on = date(2027, 1, 1), "crime_info", None
        first, late, extended, silent = request.items[:4]
        for item in (first, late, silent):
            item.due_on = DUE
        first.came(date(2026, 3, 30))
        late.came(date(2026, 4, 2))
        extended.due_on, extended.statutory_due_on = date(2026, 4, 20), DUE
        extended.came(date(2026, 4, 20))
        extended.due_on = date(2026, 5, 30)  # returned for more since: the first answer counts, against the day it was due then
    return asked


def test_each_response_counts_once_against_the_date_its_agency_was_given(app: Flask, fallen: SimpleNamespace) -> None:
    with app.app_context():
        rows = delays.fell_due(acting("responder"), date(2026, 1, 1), date(2026, 12, 31), date(2026, 5, 1))
        (count,) = delays.counts(rows, least=4)
        assert (count.fell, count.on_time, count.late, count.none, count.late_by_law) == (4, 2, 1, 1, 0)
        assert count.share == 0.5
        (few,) = delays.counts(rows, least=5)
        assert few.share is None
        assert [row.standing for row in delays.chosen(rows, standing="late")] == ["late"]
        assert not delays.chosen(rows, standing=delays.BY_LAW), "nobody who keeps to the date they were given is late by law"
        assert delays.as_table([few])[1][0][-1] == "too few to compare"


@pytest.mark.parametrize("came", [None, *(DUE + timedelta(days=days) for days in (0, 10, 11, 20, 21))])
@pytest.mark.parametrize("by_law", [None, DUE, DUE + timedelta(days=10), DUE + timedelta(days=20)])
def test_late_by_law_is_late_by_the_date_given_too_and_the_other_way_about(
    app: Flask, fallen: SimpleNamespace, by_law: date | None, came: date | None
) -> None:
    """Asked for by the tenth day: earlier than, on or after the law's. Page, list and CSV say one thing of it."""
    given = DUE + timedelta(days=10)
    with app.app_context():
        item = db.session.get_one(EvidenceRequest, fallen.police).items[0]
        item.due_on, item.statutory_due_on, item.answered_on, item.answered_due_on = given, by_law, None, None
        if came:
            item.came(came)
        db.session.flush()
        rows = delays.fell_due(acting("responder"), date(2026, 1, 1), date(2026, 12, 31), date(2026, 5, 1))
        row = next(row for row in rows if row.reference == item.reference)
        last = max(given, by_law or given)
        late = came is None or came > last
        assert row.late_after == last == item.late_after
        assert (row.standing == "on-time") == (not late)
        assert row.late_by_law == (late and by_law is not None)
        head, cells = delays.as_list([row])
        said = dict(zip(head, cells[0], strict=True))
        assert (said["late after"], said["late by law"]) == (last, "yes" if row.late_by_law else "no")
        db.session.rollback()


def test_those_too_few_to_compare_stand_outside_the_order() -> None:
    def count(agency: str, fell: int, on_time: int) -> delays.Count:
        return delays.Count(1, agency, "", fell, on_time, fell - on_time, 0, 0, fell >= 10)

    order = delays.ranked([count("A", 2, 0), count("B", 20, 18), count("C", 10, 1)])
    assert [one.agency for one in order] == ["C", "B", "A"]


def test_each_number_leads_to_what_it_counts(fallen: SimpleNamespace, signed_in: SignedIn) -> None:
    client = signed_in("officer")
    page = client.get(f"/delays?{PERIOD}").get_data(as_text=True)
    assert "too few to compare" in page
    assert "standing=late-by-law" in page
    listed = client.get(f"/delays/responses?{PERIOD}&standing=late").get_data(as_text=True)
    assert f"{fallen.reference}/P" in listed
    sheet = client.get(f"/delays.csv?{PERIOD}&standing=none").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert {row["standing"] for row in rows} == {"No response"}
    assert client.get(f"/delays.xlsx?{PERIOD}").data[:2] == b"PK"
    links = [part.split('"')[0] for part in listed.split('href="')]
    link = next(link for link in links if link.startswith(f"/reviews/{fallen.reference}/requests/"))
    assert client.get(link).status_code == 200


def test_an_agency_counts_its_own_a_lead_its_reviews_and_others_nothing(fallen: SimpleNamespace, signed_in: SignedIn) -> None:
    theirs = signed_in("responder").get(f"/delays?{PERIOD}").get_data(as_text=True)
    assert "Loamshire Police" in theirs
    assert "Fire and Rescue" not in theirs
    assert "Nothing fell due" in signed_in("inspector").get(f"/delays?{PERIOD}").get_data(as_text=True)  # a partner leads nothing
    assert "Loamshire Police" not in signed_in("stranger").get(f"/delays?{PERIOD}").get_data(as_text=True)
    assert signed_in("administrator").get("/delays").status_code == 404


def test_a_period_that_cannot_be_read_is_the_twelve_months_to_today(fallen: SimpleNamespace, signed_in: SignedIn) -> None:
    page = signed_in("officer").get("/delays?first=soon&last=2026-02-30").get_data(as_text=True)
    assert "first=2025-" in page


def test_the_period_is_typed_day_month_year(fallen: SimpleNamespace, signed_in: SignedIn) -> None:
    """A browser's own box follows the language of the browser, and put the month first."""
    officer = signed_in("officer")
    page = officer.get(f"/delays?{PERIOD}").get_data(as_text=True)
    assert 'type="date"' not in page
    inputs = re.findall(r'<input[^>]*name="(?:first|last)"[^>]*>', page)
    boxes = [re.search(r'value="(\d+)"', one)[1] for one in inputs]
    assert boxes == ["1", "1", "2026", "31", "12", "2026"]
    typed = "first=1&first=1&first=2026&last=31&last=12&last=2026"
    assert "first=2026-01-01" in officer.get(f"/delays?{typed}").get_data(as_text=True)
