"""The same form sent four times at once is one deed: whatever form anybody is shown, one of the four makes rows and letters."""

from __future__ import annotations

import io
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html.parser import HTMLParser
from threading import Barrier
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now
from tests.databases import Databases
from tests.scrutiny.demo.test_crawl import WHO, shape_of, signed_in
from tests.scrutiny.demo.test_odd_input import AS, pages_of

pytestmark = pytest.mark.slow

TIMES = 4
#: Rows that count tries, keep what was not saved, or say that something was read: each try is one.
OF_EACH_TRY = {"form_dealt_with", "sign_in_attempt", "unsaved_form", "evidence_read", "sign_in_session"}
#: Forms that end the visit.
ENDS = ("sign-out", "sign-in", "/account/sessions", "second-step", "/unsaved/")


class Forms(HTMLParser):
    """The forms of a page that change something, filled in as somebody would: (where it is sent, its fields, its files)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str], list[str]]] = []
        self.inside = False
        self.select = ""
        self.days = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or a field."""
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = values.get("method", "get").lower() == "post"
            if self.inside:
                self.forms.append((values.get("action", ""), {}, []))
        if not self.inside:
            return
        _, fields, files = self.forms[-1]
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in values or not fields.get(self.select)):
            fields[self.select] = values.get("value", "")
        elif tag == "textarea" and name:
            fields.setdefault(name, "Words for a trial, invented.")
        elif tag == "button" and name:
            if not {"save", "move"} & fields.keys():
                fields.setdefault(name, values.get("value", ""))
        elif tag == "input" and name and kind == "file":
            files.append(name)
        elif tag == "input" and name:
            self._typed(fields, name, kind, values)

    def _typed(self, fields: dict[str, str], name: str, kind: str, values: dict[str, str]) -> None:
        """A box: what stands in it, else something that may be typed there."""
        there = values.get("value", "")
        if kind in ("radio", "checkbox"):
            if "checked" in values or name not in fields:
                fields[name] = there
        elif kind == "email":
            fields.setdefault(name, there or "somebody.new@example.org")
        elif values.get("id", "").endswith(("-day", "-month", "-year")):
            soon = london_day(now()) + timedelta(days=20)
            part = {"day": soon.day, "month": soon.month, "year": soon.year}[values["id"].rpartition("-")[2]]
            fields[name] = f"{fields[name]},{there or part}" if name in fields else str(there or part)
        elif kind in ("text", "hidden", "submit"):
            fields.setdefault(name, there or ("" if kind != "text" else "Loamshire"))

    def handle_endtag(self, tag: str) -> None:
        """A form that ends."""
        self.inside = self.inside and tag != "form"


def data_of(fields: dict[str, str], files: list[str]) -> dict[str, Any]:
    """What is sent: a day in its three boxes, a small file in each box for files."""
    sent: dict[str, Any] = {
        name: value.split(",") if value.count(",") == 2 and value.replace(",", "").isdecimal() else value
        for name, value in fields.items()
    }
    return sent | {name: (io.BytesIO(b"code,people\nE07000001,12\n"), "invented.csv") for name in files}


@pytest.fixture
def writable(loamshire: Flask, databases: Databases) -> Iterator[Flask]:
    """The demonstration with its check against forged forms, brought back as it was."""
    url = loamshire.config["SETTINGS"].database_url
    with loamshire.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.keep_template(url, "before forms")
    loamshire.config["WTF_CSRF_ENABLED"] = True
    yield loamshire
    loamshire.config["WTF_CSRF_ENABLED"] = False
    with loamshire.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.renew(url, "before forms")


class Made:
    """Which threads kept rows of which tables."""

    def __init__(self, app: Flask) -> None:
        self.by_thread: dict[int, set[str]] = defaultdict(set)
        with app.app_context():
            self.engine = db.engine
        event.listen(self.engine, "before_cursor_execute", self.execute)
        event.listen(self.engine, "commit", self.keep)
        event.listen(self.engine, "rollback", self.undo)

    def execute(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Note a row that is about to be made."""
        if statement.startswith("INSERT INTO "):
            connection.info.setdefault("made", set()).add(statement.split()[2].strip('"'))

    def keep(self, connection: Any) -> None:
        """Rows that were kept."""
        self.by_thread[threading.get_ident()] |= connection.info.pop("made", set()) - OF_EACH_TRY

    def undo(self, connection: Any) -> None:
        """Rows that were not."""
        connection.info.pop("made", None)

    def close(self) -> None:
        """Listen no longer."""
        for name, heard in (("before_cursor_execute", self.execute), ("commit", self.keep), ("rollback", self.undo)):
            event.remove(self.engine, name, heard)


def browsers(app: Flask, client: FlaskClient) -> list[FlaskClient]:
    """As many windows of one browser: each has its session."""
    cookie = client.get_cookie("area_scrutiny")
    made = [app.test_client() for _ in range(TIMES)]
    for one in made:
        if cookie is not None:
            one.set_cookie("area_scrutiny", cookie.value)
    return made


def four_times(app: Flask, client: FlaskClient, target: str, form: tuple[dict[str, str], list[str]]) -> list[int]:
    """The status of each of four who send one form at the same moment."""
    together = Barrier(TIMES)

    def send(one: FlaskClient) -> int:
        together.wait(30)
        return one.post(target, data=data_of(*form), headers={"Origin": "http://localhost"}).status_code

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(send, browsers(app, client)))


def shown(client: FlaskClient, address: str) -> list[tuple[str, dict[str, str], list[str]]]:
    """The forms of a page as they are now, with a fresh token."""
    found = Forms()
    found.feed(client.get(address, follow_redirects=True).text)
    return [(urljoin(address, action), fields, files) for action, fields, files in found.forms]


def test_the_same_form_four_times_at_once_is_one_deed(writable: Flask) -> None:
    faults, tried, done = [], set[str](), set[str]()
    for who in AS:
        client = signed_in(writable, WHO[who])
        for address in [address for address, _ in pages_of(client)]:
            for target, fields, files in shown(client, address):
                shape = f"{shape_of(target)} {fields.get('move', '')}"
                if shape in tried or any(end in target for end in ENDS):
                    continue
                tried.add(shape)
                made = Made(writable)
                statuses = four_times(writable, client, target, (fields, files))
                made.close()
                if any(300 <= status < 400 for status in statuses):
                    done.add(shape)
                makers = {thread: tables for thread, tables in made.by_thread.items() if tables}
                if len(makers) > 1:
                    faults.append(f"{shape} {statuses}: {len(makers)} times {sorted(set.union(*makers.values()))}")
                if any(status >= 500 for status in statuses):
                    faults.append(f"{shape} {statuses}")
    print(f"{len(tried)} forms sent {TIMES} times at once, {len(done)} of them done")
    assert not faults, "\n".join(faults)
    assert len(done) > 40
    with writable.app_context():
        rows = db.session.execute(
            select(Letter.kind, Letter.reference, Letter.person, Letter.subject, Letter.text, Letter.written_at)
        )
        assert len(set(found := rows.all())) == len(found), "no letter stands twice"
