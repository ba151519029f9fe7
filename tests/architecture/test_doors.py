"""Every address says who may knock; everything that writes runs in one transaction and is safe from forgery."""

from __future__ import annotations

from flask import Flask

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


def test_a_stranger_finds_nothing_behind_the_doors(the_app: Flask) -> None:
    """Every address for people who have signed in sends a stranger to sign in, before looking anything up."""
    with the_app.test_request_context():
        guarded = [
            rule
            for rule in the_app.url_map.iter_rules()
            if "GET" in (rule.methods or set())
            and getattr(the_app.view_functions[rule.endpoint], "door", None) in ("signed_in", "administrator")
        ]
        adapter = the_app.url_map.bind("localhost")
        addresses = [
            adapter.build(r.endpoint, {a: 1 if "int" in str(r._converters.get(a)).lower() else "x" for a in r.arguments})
            for r in guarded
        ]
    client = the_app.test_client()
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (302, 401, 404, 405), address
        assert response.status_code != 302 or "/sign-in" in response.headers["Location"], address
