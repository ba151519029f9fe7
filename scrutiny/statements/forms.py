"""What is typed of a public statement."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import Length

from scrutiny.statements.service import LONGEST
from scrutiny.widgets import Form, HiddenField, LongTextField, SubmitField


class StatementForm(Form):
    """The words of a public page."""

    text = LongTextField(
        lazy_gettext("What the page says"),
        description=lazy_gettext(
            "Begin a heading with ## and an item of a list with a hyphen, and leave an empty line between paragraphs. "
            "Leave it all empty to show the default text"
        ),
        validators=[Length(max=LONGEST)],
    )
    seen = HiddenField()
    submit = SubmitField(lazy_gettext("Publish"))
