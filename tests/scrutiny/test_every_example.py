"""Each example in a hint is taken by the box it stands beside, and each example in a refusal too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField

from scrutiny import widgets
from scrutiny.evidence.figures import faults_in, read_figures
from scrutiny.findings.citing import CELL
from tests.scrutiny.test_every_limit import all_forms

#: What is said of a box beyond its own checks: what is wrong with what was typed there.
READ_LATER: dict[tuple[str, str], Callable[[str], object]] = {
    ("AnswerForm", "figures"): faults_in,
    ("EnterForm", "figures"): faults_in,
    ("CiteForm", "cell"): lambda typed: not CELL.match(typed),
}
#: Hints that say what something may be about, and not what to type.
OF_WHAT = {("WordsForm", "link")}
FIGURES = {name for name in READ_LATER if name[1] == "figures"}


def examples_in(hint: str) -> list[str]:
    """What a hint gives as an example: the words it quotes after 'like', or what follows 'For example'."""
    quoted = [
        words for part in re.findall(r"\b[Ll]ike ((?:“[^”]*”(?: or |, )?)+)", hint) for words in re.findall(r"“([^”]*)”", part)
    ]
    plain = re.findall(r"For example:?,? ([^“”]+?)(?:\. |\.?$)", hint)
    days = re.findall(r"\blike (\d{1,2} \d{1,2} \d{4})", hint)
    return quoted + [one.split("; ")[0] for one in plain] + days


def found() -> Iterator[tuple[str, str, UnboundField, str]]:
    """Every example of every form: form, box, the box itself, the example."""
    for form in all_forms():
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField) and (form.__qualname__, name) not in OF_WHAT:
                for example in examples_in(str(field.kwargs.get("description", ""))):
                    yield form.__qualname__, name, field, example


def test_each_box_takes_the_example_beside_it(app: Flask) -> None:
    faults = []
    with app.test_request_context(), force_locale("en"):
        every = list(found())
        assert {(form, name) for form, name, *_ in every} >= FIGURES, "the hints of figures are among them"
        assert len(every) >= 15
        for form, name, field, example in every:
            one = type("One", (widgets.Form,), {"box": field})
            parts = example.split() if issubclass(field.field_class, widgets.DateField) else [example]
            typed = one(MultiDict([("box", part) for part in parts]), meta={"csrf": False})
            typed.validate()
            later = READ_LATER.get((form, name), lambda _: [])(example)
            if typed.box.errors or later:
                faults.append((form, name, example, typed.box.errors, later))
    assert not faults


@pytest.mark.parametrize("line", ["no colon", "Bad: lots", "Ratio: 1:8", "Calls: 5 to 10", f"{'x' * 600}: 1"])
def test_a_refusal_of_figures_gives_an_example_that_is_accepted(app: Flask, line: str) -> None:
    with app.test_request_context():
        said = " ".join(faults_in(line))
        shown = re.findall(r"'([^']+: [^']+)'", said)
        assert shown
        assert all(not faults_in(one) for one in shown), shown


@pytest.mark.parametrize(
    ("line", "number", "unit"),
    [
        ("Spend: £1.2m in 2025-26", "1.2", "£ m in 2025-26"),
        ("Spend: £1.2 million in 2025/26", "1.2", "£ million in 2025/26"),
        ("Spend: £1.2m for 2025 to 2026", "1.2", "£ m for 2025 to 2026"),
        ("Spend: £1.2m (2025–26)", "1.2", "£ m (2025–26)"),
        ("Spend: 1,200k, 2025-26", "1200", "k, 2025-26"),
        ("Spend in 2025-26: £1.2m", "1.2", "£ m"),
        ("Calls: 4 in 2025-26", "4", "in 2025-26"),
        ("Calls: 214 in 2025", "214", "in 2025"),
        ("Share: 3% in 2025", "3", "% in 2025"),
    ],
)
def test_an_amount_is_taken_with_the_year_it_is_for(app: Flask, line: str, number: str, unit: str) -> None:
    with app.test_request_context():
        figure = read_figures(line)[0]
        assert (str(figure.number), figure.unit) == (number, unit)
        assert figure.as_typed == line.split(": ")[1]


@pytest.mark.parametrize("value", ["1 in 2000", "12 in 2000", "1 in 20", "£1.2m-£1.4m in 2025-26", "200 to 2025", "5 in 2025-29"])
def test_what_could_be_two_numbers_is_refused_though_it_names_a_year(app: Flask, value: str) -> None:
    with app.test_request_context():
        assert faults_in(f"Births: {value}")
