"""What is chosen and typed when questions are handed to a colleague, or passed back."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.widgets import CheckboxesField, DateField, Form, LongTextField, RadioField, SelectChoice, SubmitField


class HandForm(Form):
    """Hand questions to a colleague."""

    items = CheckboxesField(
        lazy_gettext("Which questions?"), validators=[InputRequired(lazy_gettext("Choose at least one question"))]
    )
    person = RadioField(lazy_gettext("Who should answer them?"), validators=[InputRequired(lazy_gettext("Choose a colleague"))])
    note = LongTextField(
        lazy_gettext("A note for your colleague (optional)"),
        description=lazy_gettext("Only people of your agency read it."),
        validators=[Length(max=2000)],
    )
    due_on = DateField(
        lazy_gettext("By when do you want it back? (optional)"),
        description=lazy_gettext("A date of your own, like 27 11 2026. The date the requester set stays the same."),
    )
    save = SubmitField(lazy_gettext("Hand over"))

    def __init__(self, items: list[tuple[int, str, str]], people: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`items` are (id, words, who has it), `people` (id, name) of the agency's members."""
        super().__init__(*args, **kwargs)
        self.items.choices = [SelectChoice(str(key), words, render_kw={"hint": hint}) for key, words, hint in items]
        self.person.choices = [SelectChoice(str(key), name) for key, name in people]


class BackForm(Form):
    """Pass a question back."""

    why = LongTextField(
        lazy_gettext("Why do you pass it back?"),
        description=lazy_gettext("The colleague who handed it to you reads this."),
        validators=[InputRequired(lazy_gettext("Say why you pass it back")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Pass back"))
