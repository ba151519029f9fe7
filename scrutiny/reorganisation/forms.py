"""What an administrator types about a reorganisation; choices are handed in."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.validators import Optional as Perhaps

from scrutiny.reorganisation.plan_input import NewArea, Plan
from scrutiny.widgets import DateField, EmailField, Form, HiddenField, LongTextField, SelectField, SubmitField, TextField

CODES = lazy_gettext("One on each line, or separated by commas or spaces")


def codes_typed(text: str | None) -> tuple[str, ...]:
    """Codes as typed, each once."""
    return tuple(dict.fromkeys(code.upper() for code in re.split(r"[\s,;]+", text or "") if code))


class WhatForm(Form):
    """What changes, and when."""

    title = TextField(
        lazy_gettext("What changes?"),
        description=lazy_gettext("A few words, for example: Loamshire becomes two councils"),
        validators=[InputRequired(lazy_gettext("Say in a few words what changes")), Length(max=200)],
    )
    on = DateField(
        lazy_gettext("First day of what is new"),
        description=lazy_gettext("The day the new councils begin to serve. It must be after today."),
        validators=[InputRequired(lazy_gettext("Enter the first day of what is new"))],
    )
    ending = LongTextField(
        lazy_gettext("Codes of the areas that end, or change their boundary"),
        description=lazy_gettext("%(codes)s. Name the county as well as its districts where both end.", codes=CODES),
        validators=[InputRequired(lazy_gettext("Enter the code of at least one area that ends")), Length(max=20_000)],
    )
    legal_from = DateField(lazy_gettext("Day from which the new councils exist in law (optional)"))
    elected_from = DateField(lazy_gettext("Day of their first election (optional)"))
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save and go on"))

    def changed(self, plan: Plan | None) -> dict[str, Any]:
        """What was typed, as the plain values of a plan; what another page holds stays."""
        return {
            "title": self.title.data,
            "on": self.on.data.isoformat() if self.on.data else "",
            "ending": list(codes_typed(self.ending.data)),
            "new": [],
            "people": {},
            "legal_from": self.legal_from.data.isoformat() if self.legal_from.data else None,
            "elected_from": self.elected_from.data.isoformat() if self.elected_from.data else None,
        }


class NewAreaForm(Form):
    """An area that begins, and its council."""

    code = TextField(
        lazy_gettext("Code"),
        validators=[
            InputRequired(lazy_gettext("Enter the code of the new area")),
            Length(max=40),
            Regexp(r"\s*[A-Za-z0-9]+\s*\Z", message=lazy_gettext("Use letters and figures")),
        ],
    )
    name = TextField(
        lazy_gettext("Name of the area"),
        validators=[InputRequired(lazy_gettext("Enter the name of the new area")), Length(max=200)],
    )
    made_of = LongTextField(
        lazy_gettext("Codes of the areas it is made of"),
        description=lazy_gettext(
            "%(codes)s: districts, or wards and small areas where a district is divided. Leave it empty where the "
            "boundary is loaded already, from the first day of what is new.",
            codes=CODES,
        ),
        validators=[Length(max=100_000)],
    )
    council = TextField(
        lazy_gettext("Name of its council (optional)"),
        description=lazy_gettext("Left empty, it is called after the area"),
        validators=[Length(max=200)],
    )
    email = EmailField(
        lazy_gettext("Email address of the council’s office (optional)"),
        description=lazy_gettext("Left empty, that of the council most of its people come from"),
        validators=[Perhaps(), Length(max=200)],
    )
    continues = TextField(
        lazy_gettext("Code of the area of a council that carries on as this one (optional)"),
        description=lazy_gettext("Only where no new council begins: an old one goes on with another area"),
        validators=[Length(max=40)],
    )
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save"))

    def area(self) -> NewArea:
        """What was typed."""
        return NewArea(
            code=(self.code.data or "").strip().upper(),
            name=self.name.data or "",
            made_of=codes_typed(self.made_of.data),
            council=self.council.data or "",
            email=self.email.data or "",
            continues=(self.continues.data or "").upper(),
        )


class ButtonForm(Form):
    """A button; nothing is typed."""

    version = HiddenField()


class PeopleForm(Form):
    """Where people go who are not to follow the rule: a choice for each, made by `people_form`."""

    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save"))

    @classmethod
    def label_of(cls, name: str) -> str | None:
        """Choices are made for each person."""
        return gettext("Where this person goes") if name.startswith("person_") else super().label_of(name)


def people_form(choices: dict[int, tuple[str, str, list[Any]]]) -> type[PeopleForm]:
    """A form with one choice for each person (by id: name, hint, choices)."""
    fields = {
        f"person_{key}": SelectField(name, description=hint, choices=offered) for key, (name, hint, offered) in choices.items()
    }
    return type("PeopleFormOf", (PeopleForm,), fields)
