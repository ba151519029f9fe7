"""What is typed on the pages of this room; each carries the mark of the preview that was seen."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length, ValidationError

from scrutiny.widgets import DateField, Form, HiddenField, LongTextField, RadioField, SelectChoice, SubmitField

LONG = Length(max=5000)


class WithdrawForm(Form):
    """Why a review is withdrawn."""

    why = LongTextField(
        "Why is the review withdrawn?",
        description="The agencies and partners named above are told in these words.",
        validators=[InputRequired("Say why the review is withdrawn: everybody who was asked is told"), LONG],
    )
    seen = HiddenField()
    save = SubmitField("Withdraw the review")


class MoveForm(Form):
    """Other days for a phase."""

    starts_on = DateField("First day", validators=[InputRequired("Enter the first day")])
    ends_on = DateField("Last day", validators=[InputRequired("Enter the last day")])
    follows = RadioField(
        "The phases that follow",
        default="yes",
        choices=[
            SelectChoice(value="yes", label="Move with it, by the method"),
            SelectChoice(value="no", label="Stay where they are"),
        ],
        validators=[InputRequired("Choose what becomes of the phases that follow")],
    )
    why = LongTextField(
        "Why do the dates move?",
        description="Partners, and agencies that get more time, are told in these words.",
        validators=[LONG],
    )
    seen = HiddenField()

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the first day: said beside the box."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError("The phase would end before it starts: give a later last day")


class MethodForm(Form):
    """Why a review takes up a newer edition of its method."""

    why = LongTextField(
        "Why is the newer edition taken up?",
        description="Partners are told in these words, and they stay on the record.",
        validators=[InputRequired("Say why the newer edition is taken up: it stays on the record"), LONG],
    )
    seen = HiddenField()
    save = SubmitField("Take up the newer edition")
