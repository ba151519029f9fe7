"""How long one deed keeps everybody else from writing, of everything that writes much: at sizes that are met, by processor."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from scrutiny.areas import queries
from scrutiny.areas import service as areas
from scrutiny.areas.load_worker import Wanted
from scrutiny.areas.people_writing import written_in_parts
from scrutiny.asking import service
from scrutiny.bodies.people_register import load_people, plan_people
from scrutiny.conduct import withdrawing
from scrutiny.conduct.preview_token import mark_of
from scrutiny.extensions import db
from scrutiny.ledger import in_pieces
from scrutiny.ledger import service as ledger
from scrutiny.ledger.models import LedgerSource
from scrutiny.requests.queries import requests_of
from scrutiny.transaction import run, writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.areas.layers import file_of, square
from tests.scrutiny.ledger.sources import prepared
from tests.scrutiny.requests.test_statements import _more_agencies
from tests.scrutiny.reviews.acting import acting, opened
from tests.written_at_once import Written, written
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.bench
MOST_SECONDS = 0.25


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    """What the start and the fixtures made is not looked through for rubbish in the middle of a deed, as in the server."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def said(what: str, found: Written, capsys: pytest.CaptureFixture[str]) -> None:
    """Print how long the longest transaction of a deed worked, and how many it took."""
    with capsys.disabled():
        longest = f"{found.longest * 1000:.0f} ms, {found.most_statements} statements at most"
        first = f", the first {found.held[0].processor * 1000:.0f} ms" if len(found.held) > 1 else ""
        print(f"\n{what}: {len(found.held)} transactions, the longest {longest}{first}")


def test_fifty_requests_issued_at_once(
    app: Flask, context: None, cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with writes_now():
        _more_agencies(50)
        review = opened(cast)
        service.draft_requests(review, by=acting("officer"), at=NOW)
    drafts = requests_of(review)
    with written() as found:
        service.issue_in_turn(review, drafts, by=acting("officer"), at=NOW)
    said(f"{len(drafts)} requests issued", found, capsys)
    assert found.longest < MOST_SECONDS


def test_three_thousand_boundaries(
    app: Flask, context: None, cast: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One transaction: areas hold or do not hold on a day as one layer. What grows with it is writing rows alone."""
    layer = {f"E05{place:06}": square(place % 60, place // 60, place % 60 + 1, place // 60 + 1) for place in range(3_000)}
    file = file_of(tmp_path, layer)
    worked = areas.prepare_layer(Wanted(file, file.name, "ward", date(2021, 4, 1)), place_crs=queries.place_crs())
    with written() as found, writes_now():
        areas.load_layer(worked, by=OPERATOR_ACTOR, at=NOW)
    with capsys.disabled():
        print(f"\n3,000 areas loaded: one transaction of {found.longest * 1000:.0f} ms, {found.most_statements} statements")
    assert found.longest < MOST_SECONDS


def test_a_source_of_twenty_thousand_figures_is_entered_published_and_withdrawn(
    app: Flask, context: None, cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "service,amount,stream\n" + "".join(f"09,{at}.00,revenue\n" for at in range(20_000))
    source, rows = prepared(cast.ashby_council, table)
    by = OPERATOR_ACTOR
    db.session.rollback()
    with written() as entering:
        number = in_pieces.kept_in_pieces(lambda: (source, in_pieces.begun(source, rows, by=by, at=NOW))).id
    said("20,000 figures entered", entering, capsys)
    with written() as publishing:
        run(lambda: ledger.publish(db.session.get_one(LedgerSource, number), by=by, at=NOW))
    said("published", publishing, capsys)
    with written() as withdrawing_source:
        run(lambda: ledger.withdraw(db.session.get_one(LedgerSource, number), "Wrong", by=by, at=NOW))
    said("withdrawn", withdrawing_source, capsys)
    assert max(entering.longest, publishing.longest, withdrawing_source.longest) < MOST_SECONDS


def test_two_thousand_people_of_a_list(
    app: Flask, context: None, cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"Nia {at},nia{at}@example.org,ofsted,,inspector" for at in range(2_000)]
    rows = plan_people("\n".join(["name,email,body,agency,role", *lines]).encode(), "people.csv", on=NOW.date())
    with written() as found:
        done, refused = load_people(rows, by=OPERATOR_ACTOR, at=NOW, on=NOW.date())
    said("2,000 people invited", found, capsys)
    assert (len(done), refused) == (2_000, "")
    assert found.longest < MOST_SECONDS


def test_a_national_count_of_people(
    app: Flask, context: None, cast: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures that follow from it are one transaction, which grows with the areas that are loaded: none here."""
    file = tmp_path / "people.csv"
    file.write_text("code,people\n" + "".join(f"E00{at:06},{at % 400}\n" for at in range(190_000)))
    worked = areas.prepare_people(areas.CountFile(file, as_at=date(2021, 3, 21)), today=NOW.date())
    with written() as found:
        ready = written_in_parts(worked, by=OPERATOR_ACTOR, at=NOW)
        run(lambda: areas.load_people(ready, by=OPERATOR_ACTOR, at=NOW))
    said("190,000 small areas counted", found, capsys)
    assert found.longest < MOST_SECONDS


def test_a_review_of_fifty_agencies_is_withdrawn(
    app: Flask, context: None, cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with writes_now():
        _more_agencies(50)
        review = opened(cast)
        drafts = service.draft_requests(review, by=acting("officer"), at=NOW)
        issue_and_deliver(review, drafts, by=acting("officer"), at=NOW)
    seen = mark_of(withdrawing.preview(review, at=NOW))
    with written() as found:
        assert withdrawing.withdraw(review, why="Not needed", seen=seen, by=acting("officer"), at=NOW) == ""
    said(f"{len(drafts)} requests withdrawn with their review", found, capsys)
    assert found.longest < MOST_SECONDS
