"""No box takes words without an end: each has a limit, says it, and keeps what was typed where it is refused."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import fields
from wtforms.fields.core import UnboundField
from wtforms.validators import Length

import scrutiny
from scrutiny import widgets
from scrutiny.widgets import Form

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: Boxes written by hand: what was typed elsewhere shown again, and the search, whose words are cut where it is answered.
BY_HAND = {"unsaved/notice.html", "unsaved/parts.html", "answering/parts.html", "public/_search.html"}
TYPED = fields.StringField  # long texts, addresses and passwords are kinds of it


def all_forms() -> list[type[Form]]:
    """Every form of every room."""
    for module in pkgutil.walk_packages(scrutiny.__path__, "scrutiny."):
        if re.search(r"form|view|page", module.name):
            importlib.import_module(module.name)

    def beneath(kind: type[Form]) -> Iterator[type[Form]]:
        for one in kind.__subclasses__():
            yield one
            yield from beneath(one)

    return [one for one in dict.fromkeys(beneath(Form)) if one.__module__.startswith("scrutiny.")]


def boxes() -> list[tuple[str, str, UnboundField]]:
    """Every box for words that a form declares."""
    return [
        (form.__qualname__, name, field)
        for form in all_forms()
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField)
        and issubclass(field.field_class, TYPED)
        and not issubclass(field.field_class, fields.HiddenField)
    ]


def limit_of(field: fields.Field) -> int:
    """The most characters a box takes, 0 for no limit."""
    return min((check.max for check in field.validators if isinstance(check, Length) and check.max > 0), default=0)


def test_every_box_for_words_has_a_limit_and_says_it(app: Flask) -> None:
    found = boxes()
    assert len(found) > 150, "the walk finds the forms"
    with app.test_request_context("/"):
        for form, name, field in found:
            made = field.bind(form=Form(formdata=None), name=name, prefix="")
            made.process(None)
            assert 0 < limit_of(made) <= 400_000, f"{form}.{name}"
            if isinstance(made, widgets.LongTextField):
                said = str(made.description) if not made.is_counted else str(made())
                assert re.search(r"data-maxlength|at most", said), f"{form}.{name} says no limit"


def test_every_kind_of_box_for_words_is_bounded_whoever_makes_it() -> None:
    """Boxes made for the rows a form is about are of the same kinds, and so is whatever is written tomorrow."""
    kinds = [kind for kind in vars(widgets).values() if isinstance(kind, type) and issubclass(kind, TYPED)]
    own = [kind for kind in kinds if kind.__module__ == "scrutiny.widgets"]
    assert len(own) >= 4
    assert all(issubclass(kind, widgets.Bounded) and kind.longest > 0 for kind in own)


@pytest.mark.parametrize("kind", [widgets.TextField, widgets.LongTextField, widgets.UncountedField])
def test_what_is_too_long_is_refused_at_its_box_and_kept_as_typed(app: Flask, kind: type[widgets.Bounded]) -> None:
    class One(Form):
        words = kind("Words")

    typed = "a" * (kind.longest + 1)
    with app.test_request_context("/", method="POST"):
        form = One(MultiDict({"words": typed}))
        assert not form.validate()
        assert form.words.errors == [f"Use {kind.longest} characters or fewer"]
        assert typed in str(form.words())
        assert One(MultiDict({"words": typed[:-1]})).validate()


def test_no_template_writes_a_box_for_words_by_hand() -> None:
    by_hand = {
        file.relative_to(TEMPLATES).as_posix()
        for file in TEMPLATES.rglob("*.html")
        if re.search(r"<textarea|<input[^>]*type=\"(text|search|email)\"", file.read_text())
    }
    assert by_hand == BY_HAND
