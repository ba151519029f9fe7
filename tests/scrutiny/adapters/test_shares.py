"""Nobody takes more than their share of heavy work: they wait a moment or come again, and others go on being served."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from scrutiny.adapters import fitted, shares
from scrutiny.adapters.sandbox import Busy
from scrutiny.adapters.shares import Share, ShareTaken
from scrutiny.file_reading import pages
from scrutiny.file_reading.sandbox_lanes import check_file
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from workflows.refusals import Refused


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has to wait for a share is refused at once."""
    for share in (shares.CHECKING, shares.CHECKING_LARGE, shares.SHOWING, shares.PRINTING, shares.TAKING, shares.BUNDLING):
        monkeypatch.setattr(share, "patience", 0)


def test_a_share_is_each_callers_own_and_is_given_back() -> None:
    share = Share(each=2, waiting=1, in_all=3, patience=0)
    first, second = share.take("a"), share.take("a")
    with pytest.raises(ShareTaken):
        share.take("a")
    third = share.take("b")
    with pytest.raises(Busy, match="Many people") as all_taken:
        share.take("c")
    assert not isinstance(all_taken.value, ShareTaken)
    first()
    first()
    fourth = share.take("a")
    with pytest.raises(ShareTaken):
        share.take("a")
    for leave in (second, third, fourth):
        leave()
    assert (share._at_work, share._waiting) == ({}, {}), "whoever has gone is forgotten"
    assert [share.take("")() for _ in range(9)], "jobs and commands have no share"


def test_who_waits_comes_in_and_who_waits_too_often_is_refused_at_once() -> None:
    share = Share(each=1, waiting=1, patience=5)
    leave, came = share.take("a"), threading.Event()

    def wait() -> None:
        gone = share.take("a")
        came.set()
        gone()

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not share._waiting["a"]:
        pass
    with pytest.raises(ShareTaken):
        share.take("a")  # a thread for each who waits: one caller does not hold them all
    leave()
    assert came.wait(5)
    waiting.join(5)


def _check(_: FlaskClient) -> None:
    check_file("names.csv", b"a,b\n1,2\n")


def _show(_: FlaskClient) -> None:
    pages.page_image(a_pdf("Names"), 1)


def _print(_: FlaskClient) -> None:
    fitted.printer().print_html("<title>x</title><p>x", created=NOW)


LANES = [(shares.CHECKING, _check), (shares.SHOWING, _show), (shares.PRINTING, _print)]


@pytest.mark.parametrize(("share", "work"), LANES, ids=["check", "show", "print"])
def test_one_person_fills_no_lane(app: Flask, client: FlaskClient, share: Share, work: Callable[[FlaskClient], None]) -> None:
    with ExitStack() as held, app.test_request_context():
        for _ in range(share.each):
            held.callback(share.take("person:1"))
        g.actor = SimpleNamespace(person=1)
        with pytest.raises(Refused, match="still being prepared"):
            work(client)
        g.actor = SimpleNamespace(person=2)
        work(client)
    assert not share._at_work


def test_one_zip_a_person(cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    leave = shares.BUNDLING.take(f"person:{cast.responder}")
    mine = signed_in("responder").get("/asked.zip")
    assert (mine.status_code, mine.headers["Retry-After"], "still being prepared" in mine.text) == (429, "10", True)
    assert signed_in("colleague").get("/asked.zip").status_code == 409, "nothing was sent yet, which is another matter"
    leave()
    assert signed_in("responder").get("/asked.zip").status_code == 409
    assert not shares.BUNDLING._at_work


def test_a_stranger_is_a_network(app: Flask) -> None:
    for address, whose in (("2001:db8::1", "2001:db8::/64"), ("192.0.2.7", "192.0.2.7"), ("", "unknown")):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            assert shares.caller() == f"network:{whose}"
    assert shares.caller() == ""
