"""Gaps of a place and of a layer: by overlap, from published reports alone, the same on every surface and for every reader."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.areas.models import Place
from scrutiny.asking import service as requests
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.reviews.models import Review, ReviewDraft
from scrutiny.reviews.opening import prepared
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.public.test_place import statements, words
from tests.scrutiny.reviews.acting import acting, opened

SignIn = Callable[..., FlaskClient]
BARROW, ASHBY, COUNTY = "E07900002", "E07900001", "E10900001"
OUT = datetime(2026, 2, 20, 9, tzinfo=UTC)


def looked(cast: SimpleNamespace, *, out: datetime | None = OUT, **changes: Any) -> Review:
    """A review of Barrow End whose requests were sent; published at a moment, or not at all."""
    review = opened(cast, **({"announced_on": date(2026, 2, 1), "title": "Seeing a doctor"} | changes))
    issue_and_deliver(review, requests.draft_requests(review, by=acting("officer"), at=NOW), by=acting("officer"), at=NOW)
    if out is not None:
        report = Report(kind="review", reference=review.reference, review_id=review.id, place_id=review.place_id)
        report.editions.append(
            Edition(number=1, state="released", released_at=out, sealed_at=out, snapshot={}, why="First edition")
        )
        db.session.add(report)
    db.session.commit()
    return review


def gaps(client: FlaskClient, code: str = BARROW, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/places/{code}/gaps.json{query}")
    assert answer.status_code == 200, answer.text[:300]
    found: list[dict[str, Any]] = json.loads(answer.text)["gaps"]
    return found


def unexamined(found: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(gap["service"], gap["agency"]) for gap in found if gap["kind"] == "not-looked-at"}


WEST = "West Loamshire Integrated Care Board"


def test_a_published_review_closes_gaps_of_whom_it_asked_where_it_covers_enough(
    app: Flask, cast: SimpleNamespace, client: FlaskClient
) -> None:
    before = unexamined(gaps(client)), unexamined(gaps(client, COUNTY))
    assert ("general-practice", WEST) in before[0]
    with app.app_context():
        reference = looked(cast).reference
    assert ("general-practice", WEST) not in unexamined(gaps(client))
    assert ("libraries", "Loamshire County Council") in unexamined(gaps(client)), "it was about health"
    county = [gap for gap in gaps(client, COUNTY) if (gap["service"], gap["agency"]) == ("general-practice", WEST)]
    (gap,) = county
    assert gap["last_review"] is None
    assert [one["reference"] for one in gap["too_small_to_count"]] == [reference], "it covered a third of the county"
    assert "covers 33%" in gap["reason"]
    assert ("general-practice", WEST) in unexamined(gaps(client, ASHBY)), "Ashby shares no land with it"
    assert gaps(client, BARROW, "?years=50") != gaps(client, BARROW, "?service=libraries")


@pytest.mark.parametrize("state", ["not announced", "announced"])
def test_what_is_not_public_changes_nothing_for_the_public(
    app: Flask, cast: SimpleNamespace, client: FlaskClient, signed_in: SignIn, state: str
) -> None:
    before = {address: words(client.get(address).text) for address in (f"/places/{BARROW}/gaps", "/gaps", "/gaps.csv")}
    plain = gaps(client)
    with app.app_context():
        looked(cast, out=None, announced_on=date(2026, 2, 1) if state == "announced" else None)
    assert gaps(client) == plain
    assert {address: words(client.get(address).text) for address in before} == before
    assert gaps(signed_in("stranger")) == plain, "an agency that was asked nothing"
    own = gaps(signed_in("officer"))
    assert unexamined(own) == unexamined(plain), "to those who work on it, it is no less a gap"
    assert [one["title"] for gap in own for one in gap["not_published_yet"]], "but it is named"


def test_every_surface_says_the_same(app: Flask, cast: SimpleNamespace, client: FlaskClient) -> None:
    with app.app_context():
        looked(cast, out=datetime(2019, 2, 20, 9, tzinfo=UTC))
    found = gaps(client)
    reasons = sorted(gap["reason"] for gap in found)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/places/{BARROW}/gaps.csv").text.lstrip("\ufeff"))))
    page = words(client.get(f"/places/{BARROW}/gaps").text)
    assert sorted(row["reason"] for row in rows) == reasons
    assert all(reason in page for reason in reasons)
    assert "The last one recorded is Seeing a doctor (R-2026-001), published 20 February 2019" in page
    assert "Other inspections and reviews may exist" in page
    said = app.test_cli_runner().invoke(args=["gaps", "show", BARROW, "--json"])
    assert json.loads(said.stdout)["gaps"] == found
    assert "Gaps found:" in app.test_cli_runner().invoke(args=["gaps", "show", BARROW, "--service", "libraries"]).stdout
    assert app.test_cli_runner().invoke(args=["gaps", "show", BARROW, "--service", "wizardry"]).exit_code == 1
    layer = {one["code"]: one for one in json.loads(client.get("/gaps.json?layer=district").text)["places"]}
    for code in (ASHBY, BARROW):
        each = gaps(client, code)
        assert layer[code]["gaps"] == len(each), "the layer counts what the page of each place lists"
        assert layer[code]["no-agency"] == sum(gap["kind"] == "no-agency" for gap in each)
    rows = list(csv.DictReader(io.StringIO(client.get("/gaps.csv").text.lstrip("\ufeff"))))
    assert {row["place_code"]: int(row["gaps"]) for row in rows} == {code: one["gaps"] for code, one in layer.items()}
    shaded = client.get("/gaps").text
    assert f"Barrow End: {len(gaps(client))} gaps" in shaded, "the map says the number"
    assert f'href="/places/{BARROW}/gaps"' in shaded


def test_filters_and_what_cannot_be_read(client: FlaskClient, cast: SimpleNamespace) -> None:
    assert {gap["service"] for gap in gaps(client, BARROW, "?service=libraries")} == {"libraries"}
    assert {gap["kind"] for gap in gaps(client, BARROW, "?kind=no-agency")} == {"no-agency"}
    assert gaps(client, BARROW, "?service=wizardry&kind=boredom") == gaps(client), "an unknown choice is none"
    for years in ("0", "51", "-1", "many", "9" * 30):
        page = client.get(f"/places/{BARROW}/gaps?years={years}")
        assert page.status_code == 200
        assert 'id="years-error"' in page.text, years
        assert f'value="{years}"' in page.text, "what was typed stands"
        assert gaps(client, BARROW, f"?years={years}") == gaps(client)
    assert client.get("/places/E99/gaps").status_code == 404
    assert client.get("/gaps?layer=lsoa").status_code == 200, "a measuring stick is no layer: the first one is shown"


def test_statements_do_not_grow_with_reviews_and_places(app: Flask, cast: SimpleNamespace, client: FlaskClient) -> None:
    with app.app_context():
        looked(cast)
    said = []
    for size in (1, 3):
        counted = []
        for address in (f"/places/{BARROW}/gaps.json", "/gaps.json?layer=district", "/gaps?layer=district"):
            client.get(address)
            with statements(app) as run:
                client.get(address)
            counted.append(len(run))
        said.append(counted)
        if size == 1:
            with app.app_context():
                for _ in range(2):
                    looked(cast, place=db.session.get_one(Place, cast.place))
                    looked(cast, out=None)
    assert said[0] == said[1]
    with statements(app) as one:
        client.get("/gaps.json?layer=upper_tier")
    assert len(one) == said[1][1], "one place or three"


def test_a_review_or_a_plan_begins_from_a_gap_with_what_it_is_about(
    app: Flask, cast: SimpleNamespace, client: FlaskClient, signed_in: SignIn
) -> None:
    gap = f"not-looked-at:general-practice:{cast.west_icb}"
    address = f"/places/{BARROW}/gaps/act?gap={gap}"
    officer = signed_in("officer")
    assert "gaps/act?gap=not-looked-at:general-practice" in officer.get(f"/places/{BARROW}/gaps").text
    assert "gaps/act" not in client.get(f"/places/{BARROW}/gaps").text
    page = officer.get(address).text
    assert "General practice and dentistry in Barrow End" in page
    began = officer.post(address)
    assert began.status_code == 302
    with app.app_context():
        draft = db.session.get_one(ReviewDraft, int(began.location.rsplit("/", 1)[-1]))
        found = prepared(draft)
    assert (found.codes, found.services) == ((BARROW,), ("general-practice",))
    assert found.title == "General practice and dentistry in Barrow End"
    assert found.reason.startswith("No review published in the last 5 years")
    planned = officer.get(re.search(r'href="(/plans/new[^"]*)"', page)[1].replace("&amp;", "&")).text  # type: ignore[index]
    chosen = re.findall(r'<input[^>]*name="(services|agencies)"[^>]*value="([^"]+)"[^>]*checked', planned)
    assert chosen == [("services", "general-practice"), ("agencies", str(cast.west_icb))]
    assert 'value="General practice and dentistry in Barrow End"' in planned
    for who in ("responder", "administrator"):
        assert signed_in(who).get(address).status_code == 403, who
        assert signed_in(who).post(address).status_code == 403, who
    assert client.get(address).status_code == 302
    assert officer.get(f"/places/{BARROW}/gaps/act?gap=not-looked-at:magic:1").status_code == 404
