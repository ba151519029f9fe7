"""What is typed in about recommendations."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import CheckboxesField, DateField, Form, HiddenField, LongTextField, RadioField, SelectField, SubmitField


class RecommendationForm(Form):
    """One thing to be done; agencies and findings are handed in as choices. A draft holds whatever is there."""

    text = LongTextField(
        lazy_gettext("What should be done?"),
        description=lazy_gettext("One action, which the agency named can take alone."),
        validators=[Length(max=2000, message=lazy_gettext("Keep it to 2,000 characters"))],
    )
    agency = SelectField(lazy_gettext("Who should do it?"), coerce=int, default=0)
    done_by = DateField(lazy_gettext("By when?"), description=lazy_gettext("For example, 30 9 2027"))
    measure = LongTextField(
        lazy_gettext("How will it be measured?"),
        validators=[Length(max=1000, message=lazy_gettext("Keep it to 1,000 characters"))],
    )
    findings = CheckboxesField(lazy_gettext("Which findings does it follow from?"), coerce=int, validators=[Optional()])
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class MoveForm(Form):
    """A button that moves something on; nothing is typed."""

    move = HiddenField(validators=[InputRequired(lazy_gettext("Choose what to do"))])


class ResponseForm(Form):
    """An agency's response to a recommendation."""

    move = RadioField(lazy_gettext("What is your response?"), validators=[InputRequired(lazy_gettext("Choose your response"))])
    response = LongTextField(
        lazy_gettext("In your own words"),
        description=lazy_gettext("What you will do and by when, or why you will not. It is published with the recommendation."),
        validators=[InputRequired(lazy_gettext("Say in your own words what you will do, or why you will not")), Length(max=5000)],
    )
    save = SubmitField(lazy_gettext("Send the response"))


class ProgressForm(Form):
    """A progress return."""

    status = RadioField(lazy_gettext("How is it going?"), validators=[InputRequired(lazy_gettext("Choose how it is going"))])
    text = LongTextField(
        lazy_gettext("What has been done?"), validators=[InputRequired(lazy_gettext("Say what has been done")), Length(max=5000)]
    )
    new_date = DateField(
        lazy_gettext("If it has slipped, the new day"),
        description=lazy_gettext("The new day will be published beside the first one."),
        validators=[Optional()],
    )
    save = SubmitField(lazy_gettext("Send the progress return"))


class SettleForm(Form):
    """The body's check: verified, ended in another way, or kept open; always with the reason."""

    move = RadioField(lazy_gettext("What did you decide?"), validators=[InputRequired(lazy_gettext("Choose what you decided"))])
    why = LongTextField(
        lazy_gettext("Why?"),
        description=lazy_gettext("What you checked and found. It will be published with the recommendation."),
        validators=[
            InputRequired(lazy_gettext("Give the reason. It will be published with the recommendation")),
            Length(max=5000, message=lazy_gettext("Keep the reason to 5,000 characters")),
        ],
    )
    evidence = LongTextField(
        lazy_gettext("What did you see? (optional)"),
        description=lazy_gettext("For example, the published timetable, or a visit on 3 May 2027. It will be published too."),
        validators=[Optional(), Length(max=1000, message=lazy_gettext("Keep it to 1,000 characters"))],
    )
    lodging = SelectField(
        lazy_gettext("Published evidence that shows it (optional)"), coerce=int, default=0, validators=[Optional()]
    )
    replaced_by = SelectField(
        lazy_gettext("If another recommendation replaces it, which one?"), coerce=int, default=0, validators=[Optional()]
    )
    save = SubmitField(lazy_gettext("Save and publish"))


class EraseForm(Form):
    """Words to erase for ever; what was said is handed in as choices."""

    what = RadioField(lazy_gettext("Which words?"), validators=[InputRequired(lazy_gettext("Choose the words to erase"))])
    why = LongTextField(
        lazy_gettext("Why must they go?"),
        description=lazy_gettext(
            "The agency and the body that leads the review are emailed your reason. Do not repeat the words."
        ),
        validators=[InputRequired(lazy_gettext("Say why they must go")), Length(max=1000)],
    )
    save = SubmitField(lazy_gettext("Erase the words"))
