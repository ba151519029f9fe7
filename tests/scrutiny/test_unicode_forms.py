"""Text is brought into a normal form as Python does it, and in a time that does not grow faster than the text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.unicode_forms import Form, normalised

FORMS: list[Form] = ["NFC", "NFD", "NFKC", "NFKD"]
#: Letters and marks: over and under a letter, of Tibetan, of half width, such as are taken apart into two, and Hangul.
MARKS = "aé \u0301\u0327\u0323\u0344\u0f71\u0f72\u0f73\u0f75\u3099\uff9e\u1100\u1161\u11a8\u1e9b\u0345"
#: "a" with so many marks that ordering them one step at a time took a minute of the processor.
MANY_MARKS = "a" + "\u0301\u0327" * 64_000


@pytest.mark.parametrize("form", FORMS)
@given(text=st.text(st.sampled_from(MARKS), max_size=200) | st.text(max_size=50))
def test_the_text_is_the_one_python_gives(form: Form, text: str) -> None:
    assert normalised(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("run", ["\u0301\u0327", "\u0f73\u0327", "\uff9e\u0301", "\u0344\u0323"])
def test_many_marks_take_little_of_the_processor(form: Form, run: str) -> None:
    """Ordered one step at a time these take minutes; the bound is far from both."""
    begun = time.process_time()
    normalised(form, "a" + run * 200_000)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/many", "places"),
        ("/sign-in", "email"),
        ("/sign-in/password", "email"),
        ("/sign-in/password", "password"),
        ("/alerts/ask", "email"),
    ],
)
def test_no_stranger_stops_the_service_with_marks(path: str, field: str, client: FlaskClient, app: Flask) -> None:
    begun = time.process_time()
    answer = client.post(path, data={"email": "name@example.org", "password": "x", field: MANY_MARKS})
    assert answer.status_code < 500
    assert time.process_time() - begun < 5
