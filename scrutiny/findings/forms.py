"""What is typed in about findings, citations, notes and corrections."""

from __future__ import annotations

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
)


class FindingForm(Form):
    """A finding; its lines of enquiry and the judgements of the method are handed in as choices."""

    title = TextField(
        "Title",
        description="A few words, as they will stand in the list of findings",
        validators=[InputRequired("Give the finding a title"), Length(max=200, message="Keep the title to 200 characters")],
    )
    text = LongTextField(
        "What did you find?",
        description="Say what the evidence shows. You can save a draft and come back. For a list, begin each line with a hyphen "
        "and a space; for a heading, with ## and a space.",
        validators=[Optional(), Length(max=10000, message="Keep it to 10,000 characters")],
    )
    lines = CheckboxesField("Which lines of enquiry does it answer?", coerce=int, validators=[Optional()])
    overall = CheckboxField("This finding judges the whole area")
    judgement = RadioField("Judgement", validators=[Optional()])
    version = HiddenField()
    save = SubmitField("Save")


class MoveForm(Form):
    """A button that moves something on; nothing is typed."""

    move = HiddenField(validators=[InputRequired("Choose what to do")])


class CiteForm(Form):
    """A quotation and where it stands; scripts fill it in from what is selected."""

    # No Length here: a counter would push *Cite* out of sight. The deed says when it is too long.
    quotation = LongTextField(
        "The words you rely on",
        description="Select them in the document, or copy them here.",
        validators=[InputRequired("Select or copy the words you rely on")],
    )
    page = IntegerField("Page", validators=[Optional()])
    cell = TextField("Cell", description="For example, Sheet1!B7", validators=[Optional(), Length(max=80)])
    finding = SelectField("Cite in", validators=[InputRequired("Choose the finding")])
    title = TextField("Title of the new finding", validators=[Optional(), Length(max=200, message="Keep it to 200 characters")])
    by_eye = CheckboxField("I have checked the quotation by eye")
    cite = SubmitField("Cite")


class WaiveForm(Form):
    """Going on without an agency's check of the facts."""

    reason = LongTextField(
        "Why do you go on without it?",
        description="Your name and this reason are printed in the report.",
        validators=[InputRequired("Say why: the reason is printed in the report"), Length(max=2000)],
    )
    save = SubmitField("Go on without the check")


class NoteForm(Form):
    """A private note."""

    note = LongTextField(
        "A private note",
        description="Only you will ever see it. It is not evidence and is never published.",
        validators=[InputRequired("Write the note"), Length(max=10000, message="Keep it to 10,000 characters")],
    )
    keep = SubmitField("Keep the note")


class DecideForm(Form):
    """What is made of a correction."""

    move = RadioField("What is your decision?", validators=[InputRequired("Choose what is made of the correction")])
    decision = LongTextField(
        "Why?",
        description="The agency reads this.",
        validators=[InputRequired("Give the reason: the agency reads it"), Length(max=5000)],
    )
    text = LongTextField(
        "The finding, as it should now read",
        description="Change it here if the correction is made. Leave it alone otherwise.",
        validators=[Optional(), Length(max=10000, message="Keep it to 10,000 characters")],
    )
    words_stay = LongTextField(
        "If the words still stand in the finding, why do they stay?",
        description="Only if the correction is made all the same. The agency reads this.",
        validators=[Optional(), Length(max=2000, message="Keep it to 2,000 characters")],
    )
    version = HiddenField()
    save = SubmitField("Save the decision")
