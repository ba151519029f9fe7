"""Numbers out of range and choices nobody offered: whatever is put into an address or form is refused, never a fault of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter

from scrutiny import errors, transaction
from tests.scrutiny.demo.test_crawl import WHO, Links, shape_of, signed_in

pytestmark = pytest.mark.slow

LARGE = ("2147483648", "9223372036854775808", "9" * 5000)
ODD = ("nonsense", "9223372036854775808", "²", "-1")
MOST_PAGES = 60
#: One of each kind of person; the crawl itself goes as all of them.
AS = (
    "a scrutiny officer",
    "a chair",
    "an inspector",
    "a lead inspector",
    "a responder whose agency certifies",
    "a certifier",
    "the administrator",
    "anybody",
)


def test_no_number_in_an_address_is_too_large_for_us(loamshire: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route with a number in it, asked with what no column holds: 404, or a door that is shut."""
    # The page around a refusal is the same for each, and is drawn by the tests of refusals.
    monkeypatch.setattr(errors, "render_template", lambda name, **said: str(said.get("sentence", name)))
    rules = [
        rule for rule in loamshire.url_map.iter_rules() if any(isinstance(c, IntegerConverter) for c in rule._converters.values())
    ]
    assert len(rules) > 60
    clients = [signed_in(loamshire, WHO[who]) for who in ("a scrutiny officer", "the administrator", "anybody")]
    for rule in rules:
        for number in LARGE:
            address = rule.rule
            for name, converter in rule._converters.items():
                is_number = isinstance(converter, IntegerConverter)
                part = next(piece for piece in address.split("<") if piece.split(">")[0].rpartition(":")[2] == name).split(">")[0]
                address = address.replace(f"<{part}>", number if is_number else next(iter(getattr(converter, "items", ["x"]))))
            for client in clients:
                for method in {"GET", "POST"} & (rule.methods or set()):
                    assert client.open(address, method=method).status_code in (302, 400, 401, 404), address


class Forms(HTMLParser):
    """The forms of a page that change something: where each is sent, and its fields with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str], set[str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or a field."""
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append(
                (values.get("action", ""), {}, set()) if values.get("method", "get").lower() == "post" else ("GET", {}, set())
            )
        if not self.forms:
            return
        _, fields, chosen = self.forms[-1]
        name = values.get("name", "")
        if tag == "select":
            self._select = name
            fields.setdefault(name, "")
            chosen.add(name)
        elif tag == "option" and "selected" in values:
            fields[self._select] = values.get("value", "")
        elif tag in ("input", "textarea", "button") and name:
            kind = values.get("type", "text")
            if kind in ("radio", "checkbox", "hidden", "number") or values.get("inputmode") == "numeric":
                chosen.add(name)
            if kind not in ("radio", "checkbox") or "checked" in values:
                fields.setdefault(name, values.get("value", ""))


def pages_of(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """The pages somebody comes upon, one of each shape, so many at most."""
    waiting, shapes = ["/inbox", "/reviews", "/administration", "/"], set[str]()
    while waiting and len(shapes) < MOST_PAGES:
        address = waiting.pop(0)
        if shape_of(address) in shapes or "sign-out" in address or "." in address.rpartition("/")[2].partition("?")[0]:
            continue
        shapes.add(shape_of(address))
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        yield address, answer.text
        links = Links()
        links.feed(answer.text)
        there = [urldefrag(urljoin(f"http://localhost{address}", link)).url for link in links.found]
        waiting += [one.removeprefix("http://localhost") for one in there if one.startswith("http://localhost/")]


def test_no_choice_that_was_not_offered_is_a_fault_of_ours(loamshire: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every form anybody is shown, sent with each of its choices, hidden fields and numbers put to nonsense; nothing is kept."""
    monkeypatch.setattr(transaction, "commit", transaction.undo)
    faults, sent, statuses = [], set[tuple[str, str]](), Counter[int]()
    for who in AS:
        client = signed_in(loamshire, WHO[who])
        for address, text in pages_of(client):
            found = Forms()
            found.feed(text)
            for action, fields, chosen in found.forms:
                target = urljoin(address, action) if action != "GET" else ""
                if not target or "sign-out" in target or "sign-in" in target:
                    continue
                for name in sorted(chosen - {"csrf_token"}):
                    if (shape_of(target), name) in sent:
                        continue
                    sent.add((shape_of(target), name))
                    for odd in ODD:
                        try:
                            status = client.post(target, data={**fields, name: odd}).status_code
                        except Exception as error:  # in tests a fault is raised, not shown
                            faults.append(f"{target} {name}={odd[:20]}: {type(error).__name__}: {str(error)[:120]}")
                            continue
                        statuses[status] += 1
                        if status >= 500:
                            faults.append(f"{target} {name}={odd[:20]}: {status}")
    print(f"{len(sent)} fields of forms, {sum(statuses.values())} posts: {dict(statuses)}")
    assert len(sent) > 40
    assert not faults, "\n".join(faults)
