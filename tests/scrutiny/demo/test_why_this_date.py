"""Beside every due date of the demonstration stands why: on pages, in letters, in the API, and in every template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck
from scrutiny.opendata import presenters
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from tests import cast as the_cast

TEMPLATES = Path(__file__).parents[3] / "templates"
#: One request in so many is opened, with its first item: the others are the same pages with other rows.
EACH = 4
PEOPLE = ("Olwen Price", "Leo Hart", "Rhys Cole", "Sam Vale", "")
#: A date shown by the shared part, and what follows it at once.
SHOWN = re.compile(
    r'<span class="scrutiny-due(?: scrutiny-due--late)?"><time datetime="([\d-]+)">.*?</span>\s*'
    r'(<details class="scrutiny-why">.*?</details>)?',
    re.S,
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} [A-Z][a-z]+ \d{4}"
#: A letter that names a day by which something is to be done.
PROMISED = re.compile(rf"(?:due by|answer by|answer again by|respond by|facts by|now due by) {WEEKDAY}", re.I)


def _pages(app: Flask) -> list[str]:
    """The addresses at which somebody may be shown a due date."""
    with app.app_context():
        found = ["/inbox", "/reviews"]
        for reference in db.session.scalars(select(Review.reference).order_by(Review.id)):
            found += [f"/reviews/{reference}{part}" for part in ("", "/requests", "/recommendations", "/accuracy", "/matrix")]
            found.append(f"/reports/{reference}")
        requests = db.session.scalars(select(EvidenceRequest).order_by(EvidenceRequest.id)).all()
        for request in requests[::EACH]:
            here = f"/reviews/{request.review.reference}/requests/{request.slug}"
            found += [here, f"{here}/starts", f"/answering/{request.id}"]
            for item in request.items[:1]:
                found += [f"{here}/{item.number}", f"{here}/{item.number}/edit", f"/answering/items/{item.id}"]
        found += [f"/recommendations/{one}" for one in db.session.scalars(select(Addressee.id).order_by(Addressee.id))]
        found += [f"/accuracy/{one}" for one in db.session.scalars(select(AccuracyCheck.id).order_by(AccuracyCheck.id))]
        places = sorted({review.place.slug for review in db.session.scalars(select(Review).order_by(Review.id))})
        return [*found, *(f"/places/{slug}" for slug in places)]


def _client(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    if name:
        with app.app_context():
            uniquifier = db.session.scalars(select(Person.fs_uniquifier).where(Person.name == name)).one()
        the_cast.sign_in(app, client, uniquifier)
    return client


def _without_reason(page: str) -> Iterator[str]:
    """The dates of a page beside which no reason stands, or an empty one."""
    for match in SHOWN.finditer(page):
        words = re.sub(r"<summary>.*?</summary>|<[^>]+>", " ", match[2] or "", flags=re.S).split()
        if len(words) < 4:
            yield match[1]


@pytest.mark.sqlite_only("a page says the same on both")
@pytest.mark.slow
def test_every_date_of_every_page_says_why(loamshire: Flask) -> None:
    lacking, dates = [], 0
    pages = _pages(loamshire)
    for name in PEOPLE:
        client = _client(loamshire, name)
        for address in pages:
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code < 500, (name, address)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                dates += len(SHOWN.findall(answer.text))
                lacking += [f"{name or 'anybody'} at {address}: {day}" for day in _without_reason(answer.text)]
    print(f"\n{dates} due dates on {len(pages)} pages, read by {len(PEOPLE)} people")
    assert lacking == []
    assert dates > 100


def test_every_letter_that_names_a_day_leads_to_the_page_that_says_why(loamshire: Flask) -> None:
    """A letter names one day and, where it binds, the law; the working stands on the page it leads to."""
    lacking, named = [], 0
    with loamshire.app_context():
        for letter in db.session.scalars(select(Letter).order_by(Letter.id)):
            for match in PROMISED.finditer(letter.text):
                named += 1
                if "http://" not in letter.text:
                    lacking.append(f"{letter.kind} {letter.id}: {match[0]}")
    assert named > 50
    assert lacking == []


def test_every_date_of_the_api_says_why(loamshire: Flask) -> None:
    with loamshire.app_context():
        today = datetime.now(UTC).date()
        asked = [
            item
            for request in db.session.scalars(select(EvidenceRequest).order_by(EvidenceRequest.id))
            for item in presenters.request(request, today, inside=True, own=False).items
        ]
        assert len(asked) > 50
        assert [one.reference for one in asked if not one.due_why] == []
        assert [one.reference for one in asked if one.statutory_due_on and not one.statutory_why] == []


def test_no_template_shows_a_due_date_but_by_the_shared_part() -> None:
    """A due date put on a page by itself would have no reason beside it; words for those who cannot see may repeat one."""
    lacking = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        if "parts/due.html" in path.as_posix():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            spoken = re.sub(r'<span class="govuk-visually-hidden">.*?</span>', "", line)
            if re.search(r"\{\{[^}]*\bdue_on\s*\|", spoken):
                lacking.append(f"{path.relative_to(TEMPLATES)}:{number}")
    assert lacking == []
