"""What an administrator types about bodies and people; choices are handed in."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileRequired
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from scrutiny.bodies.letterheads import PHONE
from scrutiny.widgets import (
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)


class BodyForm(Form):
    """A body's own page."""

    name = TextField(lazy_gettext("Name"), validators=[InputRequired(lazy_gettext("Enter the body's name")), Length(max=300)])
    slug = TextField(
        lazy_gettext("Short name for addresses"),
        description=lazy_gettext("Small letters, figures and hyphens, like loamshire-scrutiny"),
        validators=[
            InputRequired(lazy_gettext("Enter a short name for addresses")),
            Length(max=80),
            Regexp(
                r"[a-z0-9]+(-[a-z0-9]+)*\Z",
                message=lazy_gettext("Use small letters, figures and hyphens, like loamshire-scrutiny"),
            ),
        ],
    )
    kind = SelectField(lazy_gettext("Kind"))
    host = TextField(
        lazy_gettext("Host agency (optional)"),
        description=lazy_gettext("The council it belongs to: its name or its code. Powers depend on it"),
    )
    nation = SelectField(lazy_gettext("Nation"))
    name_cy = TextField(lazy_gettext("Name in Welsh (optional)"), validators=[Length(max=300)])
    from_on = DateField(lazy_gettext("First day of its service (optional)"))
    to_on = DateField(lazy_gettext("Last day of its service (optional)"))
    legal_from = DateField(
        lazy_gettext("First day in law (optional)"), description=lazy_gettext("A body may exist in law before it serves")
    )
    legal_to = DateField(lazy_gettext("Last day in law (optional)"))
    elected_from = DateField(lazy_gettext("Day of its first election (optional)"))
    seats = IntegerField(
        lazy_gettext("How many members sit on it (optional)"),
        description=lazy_gettext("A vote on a report may not have more voices than this"),
        validators=[Optional(), NumberRange(min=1, message=lazy_gettext("Enter 1 or more"))],
    )
    quorum = IntegerField(
        lazy_gettext("How many must be there to decide (optional)"),
        description=lazy_gettext("Its quorum. A vote with fewer is refused"),
        validators=[Optional(), NumberRange(min=1, message=lazy_gettext("Enter 1 or more"))],
    )
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save"))


class LetterheadForm(Form):
    """What a body's letters say of it."""

    signatory_name = TextField(
        lazy_gettext("Name of the person who signs"),
        description=lazy_gettext("As it appears at the end of a letter, like Councillor Amrit Gill"),
        validators=[Length(max=200)],
    )
    signatory_office = TextField(
        lazy_gettext("Their office"), description=lazy_gettext("Like Chair, or Lead inspector"), validators=[Length(max=200)]
    )
    deputy_name = TextField(lazy_gettext("Name of the deputy (optional)"), validators=[Length(max=200)])
    deputy_office = TextField(lazy_gettext("The deputy’s office (optional)"), validators=[Length(max=200)])
    deputy_signs = CheckboxField(lazy_gettext("The deputy signs for now"))
    contact_name = TextField(
        lazy_gettext("Name of the person to ask"),
        description=lazy_gettext("Usually the scrutiny officer. A review can name somebody else"),
        validators=[Length(max=200)],
    )
    contact_office = TextField(lazy_gettext("Their job title"), validators=[Length(max=200)])
    contact_phone = TextField(
        lazy_gettext("Telephone"),
        description=lazy_gettext("Like 01632 960 001"),
        validators=[
            Length(max=40),
            Optional(),
            Regexp(PHONE.pattern + r"\Z", message=lazy_gettext("Enter a telephone number, like 01632 960 001")),
        ],
    )
    contact_email = EmailField(lazy_gettext("Email address of the person to ask"), validators=[Length(max=254)])
    mailbox = EmailField(
        lazy_gettext("Mailbox for replies"),
        description=lazy_gettext("Replies to letters go here. Leave it empty to have them go to the person to ask"),
        validators=[Length(max=254)],
    )
    heading = LongTextField(
        lazy_gettext("Postal address and other lines under the signature (optional)"), validators=[Length(max=1000)]
    )
    privacy_url = TextField(
        lazy_gettext("Web address of your privacy notice (optional)"),
        description=lazy_gettext("Left empty, letters point to the privacy page of this service"),
        validators=[Length(max=300)],
    )
    genuine_url = TextField(
        lazy_gettext("Web address where a reader can check that a letter is genuine"),
        description=lazy_gettext("A page on your own website that names this service and your contact"),
        validators=[Length(max=300)],
    )
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save"))


class InviteForm(Form):
    """Somebody who may sign in, and what for."""

    name = TextField(
        lazy_gettext("Full name"), validators=[InputRequired(lazy_gettext("Enter the person's name")), Length(max=200)]
    )
    email = EmailField(
        lazy_gettext("Email address"), validators=[InputRequired(lazy_gettext("Enter an email address")), Length(max=254)]
    )
    capacity = HiddenField()
    role = RadioField(lazy_gettext("Role"), choices=[], validate_choice=False)
    submit = SubmitField(lazy_gettext("Invite"))

    def validate_role(self, field: RadioField) -> None:
        """Whoever acts for a body or an agency has a role in it; whether it has such a role is its own to say."""
        if field.choices and not field.data:
            raise ValidationError(gettext("Choose a role"))


class WhomForm(Form):
    """Whom somebody will act for: what kind, and which; it changes nothing, so it needs no token."""

    class Meta(Form.Meta):
        """A form that only looks something up."""

        csrf = False

    kind = RadioField(
        lazy_gettext("Whom will they act for?"),
        choices=[
            SelectChoice("body", lazy_gettext("A council’s committee, a joint committee or a panel")),
            SelectChoice("inspectorate", lazy_gettext("An inspectorate")),
            SelectChoice("agency", lazy_gettext("An agency that answers")),
            SelectChoice("administrator", lazy_gettext("Nobody: they run this instance")),
        ],
        validators=[InputRequired(lazy_gettext("Choose whom they will act for"))],
    )
    q = TextField(
        lazy_gettext("Its name"),
        description=lazy_gettext("A part of it is enough. Leave it empty to see them all."),
        validators=[Optional(), Length(max=200)],
    )


class JoinForm(Form):
    """One more role for a person."""

    capacity = HiddenField()
    role = RadioField(
        lazy_gettext("Role"), choices=[], validate_choice=False, validators=[InputRequired(lazy_gettext("Choose a role"))]
    )
    from_on = DateField(lazy_gettext("First day"), validators=[InputRequired(lazy_gettext("Enter the first day"))])
    submit = SubmitField(lazy_gettext("Add"))


class EndForm(Form):
    """The last day of a membership."""

    on = DateField(
        lazy_gettext("Last day"),
        description=lazy_gettext("The person keeps the role to the end of this day"),
        validators=[InputRequired(lazy_gettext("Enter the last day"))],
    )
    submit = SubmitField(lazy_gettext("End membership"))


class ResetForm(Form):
    """The one press that resets a lost second step."""

    submit = SubmitField(lazy_gettext("Reset the second step"))


class PeopleListForm(Form):
    """A list of people to load."""

    file = FileField(
        lazy_gettext("The list of people"),
        description=lazy_gettext("CSV, of up to 2,000 rows"),
        validators=[FileRequired(lazy_gettext("Choose the CSV file of people"))],
    )
    submit = SubmitField(lazy_gettext("Check the list"))


class PeopleLoadForm(Form):
    """The button under what a list of people will do."""

    seen = HiddenField()
    submit = SubmitField(lazy_gettext("Invite these people and add their roles"))
