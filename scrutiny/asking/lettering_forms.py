"""What is typed about a letter before it goes: the whole of it, and files to send with it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.correspondence.editing import LONGEST
from scrutiny.languages import NAMES
from scrutiny.requests.lettering import MARKINGS
from scrutiny.widgets import (
    CheckboxField,
    Form,
    HiddenField,
    LongTextField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextField,
)

WHO = {
    "open": (lazy_gettext("Anyone"), lazy_gettext("For example, terms of reference. It may be published with the review.")),
    "exempt": (lazy_gettext("The bodies of this review and whoever gets this letter"), lazy_gettext("It is not published.")),
}


class LetterForm(Form):
    """A letter as a whole."""

    subject = TextField(
        lazy_gettext("Subject"),
        validators=[
            InputRequired(lazy_gettext("Enter the subject of the letter")),
            Length(max=300, message=lazy_gettext("Keep the subject to 300 characters")),
        ],
    )
    text = LongTextField(
        lazy_gettext("Letter"),
        description=lazy_gettext(
            "Leave the first line as it is and each reader is greeted by name. Dates and names you do not change stay up to date."
        ),
        validators=[
            InputRequired(lazy_gettext("Enter the text of the letter")),
            Length(max=LONGEST, message=lazy_gettext("Keep the letter to 20,000 characters")),
        ],
    )
    language = RadioField(
        lazy_gettext("Which language is it in?"),
        choices=[SelectChoice(value=key, label=name) for key, name in NAMES.items()],
        default="en",
    )
    seen = HiddenField()
    save = SubmitField(lazy_gettext("Save this letter"))


class AttachForm(Form):
    """Files sent with a letter."""

    files = MultipleFileField(lazy_gettext("Files"), description=lazy_gettext("For example, terms of reference. 10MB at most."))
    marking = RadioField(
        lazy_gettext("Who may see them?"), validators=[InputRequired(lazy_gettext("Choose who may see the files"))]
    )
    for_all = CheckboxField(lazy_gettext("Send them with every request of this review"))
    looked = CheckboxField(
        lazy_gettext("If something is hidden in a file: I have looked at it, and it can be sent as it is"),
        description=lazy_gettext("For example hidden sheets, rows or columns, tracked changes or comments."),
    )
    attach = SubmitField(lazy_gettext("Attach"), render_kw={"class": "govuk-button--secondary"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marking.choices = [SelectChoice(value=key, label=WHO[key][0], render_kw={"hint": WHO[key][1]}) for key in MARKINGS]
