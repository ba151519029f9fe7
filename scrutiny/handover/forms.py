"""What is chosen when somebody's work is handed over."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired

from scrutiny.widgets import Form, HiddenField, SelectField, SubmitField


class ColleagueForm(Form):
    """For whom, and to whom."""

    to = SelectField(lazy_gettext("Who takes the work"), validators=[InputRequired(lazy_gettext("Choose who takes the work"))])
    submit = SubmitField(lazy_gettext("See what passes on"))


class HandOverForm(Form):
    """The button under what passes on."""

    seen = HiddenField()
    submit = SubmitField(lazy_gettext("Hand this work over"))
