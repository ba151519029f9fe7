"""What an administrator types about bodies and people; choices are handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Regexp

from scrutiny.transaction import undo
from scrutiny.widgets import DateField, EmailField, Form, HiddenField, SelectField, SubmitField, TextField
from workflows.refusals import Refused, Stale

T = TypeVar("T")


class BodyForm(Form):
    """A body's own page."""

    name = TextField("Name", validators=[InputRequired("Enter the body's name"), Length(max=300)])
    slug = TextField(
        "Short name for addresses",
        description="Small letters, figures and hyphens, like loamshire-scrutiny",
        validators=[
            InputRequired("Enter a short name for addresses"),
            Length(max=80),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message="Use small letters, figures and hyphens, like loamshire-scrutiny"),
        ],
    )
    kind = SelectField("Kind")
    host = TextField("Host agency (optional)", description="The council it belongs to: its name or its code. Powers depend on it")
    nation = SelectField("Nation")
    name_cy = TextField("Name in Welsh (optional)", validators=[Length(max=300)])
    from_on = DateField("First day of its service (optional)")
    to_on = DateField("Last day of its service (optional)")
    legal_from = DateField("First day in law (optional)", description="A body may exist in law before it serves")
    legal_to = DateField("Last day in law (optional)")
    elected_from = DateField("Day of its first election (optional)")
    version = HiddenField()
    submit = SubmitField("Save")


class InviteForm(Form):
    """Somebody who may sign in, and what for."""

    name = TextField("Full name", validators=[InputRequired("Enter the person's name"), Length(max=200)])
    email = EmailField("Email address", validators=[InputRequired("Enter an email address"), Length(max=254)])
    capacity = SelectField("What for")
    role = SelectField("Role", description="Not needed for somebody who runs this instance")
    submit = SubmitField("Invite")


class JoinForm(Form):
    """One more role for a person."""

    capacity = SelectField("Body or agency")
    role = SelectField("Role")
    from_on = DateField("First day", validators=[InputRequired("Enter the first day")])
    submit = SubmitField("Add")


class EndForm(Form):
    """The last day of a membership."""

    on = DateField(
        "Last day",
        description="The person keeps the role to the end of this day",
        validators=[InputRequired("Enter the last day")],
    )
    submit = SubmitField("End membership")


class ResetForm(Form):
    """The one press that resets a lost second step."""

    submit = SubmitField(lazy_gettext("Reset the second step"))


def attempt(form: Form, deed: Callable[[], T]) -> T | None:
    """Do the deed; a refusal is said at the top of the form, with nothing of the deed kept and all that was typed."""
    try:
        return deed()
    except Stale:
        raise
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return None
