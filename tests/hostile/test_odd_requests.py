"""Requests that no page of ours makes: refused in words, and never a fault of ours."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tests import cast as the_cast

#: What a form would be read from, were JSON taken for one: a list, text, a value that is no text, and no JSON at all.
BODIES = ([], "x", {"email": ["officer@example.org"], "name": {"a": None}, "text": 7})


def address_of(app: Flask, rule: Rule) -> str:
    """An address of a rule, with something of the right kind for each of its parts."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        values[name] = 1 if isinstance(converter, IntegerConverter) else next(iter(getattr(converter, "items", ["x"])))
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


@pytest.mark.parametrize("who", [None, "officer"])
def test_no_form_is_read_from_json(app: Flask, cast: SimpleNamespace, who: str | None) -> None:
    """A list was a fault of ours at every form; and a text field with a list in it is not what any view expects."""
    client = app.test_client()
    if who is not None:
        the_cast.sign_in(app, client, the_cast.uniquifier(who))
    taken = []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            answers = [client.post(address_of(app, rule), json=body) for body in BODIES]
            answers.append(client.post(address_of(app, rule), data=b"\xff\x00", content_type="application/json"))
            taken += [(rule.rule, answer.status_code) for answer in answers if answer.status_code != 415]
    assert taken == []
