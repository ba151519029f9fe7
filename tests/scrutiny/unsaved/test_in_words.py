"""What was chosen, ticked or typed in parts is given back in words, whatever the form: never as the key of a choice."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask, render_template_string
from wtforms import FileField, HiddenField, MultipleFileField, PasswordField, SubmitField

from scrutiny import posted_words, widgets
from scrutiny.posted_words import label_boxes
from scrutiny.sent_from import _Reader
from tests.scrutiny.unsaved.test_every_form import boxes, forms

SHOWN = '{% from "unsaved/parts.html" import typed_again %}{{ typed_again(typed, "/here") }}'
#: A key such as a view makes; and what its page says of it.
KEY, SAID = "body-7.key", "Loamshire County Council"
NOT_SHOWN = (FileField, HiddenField, MultipleFileField, PasswordField, SubmitField)


def typed_into(form: type[widgets.Form]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """What somebody sends with a form, every kind of box of it filled; what must be read, and what must not."""
    sent: list[tuple[str, str]] = []
    wanted: list[str] = []
    keys: list[str] = []
    for name, box in boxes(form).items():
        if issubclass(box.field_class, widgets.DateField):
            sent += [(name, "29"), (name, ""), (name, "2028")]
            wanted.append("29  2028")
        elif issubclass(box.field_class, widgets.CheckboxField):
            sent.append((name, "y"))
            wanted.append("Yes")
            keys.append("y")
        elif issubclass(box.field_class, widgets.SelectField | widgets.RadioField | widgets.CheckboxesField):
            choices = {value: words for value, words in (form.choices_of(name) or {KEY: SAID}).items() if value}
            several = issubclass(box.field_class, widgets.CheckboxesField)
            chosen = dict(list(choices.items())[: None if several else 1])
            sent += [(name, value) for value in chosen]
            wanted.append(", ".join(chosen.values()))
            keys += [value for value, words in chosen.items() if value != words]
        elif not issubclass(box.field_class, NOT_SHOWN):
            sent.append((name, f"Typed into {name}, <as> it is"))
            wanted.append(f"Typed into {name}, <as> it is")
    return sent, wanted, keys


def read_from(shown: str) -> list[str]:
    """What a person reads there."""
    return sorted(unescape(words).strip() for words in re.findall(r"(?:<dd[^>]*>|<textarea[^>]*>)(.*?)</", shown, re.DOTALL))


def sent_again(shown: str) -> dict[str, list[str]]:
    """What goes when it is sent again, by name."""
    values: dict[str, list[str]] = {}
    unseen = r'<input type="hidden" name="(\w+)" value="(.*?)">'
    for name, value in [*re.findall(unseen, shown), *re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\s(.*?)</', shown, re.DOTALL)]:
        values.setdefault(name, []).append(unescape(value))
    return values


def test_every_kind_of_box_of_every_form_is_given_back_in_words(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """And all of it is sent again as it was sent: an empty part of a day too, and every box that was ticked."""
    page: dict[str, dict[str, str]] = {}
    monkeypatch.setattr(posted_words, "choices_on", lambda _: page)
    unlike, seen = [], 0
    with app.test_request_context("/here", method="POST"):
        for form in forms():
            monkeypatch.setattr(posted_words, "_forms_of", lambda _, form=form: [form])
            sent, wanted, keys = typed_into(form)
            page |= {name: {KEY: SAID} for name, value in sent if value == KEY}
            shown = render_template_string(SHOWN, typed=label_boxes("/here", sent, "/page"))
            if read_from(shown) != sorted(wanted) or {*keys} & {*read_from(shown)}:
                unlike.append((form.__name__, read_from(shown), sorted(wanted)))
            again = sent_again(shown)
            assert {name: again.get(name) for name, _ in sent} == {
                name: [value for other, value in sent if other == name] for name, _ in sent
            }
            seen += len(keys)
            page.clear()
            away = render_template_string(SHOWN, typed=label_boxes("/here", sent, "/page"))
            assert KEY not in read_from(away), "where the page cannot be drawn, the choice is not called by its key either"
    assert unlike == []
    assert seen > 100


def test_the_choices_of_a_page_are_read_with_their_labels() -> None:
    reader = _Reader()
    reader.feed(
        '<label for="a">Open &amp; <b>public</b></label><input type="radio" id="a" name="who" value="open">'
        '<input type="checkbox" id="b" name="items" value="1"><label for="b">Item\n 1</label><input type="checkbox" name="bare">'
        '<select name="to"><option value="">Choose</option><option value="b7">Ashby <!-- --></option></select>Other words'
        '<label for="t">Text</label><input id="t" name="t" value="x">'
    )
    assert reader.choices() == {"who": {"open": "Open & public"}, "items": {"1": "Item 1"}, "to": {"": "Choose", "b7": "Ashby"}}
