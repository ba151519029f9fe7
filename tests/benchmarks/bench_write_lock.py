"""How long one deed keeps everybody else from writing: fifty requests issued at once, three thousand boundaries loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from scrutiny.areas import queries
from scrutiny.areas import service as areas
from scrutiny.areas.load_worker import Wanted
from scrutiny.asking import service
from scrutiny.requests.queries import requests_of
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.areas.layers import file_of, square
from tests.scrutiny.requests.test_statements import _more_agencies
from tests.scrutiny.reviews.acting import acting, opened
from tests.written_at_once import written
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.bench
MOST_SECONDS = 0.25


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
    with capsys.disabled():
        of_one = f"{found.longest * 1000:.0f} ms, {found.most_statements} statements"
        print(f"\n{len(drafts)} requests issued: the longest transaction {of_one}")
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
