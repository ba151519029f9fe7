"""An eleventh method, written by following the guide only: it is taken up without touching code, and opens a review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from scrutiny.app import create_app
from scrutiny.areas.models import Place
from scrutiny.asking.drafting import draft_requests
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings.service import draft_finding
from scrutiny.reviews.models import Line, Review
from scrutiny.reviews.service import open_review
from tests import cast as the_cast
from tests.config.test_guide import EXAMPLE, NAME
from tests.conftest import NOW
from tests.databases import Databases
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

BANDS = (("poor", 4), ("fair", 9), ("good", 13))
SCORED = EXAMPLE.replace('"winter-check"', '"winter-score"').replace('kind = "scale"', 'kind = "score"') + "".join(
    f'[[judgement.bands]]\nkey = "{key}"\nlabel = "{key.title()} overall"\nleast = {least}\n' for key, least in BANDS
)


@pytest.fixture
def eleven(the_app: Flask, settings: Settings, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An instance of its own whose METHODS_DIR holds the method of the guide."""
    url = databases.copy(settings.database_url, tmp_path, "eleven")
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / NAME).write_text(EXAMPLE, encoding="utf-8")
    (tmp_path / "methods" / "winter-score-2026.1.toml").write_text(SCORED, encoding="utf-8")
    app = create_app(replace(settings, database_url=url, methods_dir=tmp_path / "methods"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_check_finds_nothing_wrong_with_it(eleven: Flask, tmp_path: Path) -> None:
    done = eleven.test_cli_runner().invoke(args=["methods", "check", str(tmp_path / "methods" / NAME)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "nothing is wrong with it" in done.stdout


def test_it_opens_a_review_and_asks_the_agencies_of_the_place(eleven: Flask) -> None:
    with eleven.app_context():
        cast = the_cast.ids()
        review = open_review(
            title="Ready for winter?",
            place=db.session.get_one(Place, cast.wide_place),
            place_on=NOW.date(),
            method_key="winter-check",
            lead=db.session.get_one(Body, cast.committee),
            starts_on=date(2026, 3, 3),
            by=OPERATOR_ACTOR,
            at=NOW,
        )
        assert [phase.key for phase in review.phases] == ["scope", "questions", "accuracy-check", "agenda", "meeting", "response"]
        assert [line.key for line in review.lines] == ["homes", "pressure", "roads", "together"]
        asked = {draft.agency.name: len(draft.items) for draft in draft_requests(review, by=OPERATOR_ACTOR, at=NOW)}
        assert asked["Loamshire County Council"] == 4
        assert asked["Loamshire Police"] == 2
        with pytest.raises(Refused, match="An inspectorate may not lead the method “Winter readiness check”"):
            open_review(
                title="Ready?",
                place=db.session.get_one(Place, cast.place),
                place_on=NOW.date(),
                method_key="winter-check",
                lead=db.session.get_one(Body, cast.ofsted),
                starts_on=date(2026, 3, 3),
                by=OPERATOR_ACTOR,
                at=NOW,
            )


def test_it_is_a_page_like_any_other(eleven: Flask) -> None:
    text = eleven.test_client().get("/methods/winter-check").get_data(as_text=True)
    for words in ("Winter readiness check", "Cold homes", "Mostly ready 3 points", "Hatched phases are set by law"):
        assert words in " ".join(text.split()).replace('</dt><dd class="govuk-summary-list__value">', "")


def test_where_lines_are_scored_the_findings_page_sums_them_and_names_the_band_when_all_are_judged(eleven: Flask) -> None:
    with eleven.app_context():
        cast = the_cast.ids()
        review = open_review(
            title="How ready?",
            place=db.session.get_one(Place, cast.wide_place),
            place_on=NOW.date(),
            method_key="winter-score",
            lead=db.session.get_one(Body, cast.committee),
            starts_on=date(2026, 3, 3),
            by=acting("officer"),
            at=NOW,
        )
        homes, pressure, roads, together = review.lines
        for lines, judgement in (([homes], "gaps"), ([pressure, roads], "ready"), ([homes], "mostly-ready")):
            draft_finding(review, title="Found", lines=lines, judgement=judgement, by=acting("officer"), at=NOW)
        db.session.commit()
        address, last = f"/reviews/{review.reference}/findings", together.id
    client = the_cast.sign_in(eleven, eleven.test_client(), the_cast.uniquifier("officer"))
    # 3 for homes, whose newest finding counts, and 4 each for pressure and roads, of 16.
    assert "11 of 16 points (69%) so far; 1 statement is not judged yet" in client.get(address).get_data(as_text=True)
    with eleven.app_context():
        line = db.session.get_one(Line, last)
        review = db.session.get_one(Review, line.review_id)
        draft_finding(review, title="Last", lines=[line], judgement="gaps", by=acting("officer"), at=NOW)
        db.session.commit()
    assert "13 of 16 points (81%): Good overall" in client.get(address).get_data(as_text=True)
