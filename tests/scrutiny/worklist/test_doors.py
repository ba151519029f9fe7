"""Who finds which page: each role against each page; what is not theirs is not there."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from tests.scrutiny.reviews.acting import opened

LEAD, PARTNER, OBSERVER = ("officer", "chair", "councillor"), ("inspector", "lead_inspector"), ("partner_inspector",)
AGENCY = ("responder", "certifier", "stranger")
EVERYBODY = (*LEAD, *PARTNER, *OBSERVER, *AGENCY, "administrator")
#: page: who finds it
PAGES = {
    "/inbox": (*LEAD, *PARTNER, *OBSERVER, *AGENCY),
    "/inbox.ics": (*LEAD, *PARTNER, *OBSERVER, *AGENCY),
    "/reviews": (*LEAD, *PARTNER, *OBSERVER),
    "/reviews/R-2026-001": (*LEAD, *PARTNER, *OBSERVER),
    "/reviews/R-2026-001/calendar.ics": (*LEAD, *PARTNER, *OBSERVER),
    "/reviews/R-2026-001/history": (*LEAD, *PARTNER),
    "/reviews/R-2026-001/letters": (*LEAD, *PARTNER),
    "/reviews/R-2026-001/letters/1": ("officer", "chair"),
    "/reviews/R-2026-999": (),
    "/administration/audit": ("administrator",),
    "/administration/audit.csv": ("administrator",),
}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_those_it_is_for_and_is_not_there_for_others(
    page: str, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """The whole table: every role, every page of this room."""
    found = {who: signed_in(who).get(page).status_code for who in EVERYBODY}
    assert found == {who: 200 if who in PAGES[page] else 404 for who in EVERYBODY}


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(page: str, asked: SimpleNamespace, client: FlaskClient) -> None:
    """Before anything is looked up."""
    response = client.get(page)
    assert response.status_code == 302
    assert "/sign-in" in response.headers["Location"]


def test_another_bodys_review_is_not_there(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """A review in which the body acted for has no part."""
    client = signed_in("lead_inspector")
    with client.application.app_context():
        with writes_now():
            mine = opened(cast, title="The committee alone", partners=[])
        reference = mine.reference
    for page in ("", "/history", "/letters", "/calendar.ics"):
        assert client.get(f"/reviews/{reference}{page}").status_code == 404
    assert "The committee alone" not in client.get("/reviews").get_data(as_text=True)
    assert "The committee alone" not in client.get("/inbox").get_data(as_text=True)
    assert "The committee alone" not in client.get("/inbox.ics").get_data(as_text=True)


def test_a_letter_of_another_review_is_not_there_under_this_one(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """The address of a letter names its own review."""
    client = signed_in("officer")
    with client.application.app_context():
        with writes_now():
            other = opened(cast, title="Another")
        reference = db.session.get_one(Review, other.id).reference
    assert client.get(f"/reviews/{reference}/letters/1").status_code == 404
