"""A review may name whom its letters say to ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

from flask.testing import FlaskClient

SignedIn = Callable[..., FlaskClient]
NIA = {"name": "Nia Rees", "office": "policy officer", "phone": "01632 960 555", "email": "nia@example.org"}


def open_review(client: FlaskClient) -> str:
    """A review of the committee; its reference."""
    runner = client.application.test_cli_runner()
    arguments = [
        "--method",
        "council-task-and-finish",
        "--place",
        "E07900001",
        "--body",
        "loamshire-scrutiny",
        "--title",
        "Buses",
    ]
    done = runner.invoke(args=["reviews", "open", *arguments, "--json"])
    assert done.exit_code == 0, done.stderr
    return str(json.loads(done.stdout)["review"])


def test_a_review_names_its_own_contact_and_gives_it_back(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    address = f"/reviews/{open_review(client)}/contact"
    assert client.post(address, data=NIA).status_code == 302
    assert "Questions? Nia Rees, policy officer, 01632 960 555, nia@example.org" in client.get(address).text
    assert client.post(address, data=dict.fromkeys(NIA, "")).status_code == 302
    assert "Nia Rees" not in client.get(address).text


def test_a_wrong_contact_is_refused_with_all_that_was_typed(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    address = f"/reviews/{open_review(client)}/contact"
    page = client.post(address, data=NIA | {"phone": "no"}).text
    assert "Enter a telephone number, like 01632 960 001" in page
    assert 'value="Nia Rees"' in page
    page = client.post(address, data=NIA | {"name": ""}).text
    assert "Enter the name of the contact" in page


def test_only_those_who_run_the_review_name_it(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    address = f"/reviews/{open_review(signed_in('officer'))}/contact"
    assert signed_in("councillor").post(address, data=NIA).status_code == 403
    for who in ("lead_inspector", "responder", "stranger", "administrator"):
        assert signed_in(who).post(address, data=NIA).status_code == 404


def test_the_second_to_save_sees_both_versions(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    client = signed_in("officer")
    address = f"/reviews/{open_review(client)}/contact"
    version = client.get(address).text.split('name="version"')[1].split('value="')[1].split('"')[0]
    client.post(address, data=NIA | {"version": version})
    page = client.post(address, data=NIA | {"name": "Olwen Price", "version": version}).text
    assert "Nia Rees" in page
    assert "Olwen Price" in page
