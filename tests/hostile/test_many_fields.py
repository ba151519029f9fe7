"""A form of very many invented names costs nothing, whoever sends it and however it is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import posted_words
from scrutiny.form_limits import LONGEST_NAME, MOST_FIELDS

URLENCODED = "application/x-www-form-urlencoded"
FOUR_MEGABYTES = "&".join(f"n{number}" for number in range(500_000))
#: Where a form is refused for something else first, what was typed is read for the page that says so.
ADDRESSES = {"/alerts/ask": {413}, "/unsaved/keep": {413, 400}, "/nowhere": {404}}


def _parts(count: int, name: str = "n") -> bytes:
    """A form of so many fields, as it is sent with files."""
    field = '--b\r\nContent-Disposition: form-data; name="{}{}"\r\n\r\nx\r\n'
    return ("".join(field.format(name, number) for number in range(count)) + "--b--\r\n").encode()


@pytest.mark.parametrize("who", [None, "officer"])
def test_a_form_of_invented_names_is_refused_before_it_is_read(
    app: Flask, signed_in: Callable[..., FlaskClient], who: str | None
) -> None:
    client = signed_in(who) if who else app.test_client()
    sent = [
        (FOUR_MEGABYTES, URLENCODED),
        ("x" * (LONGEST_NAME + 1) + "=1", URLENCODED),
        ("a=" + "b" * 3 * app.config["MAX_FORM_MEMORY_SIZE"], URLENCODED),
        (_parts(MOST_FIELDS + 1), "multipart/form-data; boundary=b"),
        (_parts(1, "x" * LONGEST_NAME), "multipart/form-data; boundary=b"),
    ]
    for address, refused in ADDRESSES.items():
        for body, kind in sent:
            answer = client.post(address, data=body, content_type=kind)
            assert answer.status_code in refused, (address, body[:40])
            assert len(answer.data) < 20_000, (address, body[:40])
            assert answer.status_code != 413 or "is too large" in answer.text, "in plain words"


def test_what_a_page_sends_is_taken(app: Flask, client: FlaskClient) -> None:
    longest = "&".join(f"n{number}=1" for number in range(MOST_FIELDS))
    for body, kind in ((longest, URLENCODED), (_parts(MOST_FIELDS), "multipart/form-data; boundary=b")):
        assert client.post("/sign-in", data=body, content_type=kind).status_code != 413


def test_an_address_of_invented_names_is_refused(client: FlaskClient) -> None:
    answer = client.get("/?" + "&".join("abcdefgh"[number % 8] for number in range(MOST_FIELDS + 1)))
    assert answer.status_code == 413
    assert f"{MOST_FIELDS:,} fields" in answer.text


def test_many_values_under_one_name_are_read_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each was looked for among all the others, and so the work grew with the square of their number."""
    read: list[int] = []
    said = posted_words._said
    monkeypatch.setattr(
        posted_words, "_said", lambda form, name, values, drawn: read.append(len(values)) or said(form, name, values, drawn)
    )
    with app.test_request_context("/sign-in", method="POST"):
        boxes = posted_words.label_boxes("/sign-in", [("email", f"{number}@example.org") for number in range(MOST_FIELDS)])
    assert (len(boxes), read) == (MOST_FIELDS, [MOST_FIELDS])
