"""What is typed in about recommendations."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import CheckboxesField, DateField, Form, HiddenField, LongTextField, RadioField, SelectField, SubmitField


class RecommendationForm(Form):
    """One thing to be done; agencies and findings are handed in as choices. A draft holds whatever is there."""

    text = LongTextField(
        "What should be done?",
        description="One action, which the agency named can take by itself.",
        validators=[Length(max=2000, message="Keep it to 2,000 characters")],
    )
    agency = SelectField("Who should do it?", coerce=int, default=0)
    done_by = DateField("By when?", description="For example, 30 9 2027")
    measure = LongTextField("How will it be measured?", validators=[Length(max=1000, message="Keep it to 1,000 characters")])
    findings = CheckboxesField("Which findings does it follow from?", coerce=int, validators=[Optional()])
    version = HiddenField()
    save = SubmitField("Save")


class MoveForm(Form):
    """A button that moves something on; nothing is typed."""

    move = HiddenField(validators=[InputRequired("Choose what to do")])


class ResponseForm(Form):
    """An agency's response to a recommendation."""

    move = RadioField("What is your response?", validators=[InputRequired("Choose your response")])
    response = LongTextField(
        "In your own words",
        description="What you will do and by when, or why you will not. It is published with the recommendation.",
        validators=[InputRequired("Say in your own words what you will do, or why you will not"), Length(max=5000)],
    )
    save = SubmitField("Send the response")


class ProgressForm(Form):
    """A progress return."""

    status = RadioField("How is it going?", validators=[InputRequired("Choose how it is going")])
    text = LongTextField("What has been done?", validators=[InputRequired("Say what has been done"), Length(max=5000)])
    new_date = DateField(
        "If it has slipped, the new day",
        description="The new day will be published beside the first one.",
        validators=[Optional()],
    )
    save = SubmitField("Send the progress return")


class SettleForm(Form):
    """The body's check: verified, ended in another way, or kept open; always with the reason."""

    move = RadioField("What did you decide?", validators=[InputRequired("Choose what you decided")])
    why = LongTextField(
        "Why?",
        description="What you checked and found. It will be published with the recommendation.",
        validators=[
            InputRequired("Give the reason. It will be published with the recommendation"),
            Length(max=5000, message="Keep the reason to 5,000 characters"),
        ],
    )
    evidence = LongTextField(
        "What did you see? (optional)",
        description="For example, the published timetable, or a visit on 3 May 2027. It will be published too.",
        validators=[Optional(), Length(max=1000, message="Keep it to 1,000 characters")],
    )
    lodging = SelectField("Published evidence that shows it (optional)", coerce=int, default=0, validators=[Optional()])
    replaced_by = SelectField("If another recommendation replaces it, which one?", coerce=int, default=0, validators=[Optional()])
    save = SubmitField("Save and publish")
