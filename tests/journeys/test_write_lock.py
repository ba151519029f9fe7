"""No deed holds up everybody who writes for longer because there is more of it: counts, not seconds, of each transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.areas import queries
from scrutiny.areas import service as areas
from scrutiny.areas.load_worker import Wanted
from scrutiny.asking import service
from scrutiny.chasing import in_turn
from scrutiny.chasing import queries as chasing_queries
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.areas.layers import file_of, square
from tests.scrutiny.requests.test_statements import _more_agencies
from tests.scrutiny.reviews.acting import acting, opened
from tests.written_at_once import Written, written
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
LATE = NOW + timedelta(days=90)


def drafted(cast: SimpleNamespace, more: int) -> Review:
    """A review with drafts for a few agencies, and for so many more."""
    _more_agencies(more)
    review = opened(cast, title=f"With {more} more")
    service.draft_requests(review, by=acting("officer"), at=NOW)
    return review


def is_no_longer(few: Written, many: Written) -> None:
    """With twelve more, no transaction asks more or words more letters; there are more of them."""
    assert few.most_letters > 0
    assert many.most_letters <= few.most_letters
    assert many.most_statements <= few.most_statements + 5
    assert len(many.held) >= len(few.held) + 12


def test_issuing_fifty_requests_holds_nobody_up(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    found = []
    for more in (0, 12):
        with app.app_context():
            with writes_now():
                review = drafted(cast, more)
                ids, address = [one.id for one in requests_of(review)], f"/reviews/{review.reference}/requests/issue"
            with written() as counted:
                assert signed_in("officer").post(address, data={"requests": ids}).status_code == 302
            assert {one.state for one in requests_of(review)} == {"issued"}
        found.append(counted)
    is_no_longer(*found)


def test_chasing_everyone_holds_nobody_up(app: Flask, cast: SimpleNamespace) -> None:
    found = []
    for more in (0, 12):
        with app.app_context():
            with writes_now():
                review = drafted(cast, more)
                issue_and_deliver(review, requests_of(review), by=acting("officer"), at=NOW)
            with written() as counted:
                silent = chasing_queries.silent_of(requests_of(review, "issued"), london_day(LATE), acting("officer"))
                late = [(one.request, one.items) for one in silent]
                sent, refused = in_turn.chase_in_turn(late, by=acting("officer"), at=LATE)
            assert (len({one.reference for one in sent}), refused) == (len(late), "")
        found.append(counted)
    is_no_longer(*found)


def test_withdrawing_a_review_holds_nobody_up(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    found = []
    for more in (0, 12):
        with app.app_context():
            with writes_now():
                review = drafted(cast, more)
                issue_and_deliver(review, requests_of(review), by=acting("officer"), at=NOW)
                address = f"/reviews/{review.reference}/withdraw"
            client = signed_in("officer")
            seen = client.get(address).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
            with written() as counted:
                done = client.post(address, data={"why": "Not needed", "seen": seen}, follow_redirects=True)
            assert "The review is withdrawn." in done.text
            assert (review.state, {one.state for one in requests_of(review)}) == ("withdrawn", {"withdrawn"})
        found.append(counted)
    is_no_longer(*found)


def test_a_review_that_could_not_be_withdrawn_whole_is_withdrawn_again(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stopped it is said; the review is still open, and the same press does what is left and tells nobody twice."""
    with app.app_context():
        with writes_now():
            review = drafted(cast, 3)
            issue_and_deliver(review, requests_of(review), by=acting("officer"), at=NOW)
            address, asked = f"/reviews/{review.reference}/withdraw", len(requests_of(review))
        client, real, calls = signed_in("officer"), service.withdraw_with_review, []

        def stops(*args: object, **values: object) -> object:
            calls.append(1)
            if len(calls) == 3:
                raise Refused("Somebody else is at it")
            return real(*args, **values)  # type: ignore[arg-type]

        def press() -> str:
            seen = client.get(address).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
            return client.post(address, data={"why": "Not needed", "seen": seen}, follow_redirects=True).text

        monkeypatch.setattr(service, "withdraw_with_review", stops)
        page = press()
        assert "the review and the others are not yet. Somebody else is at it." in page
        assert "Not needed" in page
        db.session.expire_all()
        assert (review.state, len(requests_of(review, "withdrawn"))) == ("opened", 2)
        assert "The review is withdrawn." in press()
        db.session.expire_all()
        assert (review.state, len(requests_of(review, "withdrawn"))) == ("withdrawn", asked)
        letters = db.session.scalars(select(Letter).where(Letter.kind == "request_withdrawn")).all()
        assert len({(one.reference, one.address) for one in letters}) == len(letters) >= asked


