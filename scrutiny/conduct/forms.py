"""What is typed on the pages of this room; each carries the mark of the preview that was seen."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length, ValidationError

from scrutiny.widgets import DateField, Form, HiddenField, LongTextField, RadioField, SelectChoice, SubmitField

LONG = Length(max=5000)


class WithdrawForm(Form):
    """Why a review is withdrawn."""

    why = LongTextField(
        lazy_gettext("Why is the review withdrawn?"),
        description=lazy_gettext("The agencies and partners named above are told in these words."),
        validators=[InputRequired(lazy_gettext("Say why the review is withdrawn: everybody who was asked is told")), LONG],
    )
    seen = HiddenField()
    save = SubmitField(lazy_gettext("Withdraw the review"))


class MoveForm(Form):
    """Other days for a phase."""

    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired(lazy_gettext("Enter the first day"))])
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired(lazy_gettext("Enter the last day"))])
    follows = RadioField(
        lazy_gettext("The phases that follow"),
        default="yes",
        choices=[
            SelectChoice(value="yes", label=lazy_gettext("Move with it, by the method")),
            SelectChoice(value="no", label=lazy_gettext("Stay where they are")),
        ],
        validators=[InputRequired(lazy_gettext("Choose what becomes of the phases that follow"))],
    )
    why = LongTextField(
        lazy_gettext("Why do the dates move?"),
        description=lazy_gettext("Partners, and agencies that get more time, are told in these words."),
        validators=[LONG],
    )
    seen = HiddenField()

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the first day: said beside the box."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("The phase would end before it starts: give a later last day"))


class MethodForm(Form):
    """Why a review takes up a newer edition of its method."""

    why = LongTextField(
        lazy_gettext("Why is the newer edition taken up?"),
        description=lazy_gettext("Partners are told in these words, and they stay on the record."),
        validators=[InputRequired(lazy_gettext("Say why the newer edition is taken up: it stays on the record")), LONG],
    )
    seen = HiddenField()
    save = SubmitField(lazy_gettext("Take up the newer edition"))


class EraseForm(Form):
    """Words to erase for ever; what was said is handed in as choices."""

    what = RadioField(lazy_gettext("Which words?"), validators=[InputRequired(lazy_gettext("Choose the words to erase"))])
    why = LongTextField(
        lazy_gettext("Why must they go?"),
        description=lazy_gettext("Your reason is shown where the words were. Do not repeat them."),
        validators=[InputRequired(lazy_gettext("Say why they must go")), Length(max=1000)],
    )
    save = SubmitField(lazy_gettext("Erase the words"))
