"""What is typed on the pages of one's account."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny import languages
from scrutiny.accounts.service import KEY_KINDS
from scrutiny.widgets import EmailField, Form, HiddenField, RadioField, SelectChoice, SubmitField, TextField


class SignInForm(Form):
    """Ask for a link."""

    email = EmailField(
        "Your email address",
        validators=[InputRequired("Enter your email address"), Length(max=254)],
        description="We send a link to this address. You sign in by opening it.",
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField()
    submit = SubmitField("Send me a link")


class ButtonForm(Form):
    """A page with nothing to fill in but a button to press."""

    submit = SubmitField("Continue")


class LanguageForm(Form):
    """The language of one's letters."""

    language = RadioField(
        lazy_gettext("Language of letters to you"),
        choices=lambda: [SelectChoice(value=one, label=languages.NAMES[one]) for one in languages.LETTERS_IN],
    )
    submit = SubmitField("Save")


class KeyForm(Form):
    """Make a key."""

    name = TextField(
        "What is it for?",
        validators=[InputRequired("Say what the key is for"), Length(max=100)],
        description="Such as “Power BI” or “Outlook calendar”: you will know it again by this.",
    )
    kind = RadioField(
        "Kind of key",
        choices=[SelectChoice(value=kind, label=label) for kind, label in KEY_KINDS.items()],
        validators=[InputRequired("Choose what the key opens")],
    )
    submit = SubmitField("Make a key")


class CapacityForm(Form):
    """Choose whom to act for."""

    capacity = RadioField("Whom do you act for now?", validators=[InputRequired("Choose whom you act for")])
    submit = SubmitField("Continue")
