"""What is typed on the pages of letters and alerts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.correspondence.reception import BY_HAND, Entered
from scrutiny.widgets import (
    DateField,
    EmailField,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)


class AlertForm(Form):
    """Ask to be written to."""

    offer = HiddenField()
    address = EmailField(
        lazy_gettext("Your email address"),
        validators=[InputRequired(lazy_gettext("Enter your email address")), Length(max=254)],
        description=lazy_gettext("We send a link to this address first, to be sure that it is yours. You can stop at any time."),
        render_kw={"autocomplete": "email"},
    )
    submit = SubmitField(lazy_gettext("Tell me by email"))


class ConfirmForm(Form):
    """Begin an alert."""

    submit = SubmitField(lazy_gettext("Yes, write to me"))


class StopForm(Form):
    """End an alert."""

    submit = SubmitField(lazy_gettext("Stop writing to me"))


class TryAgainForm(Form):
    """Post a failed letter again."""

    address = EmailField(
        lazy_gettext("Send it to"), validators=[InputRequired(lazy_gettext("Enter an email address")), Length(max=254)]
    )
    submit = SubmitField(lazy_gettext("Send it again"))


class FilterForm(Form):
    """Which letters to list; sent by GET, so that the filter stays in the address."""

    class Meta(Form.Meta):
        """No forgery check, for nothing is changed."""

        csrf = False

    state = SelectField(lazy_gettext("State"))
    kind = SelectField(lazy_gettext("Kind of letter"))
    words = TextField(lazy_gettext("Words of the address or subject"))


class DeliveredForm(Form):
    """That a letter was posted or handed over."""

    how = RadioField(
        lazy_gettext("How did it go?"), validators=[InputRequired(lazy_gettext("Choose whether it was posted or handed over"))]
    )
    on = DateField(
        lazy_gettext("On which day?"), validators=[InputRequired(lazy_gettext("Enter the day it was posted or handed over"))]
    )
    words = TextField(
        lazy_gettext("Who posted it or handed it over, and to whom?"),
        description=lazy_gettext("For example, “Posted first class by Olwen Price to County Hall”."),
        validators=[InputRequired(lazy_gettext("Enter who posted it or handed it over, and to whom")), Length(max=500)],
    )
    save = SubmitField(lazy_gettext("Record the delivery"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The ways there are."""
        super().__init__(*args, **kwargs)
        self.how.choices = [SelectChoice(key, words) for key, words in BY_HAND.items()]

    def entered(self) -> Entered | None:
        """What was sent; None where nothing was, or where something is wrong with it."""
        if not self.validate_on_submit() or self.on.data is None:
            return None
        return Entered(self.how.data, self.on.data, self.words.data or "")
