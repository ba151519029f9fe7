"""Forms of the sources of the count."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.widgets import Form, LongTextField, SubmitField


class PublishForm(Form):
    """Nothing to fill in: the page above it says what will happen."""

    save = SubmitField(lazy_gettext("Publish this source"))


class WithdrawForm(Form):
    """Why a source is withdrawn."""

    why = LongTextField(
        lazy_gettext("Why are you withdrawing it?"),
        description=lazy_gettext("The reason is kept with the source."),
        validators=[InputRequired(lazy_gettext("Enter why you are withdrawing this source")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Withdraw this source"))
