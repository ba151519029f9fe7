"""An eleventh method, written by following the guide only: it is taken up without touching code, and opens a review."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from scrutiny.app import create_app
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.requests.drafting import draft_requests
from scrutiny.reviews.service import open_review
from tests import cast as the_cast
from tests.config.test_guide import EXAMPLE, NAME
from tests.conftest import NOW
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR


@pytest.fixture
def eleven(the_app: Flask, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An instance of its own whose METHODS_DIR holds the method of the guide."""
    template = Path(settings.database_url.removeprefix("sqlite:///")).with_suffix(".template")
    shutil.copy(template, tmp_path / "eleven.db")
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / NAME).write_text(EXAMPLE, encoding="utf-8")
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'eleven.db'}", methods_dir=tmp_path / "methods"))
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
            title="Ready for winter?", place=db.session.get_one(Place, cast.wide_place), place_on=NOW.date(),
            method_key="winter-check", lead=db.session.get_one(Body, cast.committee), starts_on=date(2026, 3, 3),
            by=OPERATOR_ACTOR, at=NOW,
        )  # fmt: skip
        assert [phase.key for phase in review.phases] == ["scope", "questions", "accuracy-check", "agenda", "meeting", "response"]
        assert [line.key for line in review.lines] == ["homes", "pressure", "roads", "together"]
        asked = {draft.agency.name: len(draft.items) for draft in draft_requests(review, by=OPERATOR_ACTOR, at=NOW)}
        assert asked["Loamshire County Council"] == 4
        assert asked["Loamshire Police"] == 2
        with pytest.raises(Refused, match="An inspectorate may not lead the method “Winter readiness check”"):
            open_review(
                title="Ready?", place=db.session.get_one(Place, cast.place), place_on=NOW.date(), method_key="winter-check",
                lead=db.session.get_one(Body, cast.ofsted), starts_on=date(2026, 3, 3), by=OPERATOR_ACTOR, at=NOW,
            )  # fmt: skip


def test_it_is_a_page_like_any_other(eleven: Flask) -> None:
    text = eleven.test_client().get("/methods/winter-check").get_data(as_text=True)
    for words in ("Winter readiness check", "Cold homes", "Mostly ready 3 points", "Hatched phases are set by law"):
        assert words in " ".join(text.split()).replace("</dt><dd class=\"govuk-summary-list__value\">", "")
