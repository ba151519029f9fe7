"""Whatever way a text comes in (any form, command or table), it is kept without characters that nobody can see."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator
from typing import Any

import click
import pytest
from flask import Flask
from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import EmailField as TypedEmail
from wtforms import StringField
from wtforms.fields.core import UnboundField

import scrutiny
from scrutiny.cli import TypedText
from scrutiny.file_reading.tables import read_csv
from scrutiny.typed_text import clean
from scrutiny.widgets import EmailField, Form, HiddenField

DIRTY = "\ufeffMo\u200b\u0302n\u0002 \uf0b7\u2066 b\ue000\x85\U000f0000\u202e\u200d\u2060\u200f"
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
CLEAN = "Môn • b"
#: What a field is called in which an email address is typed, whatever kind of field it is.
ADDRESSES = ("address", "email", "contact_email", "mailbox")


def forms() -> list[type[Form]]:
    """Every form of every room."""
    for module in pkgutil.walk_packages(scrutiny.__path__, "scrutiny."):
        if module.name.rpartition(".")[2].endswith(("forms", "views", "widgets")) or "form" in module.name:
            importlib.import_module(module.name)
    found, waiting = [], [Form]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += [kind for kind in kinds if kind.__module__.startswith("scrutiny.")]
        waiting += kinds
    return found


def text_fields(form: type[Form]) -> Iterator[tuple[str, UnboundField[Any]]]:
    for name in dir(form):
        field = getattr(form, name, None)
        if isinstance(field, UnboundField) and issubclass(field.field_class, StringField):
            yield name, field


@pytest.mark.parametrize("form", forms(), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_text_of_a_form_is_cleaned(app: Flask, form: type[Form]) -> None:
    for name, field in text_fields(form):
        if issubclass(field.field_class, HiddenField):
            continue  # a version or a mark that we wrote ourselves, compared and never kept
        with app.test_request_context():
            bound = type("One", (Form,), {name: UnboundField(field.field_class, *field.args, **field.kwargs)})(
                MultiDict({name: DIRTY})
            )
            assert bound[name].data == CLEAN, f"{form.__name__}.{name} keeps what nobody can see"


ADDRESS = "olwen.price@example.org"
SPACED = f"\ufeff \u00a0{ADDRESS}\t \u200b"


@pytest.mark.parametrize("form", [*forms(), LoginForm], ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_an_address_is_taken_with_the_spaces_that_came_with_it(app: Flask, form: type[Form]) -> None:
    """The page for passwords, which is the library's, refused what our own forms take."""
    for name, field in text_fields(form):
        if name not in ADDRESSES and not issubclass(field.field_class, TypedEmail | EmailField):
            continue
        with app.test_request_context():
            alone = type("One", (FlaskForm,), {name: UnboundField(field.field_class, *field.args, **field.kwargs)})
            bound = alone(MultiDict({name: SPACED}), meta={"csrf": False})
            assert bound.validate(), f"{form.__name__}.{name}: {bound.errors}"
            assert bound[name].data == ADDRESS, f"{form.__name__}.{name}"


def test_the_search_for_forms_finds_them() -> None:
    assert len(forms()) > 40
    assert sum(1 for form in forms() for _ in text_fields(form)) > 60


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from commands(inner)


def test_every_text_of_a_command_is_cleaned(app: Flask) -> None:
    texts = [
        parameter
        for command in app.cli.commands.values()
        if command.name not in ("db", "run", "shell", "routes", "scheduler", "openapi")
        for each in commands(command)
        for parameter in each.params
        if isinstance(parameter.type, click.types.StringParamType) and "security" not in str(type(parameter))
    ]
    assert len(texts) > 30
    ours = [parameter for parameter in texts if not isinstance(parameter.type, TypedText)]
    assert [parameter.name for parameter in ours if parameter.name not in ("identity", "password", "role", "user")] == []
    assert texts[0].type.convert(DIRTY, None, None) == CLEAN


def test_every_cell_of_a_table_is_cleaned_and_that_is_told() -> None:
    table = read_csv(f"name,n\n{DIRTY},1\n".encode())
    assert table.rows == ((CLEAN, "1"),)
    assert table.notes == ("11 invisible characters were removed.",)


def test_a_byte_order_mark_within_a_quoted_heading_is_no_part_of_its_name() -> None:
    assert read_csv('"\ufeffpostcode","n"\n"CA11 0AB","1"\n'.encode()).header == ("postcode", "n")


@pytest.mark.parametrize(
    "needed",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\U0001f469\u200d\U0001f692",
        "\u2764\ufe0f\u200d\U0001f525",
    ],
    ids=["Persian", "Hindi", "a woman at the fire service", "a burning heart"],
)
def test_joiners_stay_where_a_script_or_an_emoji_needs_them(needed: str) -> None:
    assert clean(needed) == needed
    assert clean(f"a\u200d{needed}\u200c \u200d") == f"a{needed}\u200c "


@given(st.text())
def test_what_is_clean_stays_and_nothing_unseen_is_left(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(one) in ("Cc", "Co", "Cs") for one in cleaned if one not in "\n\t")
    assert not any(unicodedata.bidirectional(one) in TURNING or one in "\ufeff\u200b\u2060" for one in cleaned)
