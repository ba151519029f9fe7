"""Every address says who may knock; everything that writes runs in one transaction and is safe from forgery."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, MapAdapter, Rule

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def test_every_view_has_a_door(the_app: Flask) -> None:
    """A view without one would stay shut; none may be forgotten."""
    doors = {name: getattr(view, "door", None) for name, view in the_app.view_functions.items() if name != "static"}
    assert {name for name, door in doors.items() if door not in ("public", "signed_in", "administrator")} == set()


def test_every_view_that_posts_writes_in_one_transaction(the_app: Flask) -> None:
    """@writes on each of ours; Flask-Security's own views commit through the transaction by their datastore."""
    bare = {
        rule.endpoint
        for rule in the_app.url_map.iter_rules()
        if WRITING & (rule.methods or set())
        and not rule.endpoint.startswith("security.")
        and not getattr(the_app.view_functions[rule.endpoint], "writes", False)
    }
    assert bare == set()


def test_the_api_only_reads(the_app: Flask) -> None:
    """/api/v1 has no address that changes anything."""
    assert not [r.rule for r in the_app.url_map.iter_rules() if r.rule.startswith("/api/") and WRITING & (r.methods or set())]


def test_no_form_is_excused_from_forgery_protection(the_app: Flask) -> None:
    """Only Flask-Security's passkey answers in JSON carry their token another way."""
    exempt = the_app.extensions["csrf"]._exempt_views
    assert not {name for name in exempt if name.startswith("scrutiny.")}


def _address(adapter: MapAdapter, rule: Rule) -> str:
    """An address of a rule, with something of the right kind for each of its parts."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        values[name] = 1 if isinstance(converter, IntegerConverter) else next(iter(getattr(converter, "items", ["x"])))
    return adapter.build(rule.endpoint, values)


def test_a_stranger_finds_nothing_behind_the_doors(the_app: Flask) -> None:
    """Every address for people who have signed in sends a stranger to sign in, before looking anything up."""
    adapter = the_app.url_map.bind("localhost")
    guarded = [
        rule
        for rule in the_app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and getattr(the_app.view_functions[rule.endpoint], "door", None) in ("signed_in", "administrator")
    ]
    assert len(guarded) > 40
    client = the_app.test_client()
    for rule in guarded:
        response = client.get(_address(adapter, rule))
        assert response.status_code in (302, 401, 404), rule
        assert response.status_code != 302 or "/sign-in" in response.headers["Location"], rule
