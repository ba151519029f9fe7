"""What is typed in about findings, citations, notes and corrections."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import (
    CheckboxesField,
    CheckboxField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    RadioField,
    SelectField,
    SubmitField,
    TextField,
    UncountedField,
)


class FindingForm(Form):
    """A finding; its lines of enquiry and the judgements of the method are handed in as choices."""

    title = TextField(
        lazy_gettext("Title"),
        description=lazy_gettext("A few words, as they will appear in the list of findings"),
        validators=[
            InputRequired(lazy_gettext("Give the finding a title")),
            Length(max=200, message=lazy_gettext("Keep the title to 200 characters")),
        ],
    )
    text = LongTextField(
        lazy_gettext("What did you find?"),
        description=lazy_gettext(
            "Say what the evidence shows. You can save a draft and come back. For a list, begin each line with a hyphen "
            "and a space; for a heading, with ## and a space."
        ),
        validators=[Optional(), Length(max=10000, message=lazy_gettext("Keep it to 10,000 characters"))],
    )
    lines = CheckboxesField(lazy_gettext("Which lines of enquiry does it answer?"), coerce=int, validators=[Optional()])
    overall = CheckboxField(lazy_gettext("This finding judges the whole area"))
    judgement = RadioField(lazy_gettext("Judgement"), validators=[Optional()])
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class MoveForm(Form):
    """A button that moves something on; nothing is typed."""

    move = HiddenField(validators=[InputRequired(lazy_gettext("Choose what to do"))])


class CiteForm(Form):
    """A quotation and where it stands; scripts fill it in from what is selected."""

    # A counter would push *Cite* out of sight.
    quotation = UncountedField(
        lazy_gettext("The words you rely on"),
        description=lazy_gettext("Select them in the document, or copy them here: 5,000 characters at most."),
        validators=[
            InputRequired(lazy_gettext("Select or copy the words you rely on")),
            Length(max=5000, message=lazy_gettext("Quote the words that matter: 5,000 characters at most")),
        ],
    )
    page = IntegerField(lazy_gettext("Page"), validators=[Optional()])
    cell = TextField(
        lazy_gettext("Cell"), description=lazy_gettext("For example, Sheet1!B7"), validators=[Optional(), Length(max=80)]
    )
    finding = SelectField(lazy_gettext("Cite in"), validators=[InputRequired(lazy_gettext("Choose the finding"))])
    title = TextField(
        lazy_gettext("Title of the new finding"),
        validators=[Optional(), Length(max=200, message=lazy_gettext("Keep it to 200 characters"))],
    )
    by_eye = CheckboxField(lazy_gettext("I have checked the quotation by eye"))
    cite = SubmitField(lazy_gettext("Cite"))


class WaiveForm(Form):
    """Going on without an agency's check of the facts."""

    reason = LongTextField(
        lazy_gettext("Why do you go on without it?"),
        description=lazy_gettext("Your name and this reason are printed in the report."),
        validators=[InputRequired(lazy_gettext("Say why: the reason is printed in the report")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Go on without the check"))


class NoteForm(Form):
    """A private note."""

    note = LongTextField(
        lazy_gettext("A private note"),
        description=lazy_gettext("Only you will ever see it. It is not evidence and is never published."),
        validators=[
            InputRequired(lazy_gettext("Write the note")),
            Length(max=10000, message=lazy_gettext("Keep it to 10,000 characters")),
        ],
    )
    keep = SubmitField(lazy_gettext("Keep the note"))


class DecideForm(Form):
    """What is made of a correction."""

    move = RadioField(
        lazy_gettext("What is your decision?"), validators=[InputRequired(lazy_gettext("Choose what is made of the correction"))]
    )
    decision = LongTextField(
        lazy_gettext("Why?"),
        description=lazy_gettext("The agency reads this."),
        validators=[InputRequired(lazy_gettext("Give the reason: the agency reads it")), Length(max=5000)],
    )
    text = LongTextField(
        lazy_gettext("The finding, as it should now read"),
        description=lazy_gettext("Change it here if the correction is made. Leave it alone otherwise."),
        validators=[Optional(), Length(max=10000, message=lazy_gettext("Keep it to 10,000 characters"))],
    )
    words_stay = LongTextField(
        lazy_gettext("If the words are still in the finding, why do they stay?"),
        description=lazy_gettext("Only if the correction is made all the same. The agency reads this."),
        validators=[Optional(), Length(max=2000, message=lazy_gettext("Keep it to 2,000 characters"))],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save the decision"))