def test_what_can_be_refused_of_one_is_refused_before_any_is_issued(app: Flask, cast: SimpleNamespace) -> None:
    """And what changes meanwhile stops what comes after it, and is said."""
    with app.app_context():
        with writes_now():
            review = drafted(cast, 2)
            first, second, *_ = drafts = requests_of(review)
            items = list(second.items)
            for item in items:
                service.drop_item(item, why="Not now", by=acting("officer"), at=NOW)
        with pytest.raises(Refused, match="asks for nothing"):
            service.issue_in_turn(review, drafts, by=acting("officer"), at=NOW)
        assert {one.state for one in requests_of(review)} == {"drafted"}
        left = [one for one in drafts if one is not second]
        with writes_now():
            service.issue_requests(review, [left[1]], by=acting("officer"), at=NOW)
        done, refused = service.issue_in_turn(review, left, by=acting("officer"), at=NOW)
        assert done == [first]
        assert refused


def test_a_day_gone_by_is_refused_before_any_is_issued(app: Flask, cast: SimpleNamespace) -> None:
    """The page minds it beforehand, and so does the deed."""
    with app.app_context():
        with writes_now():
            review = drafted(cast, 2)
            *_, last = drafts = requests_of(review)
            last.items[0].wanted_on = london_day(NOW) - timedelta(days=1)
        with pytest.raises(Refused):
            service.issue_in_turn(review, drafts, by=acting("officer"), at=NOW)
        assert {one.state for one in requests_of(review)} == {"drafted"}


def test_what_is_answered_meanwhile_stops_no_other_letter(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        with writes_now():
            review = drafted(cast, 2)
            issue_and_deliver(review, requests_of(review), by=acting("officer"), at=NOW)
        silent = chasing_queries.silent_of(requests_of(review, "issued"), london_day(LATE), acting("officer"))
        late = [(one.request, one.items) for one in silent]
        assert len(late) > 2
        with writes_now():
            for item in late[0][1]:
                item.due_on = london_day(LATE) + timedelta(days=9)
        sent, refused = in_turn.chase_in_turn(late, by=acting("officer"), at=LATE)
        assert (len({one.reference for one in sent}), refused) == (len(late) - 1, "")


def test_loading_boundaries_asks_as_often_for_many_and_prepares_beforehand(
    app: Flask, context: None, cast: SimpleNamespace, tmp_path: Path
) -> None:
    found = []
    for number, size in enumerate((4, 40)):
        layer = {f"E0590{number}{place:03}": square(place, number, place + 1, number + 1) for place in range(size)}
        file = file_of(tmp_path, layer, f"{size}.geojson")
        day = date(2021, 4, 1) + timedelta(days=number)
        worked = areas.prepare_layer(Wanted(file, file.name, "ward", day), place_crs=queries.place_crs())
        with written() as counted, writes_now(), pytest.MonkeyPatch.context() as patched:
            for heavy in ("to_rows", "boxes", "square_metres"):
                patched.setattr(f"scrutiny.areas.load_worker.{heavy}", None)
            areas.load_layer(worked, by=OPERATOR_ACTOR, at=NOW)
        found.append(counted.most_statements)
    assert found[1] <= found[0] + 5
