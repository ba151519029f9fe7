"""What is typed of gaps that bodies note."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import (
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextField,
)
from workflows.lifecycles.gap import OUTCOMES

LONG = Length(max=4000, message=lazy_gettext("Keep it to 4,000 characters"))


class EntryForm(Form):
    """Why a gap matters, what will be done about it, by when, and whether the public may read so."""

    why = LongTextField(lazy_gettext("Why does it matter?"), validators=[InputRequired(lazy_gettext("Say why it matters")), LONG])
    todo = LongTextField(
        lazy_gettext("What will be done about it?"), validators=[InputRequired(lazy_gettext("Say what will be done")), LONG]
    )
    by_on = DateField(lazy_gettext("By when?"), validators=[Optional()])
    is_public = CheckboxField(
        lazy_gettext("The public may read this"),
        description=lazy_gettext("Otherwise only members of your body see it. A review is never named before it is announced."),
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class MoveForm(Form):
    """A button that moves a noted gap along, with the version it was seen in."""

    version = HiddenField()
    save = SubmitField(lazy_gettext("Continue"))


class CloseForm(Form):
    """How a gap ended."""

    outcome = RadioField(lazy_gettext("What is the outcome?"), validators=[InputRequired(lazy_gettext("Choose the outcome"))])
    review = TextField(
        lazy_gettext("Which review was opened?"),
        description=lazy_gettext("Its reference, such as R-2026-001. Only if a review was opened."),
        validators=[Optional(), Length(max=40)],
    )
    why = LongTextField(
        lazy_gettext("Why?"),
        description=lazy_gettext("What power was asked for and of whom, or why the gap is accepted."),
        validators=[Optional(), LONG],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Close this gap"))

    def offer(self) -> CloseForm:
        """Give the outcomes there are, in the language spoken now."""
        self.outcome.choices = [SelectChoice(value=key, label=label) for key, label in OUTCOMES.items()]
        return self
