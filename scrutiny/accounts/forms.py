"""What is typed on the pages of one's account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import ValidationError
from wtforms.validators import InputRequired, Length

from scrutiny import languages
from scrutiny.accounts.service import KEY_KINDS, last_day_of_key, why_not_end
from scrutiny.pages import today
from scrutiny.widgets import (
    CheckboxField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextField,
)


class SignInForm(Form):
    """Ask for a link."""

    email = EmailField(
        lazy_gettext("Your email address"),
        validators=[InputRequired(lazy_gettext("Enter your email address")), Length(max=254)],
        description=lazy_gettext("We send a link to this address. You sign in by opening it."),
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField()
    submit = SubmitField(lazy_gettext("Send me a link"))


class ButtonForm(Form):
    """A page with nothing to fill in but a button to press."""

    submit = SubmitField(lazy_gettext("Continue"))


class LanguageForm(Form):
    """The language of one's letters."""

    language = RadioField(
        lazy_gettext("Language of letters to you"),
        choices=lambda: [SelectChoice(value=one, label=languages.NAMES[one]) for one in languages.LETTERS_IN],
    )
    submit = SubmitField(lazy_gettext("Save"))


KEY_END = lazy_gettext("Until when will you use it?")


class KeyEndField(DateField):
    """The last day of a key: a year from now where nothing is sent; left empty, past or too far away it is refused."""

    def __init__(self, label: Any = KEY_END, **kwargs: Any) -> None:
        """With its own label and hint."""
        super().__init__(
            label,
            description=lazy_gettext("It stops working after this day. You can make another then."),
            default=lambda: last_day_of_key(today()),
            **kwargs,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed; a program that sends no date at all gets the usual one."""
        if valuelist:
            super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        """A day from today on, within what a key may last."""
        if self.data is None and not self.process_errors:
            raise ValidationError(gettext("Enter the last day you will use it"))
        if self.data is not None and (why := why_not_end(self.data, today())):
            raise ValidationError(why)


class KeyForm(Form):
    """Make a key."""

    name = TextField(
        lazy_gettext("What is it for?"),
        validators=[InputRequired(lazy_gettext("Say what the key is for")), Length(max=100)],
        description=lazy_gettext("Such as “Power BI” or “Outlook calendar”: you will know it again by this."),
    )
    kind = RadioField(
        lazy_gettext("Kind of key"),
        choices=[SelectChoice(value=kind, label=label) for kind, label in KEY_KINDS.items()],
        validators=[InputRequired(lazy_gettext("Choose what the key opens"))],
    )
    ends_on = KeyEndField()
    submit = SubmitField(lazy_gettext("Make a key"))


class SignOutForm(Form):
    """Sign out on every device, and end keys too where wanted."""

    keys_too = CheckboxField(lazy_gettext("End my API keys and calendar addresses too"))
    submit = SubmitField(lazy_gettext("Sign out everywhere"))


class CapacityForm(Form):
    """Choose whom to act for."""

    capacity = RadioField(
        lazy_gettext("Whom do you act for now?"), validators=[InputRequired(lazy_gettext("Choose whom you act for"))]
    )
    next = HiddenField()  # the page to go back to, where one belongs to that capacity
    submit = SubmitField(lazy_gettext("Continue"))
