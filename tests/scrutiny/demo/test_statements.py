"""No page asks the database more often because there are more rows: every GET of the crawl, counted at two sizes."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from scrutiny.app import create_app
from scrutiny.extensions import db
from tests.databases import Databases
from tests.scrutiny.demo import test_crawl
from tests.scrutiny.demo.growth import grow
from tests.scrutiny.demo.test_crawl import WHO, shape_of, signed_in

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("the statements are the same on both")]

TIMES = int(os.environ.get("GROW_TIMES", "10"))
#: So many more may be asked, whatever the size: a list of ids is asked for in parts of five hundred.
ROOM = 4
#: For each who looks; each shape of page once.
SECONDS = float(os.environ.get("CRAWL_SECONDS", "6"))
LOOKS = ("a scrutiny officer", "an inspector", "a responder whose agency certifies", "the administrator", "anybody")
PEOPLE = {"person", "body", "body_membership"}
#: What is copied in each round: what hangs on each review, with agencies and their people; and the reviews themselves.
WITHIN = PEOPLE - {"person"} | {
    "review",
    "review_body",
    "review_draft",
    "review_edition",
    "line",
    "phase",
    "report",
    "edition",
    "edition_file",
    "signature",
}
ACROSS = PEOPLE | {"agency", "agency_code", "footprint", "agency_membership", "succession", "access_key"}
#: Pages whose work is the whole of something, asked for in parts; each with its reason.
WHOLE: dict[str, str] = {}


@pytest.fixture(scope="module")
def county(loamshire: Flask, tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Flask:
    """A copy of the invented county in an instance of its own, which may grow."""
    folder = tmp_path_factory.mktemp("growing")
    made = loamshire.config["SETTINGS"]
    settings = replace(
        made,
        database_url=databases.copy(made.database_url, folder, "growing"),
        files_url=f"file://{folder / 'files'}",
        mail_url=str(folder / "mail"),
    )
    shutil.copytree(made.files_url.removeprefix("file://"), folder / "files")
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    databases.keep_template(settings.database_url)
    return app


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def keep(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def pages_of(app: Flask) -> dict[str, tuple[str, str]]:
    """One page of each shape that anybody is led to: who sees it, and its address."""
    found: dict[str, tuple[str, str]] = {}
    for who in (WHO[name] for name in LOOKS):
        client, seen = signed_in(app, who), []
        plain = client.get

        def get(address: str, plain: Any = plain, seen: list[str] = seen) -> Any:
            answer = plain(address, buffered=True)
            if answer.status_code == 200 and answer.mimetype in ("text/html", "application/json", "text/csv", "text/calendar"):
                seen.append(address)
            return answer

        client.get = get  # type: ignore[method-assign]  # only to write down where the crawl went
        test_crawl.crawl(client)
        for address in seen:
            found.setdefault(shape_of(address), (who, address))
    return found


def measured(app: Flask, who: FlaskClient, address: str) -> list[str]:
    """The statements of a page."""
    with counted(app) as sent:
        who.get(address, buffered=True)
    return list(sent)


def test_no_page_asks_more_often_where_there_are_more_rows(
    county: Flask, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ten times what hangs on each review, and with ten times the reviews."""
    monkeypatch.setattr(test_crawl, "SECONDS", SECONDS)
    monkeypatch.setattr(test_crawl, "ALIKE", 1)
    url, pages = county.config["SETTINGS"].database_url, pages_of(county)
    assert len(pages) > 40
    clients = {who: signed_in(county, who) for who in {who for who, _ in pages.values()}}
    # Asked for the second time: what is kept in memory is there by then.
    twice = {shape: [measured(county, clients[who], address) for _ in range(2)] for shape, (who, address) in pages.items()}
    before = {shape: sent for shape, (_, sent) in twice.items()}
    faults = []
    for what, keep in (("within each review", WITHIN), ("of reviews", ACROSS)):
        with county.app_context():
            db.session.remove()
            db.engine.dispose()
            databases.renew(url)
            with db.engine.begin() as connection:
                assert grow(connection, TIMES, keep) > 1000
        county.extensions.pop("areas_index", None)
        for shape, (who, address) in pages.items():
            sent = measured(county, clients[who], address)
            if len(sent) - len(before[shape]) > ROOM:
                sent = measured(county, clients[who], address)
            if len(sent) - len(before[shape]) > ROOM and shape not in WHOLE:
                often = (Counter(sent) - Counter(before[shape])).most_common(3)
                said = "; ".join(f"{number} × {' '.join(one.split())[:300]}" for one, number in often)
                faults.append(f"{address} ({who}): {len(before[shape])} -> {len(sent)} {what}: {said}")
    assert not faults, f"{len(faults)} pages:\n" + "\n".join(faults)
