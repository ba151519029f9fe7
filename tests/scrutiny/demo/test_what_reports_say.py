"""Reports of the demonstration printed again: each statement about a recommendation is traced to a row, and each row is told.

The sentences are written here a second time, by hand, so that a slip in the one module that composes them shows.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import today
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reviews.models import Review

pytestmark = pytest.mark.slow

WORDS = {
    "awaited": "Response awaited",
    "noted": "Noted, answer to come",
    "accepted": "Accepted",
    "partly_accepted": "Partly accepted",
    "rejected": "Rejected",
    "said_done": "Said to be done, not yet checked",
    "done": "Done and verified",
    "partly_done": "Partly done",
    "not_done": "Closed as not done",
    "not_accepted": "Closed as not accepted",
    "superseded": "Replaced",
    "no_longer_tracked": "No longer tracked",
}
BY_AGENCY = {
    "accepted": "accepted it on {day}",
    "partly_accepted": "accepted it in part on {day}",
    "rejected": "rejected it on {day}",
    "noted": "noted it on {day}, with its answer to come",
}
BY_BODY = {
    "done": "verified on {day} that it is done",
    "partly_done": "closed it as partly done on {day}",
    "not_done": "closed it as not done on {day}",
    "not_accepted": "closed it as not accepted on {day}",
    "superseded": "closed it as replaced on {day}",
    "no_longer_tracked": "stopped tracking it on {day}",
}
PROGRESS = {
    "on-track": "said on {day} that it is on track",
    "slipped": "said on {day} that it has slipped and will be done by {later}",
    "achieved": "said on {day} that it is done",
    "not-achieved": "said on {day} that it is not done and will not be",
}
#: What only a statement about a recommendation says; each time it stands in a report it belongs to a row.
TELLING = re.compile(
    r"(accepted it |rejected it |noted it |verified on |closed it as |stopped tracking it |said on \d|Response (was )?due by )"
)


def _day(value: date | datetime) -> str:
    """A day, or the day in London of a moment, as reports write it."""
    on = london_day(value) if isinstance(value, datetime) else value
    return f"{on.day} {on:%B %Y}"


def _lines(row: Addressee, on: date) -> list[str]:
    """Everything that came of one recommendation, from its rows."""
    told = []
    for step in row.steps:
        who, verb = (step.body.name, BY_BODY) if step.body else (step.agency.name if step.agency else "", BY_AGENCY)
        new = step.replaced_by
        note = f" It is replaced by recommendation {new.number} of {new.review.reference}." if new else ""
        note += f" Evidence: {step.evidence}" if step.evidence else ""
        told.append(f"{who} {verb[step.outcome].format(day=_day(step.at))}: “{step.words}”{note}")
    for progress in row.returns:
        later = _day(progress.new_date) if progress.new_date else ""
        verb_of = PROGRESS[progress.status].format(day=_day(progress.at), later=later)
        told.append(f"{row.agency.name} {verb_of}: “{progress.text}”")
    if row.state in ("awaited", "noted") and row.due_on:
        told.append(f"Response {'was ' if _is_late(row, on) else ''}due by {_day(row.due_on)}")
    return told


def _is_late(row: Addressee, on: date) -> bool:
    """A response is awaited and its day has passed."""
    return row.state in ("awaited", "noted") and row.due_on is not None and row.due_on < on


def _word(row: Addressee, on: date) -> str:
    """How it stands, in the one word for it."""
    return "Response overdue" if _is_late(row, on) else WORDS[row.state]


def _made(*references: str) -> list[Addressee]:
    """What was recommended in reviews, and made."""
    rows = (
        select(Addressee)
        .join(Addressee.recommendation)
        .join(Recommendation.review)
        .where(Review.reference.in_(references), Recommendation.state == "made")
        .order_by(Addressee.id)
    )
    return list(db.session.scalars(rows))


def _plain(page: str) -> str:
    """The text of a piece of a page."""
    return " ".join(unescape(re.sub(r"<details.*?</details>|<[^>]+>", "", page, flags=re.DOTALL)).split())


def _section(page: str, heading: str) -> str:
    """A page from a heading to the next of its level."""
    found = re.search(rf"<h2[^>]*>{heading}.*?(?=<h2)", page, re.DOTALL)
    assert found, heading
    return found.group(0)


def _told_in(section: str) -> list[str]:
    """Every list item of a section of a page that says what came of a recommendation."""
    items = [_plain(item) for item in re.findall(r"<li>(.*?)</li>", section, re.DOTALL)]
    return [item for item in items if TELLING.search(item)]


def _states_in(section: str) -> Counter[str]:
    """The states shown in a section of a page."""
    states = re.findall(r'<span class="scrutiny-state scrutiny.*?</span> (.*?)</span>', section, re.DOTALL)
    return Counter(_plain(state) for state in states)


@pytest.fixture
def client(loamshire: Flask) -> FlaskClient:
    """Anybody at all."""
    return loamshire.test_client()


@pytest.mark.parametrize("reference", ["R-2025-001", "R-2026-001"])
def test_the_page_of_a_report_says_what_its_rows_say_and_nothing_else(
    client: FlaskClient, loamshire: Flask, reference: str
) -> None:
    with loamshire.app_context():
        rows = _made(reference)
        section = _section(client.get(f"/reports/{reference}").text, "Recommendations")
        assert Counter(_told_in(section)) == Counter(line for row in rows for line in _lines(row, today()))
        assert _states_in(section) == Counter(_word(row, today()) for row in rows)


@pytest.mark.parametrize("reference", ["R-2025-001", "R-2026-001", "R-2026-002"])
def test_a_report_printed_again_recommends_what_its_rows_recommend(printed, loamshire: Flask, reference: str) -> None:
    """Text, measure and day of each; a report sealed before anybody answered says nothing of what came of it."""
    with loamshire.app_context():
        text = printed(reference)
        rows = db.session.scalars(select(Recommendation).join(Review).where(Review.reference == reference)).all()
        assert rows
        for row in rows:
            for said in (row.text, row.measure, _day(row.done_by), row.addressees[0].agency.name):
                assert "".join(said.split()) in text, said
        assert not re.search(r"(Doneandverified|Closedas|verifiedon|stoppedtrackingit)", text)


def test_the_area_report_printed_again_tells_every_row_and_nothing_else(printed, loamshire: Flask, client: FlaskClient) -> None:
    """All of Loamshire: both published reviews lie within it."""
    with loamshire.app_context():
        rows, on = _made("R-2025-001", "R-2026-001"), today()
        text, lines = printed("A-E10999001"), [line for row in rows for line in _lines(row, on)]
        for row in rows:
            assert "".join(row.recommendation.text.split()) in text
            assert f"Outcome{''.join(_word(row, on).split())}" in text
        for line in lines:
            bare = "".join(line.split())
            assert bare in text, line
            text = text.replace(bare, "", 1)
        left = re.search(r"acceptediton|rejectediton|notediton|verifiedon|closeditas|stoppedtrackingit|thatitis|thatithas", text)
        assert left is None, text[left.start() - 80 : left.start() + 80] if left else ""
        page = client.get("/reports/A-E10999001").text
        section = _section(page, "Recommendations, and what came of each")
        counts = Counter(_word(row, on) for row in rows)
        assert "Response overdue" in counts, "one is late, so that a count of what is merely awaited would show"
        for where, said in (("PDF", text), ("page", "".join(_plain(section).split()))):
            counted = re.search(r"Astheywereon\d+[A-Z][a-z]+\d{4}:(.*?)\.", said)
            assert counted, where
            told = dict(part.rsplit(":", 1) for part in counted.group(1).split(";"))
            assert told == {"".join(word.split()): str(number) for word, number in counts.items()}, where
        assert Counter(_told_in(section)) == Counter(lines)
        assert _states_in(section) == Counter(_word(row, on) for row in rows)
        for review in ("R-2025-001", "R-2026-001"):
            assert f"/reports/{review}" in page, "what lies within the place is told in its report"


def test_table_api_agency_and_place_say_the_same_words(client: FlaskClient, loamshire: Flask) -> None:
    """One word for each, wherever it stands; a rejected one is nowhere called done."""
    with loamshire.app_context():
        rows, on = _made("R-2025-001", "R-2026-001"), today()
        words = {(row.recommendation.review.reference, row.recommendation.number): _word(row, on) for row in rows}
        table = list(csv.DictReader(io.StringIO(client.get("/data/recommendations.csv").text.lstrip("\ufeff"))))
        assert {(row["review"], int(row["number"])): row["outcome"] for row in table} == words
        api = client.get("/api/v1/recommendations").json
        assert {(row["review"], row["number"]): row["outcome"] for row in api} == words
        accounts = {(row["review"], row["number"]): row["account"] for row in api}
        for row in rows:
            made = row.recommendation
            assert Counter(accounts[made.review.reference, made.number]) == Counter(_lines(row, on))
        for place, reviews in (("E10999001", ("R-2025-001", "R-2026-001")), ("E07999001", ("R-2026-001",))):
            section = _section(client.get(f"/places/{place}").text, "What was recommended")
            assert _states_in(section) == Counter(word for (review, _), word in words.items() if review in reviews)
        for agency in db.session.scalars(select(Agency).order_by(Agency.id)):
            mine = Counter(_word(row, on) for row in rows if row.agency_id == agency.id)
            page = client.get(f"/agencies/{agency.id}").text
            assert _states_in(page[page.index("What was recommended to it") :]) == mine
