"""What is typed in about withdrawing what was published."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.widgets import CheckboxField, Form, LongTextField, SubmitField


class RecallForm(Form):
    """Withdrawing what was published."""

    why = LongTextField(
        lazy_gettext("Why is it withdrawn?"),
        description=lazy_gettext(
            "This is published in its place and emailed. Do not repeat a name or anything else that must not be read."
        ),
        validators=[InputRequired(lazy_gettext("Say why it is withdrawn")), Length(max=1000)],
    )
    erase = CheckboxField(
        lazy_gettext("Erase what it says for ever, too. Its digest and your reason stay. This cannot be undone")
    )
    save = SubmitField(lazy_gettext("Withdraw the report"))
