"""What is typed of planned reviews; choices are handed in."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scrutiny.areas.models import Area
from scrutiny.areas.queries import area_on
from scrutiny.pages import today
from scrutiny.place_lookup.place_input import codes_of
from scrutiny.widgets import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    SelectField,
    SubmitField,
    TextField,
)
from workflows.refusals import Refused

LONG = Length(max=4000, message=lazy_gettext("Keep it to 4,000 characters"))
COUNT = [Optional(), NumberRange(min=0, max=10_000)]


class PlanForm(Form):
    """A planned review. What it would do is shown before it is saved: `looked` is the mark of what was shown."""

    title = TextField(
        lazy_gettext("What is it about?"), validators=[InputRequired(lazy_gettext("Enter a title")), Length(max=200)]
    )
    reason = LongTextField(lazy_gettext("Why is it needed?"), validators=[Optional(), LONG])
    places = TextField(
        lazy_gettext("Which place?"),
        description=lazy_gettext("A name, a postcode or an official code. Separate areas with commas."),
        validators=[InputRequired(lazy_gettext("Enter the name or code of a place")), Length(max=1000)],
    )
    services = CheckboxesField(lazy_gettext("Which services?"), validators=[Optional()])
    method = SelectField(lazy_gettext("Which method?"), validators=[Optional()])
    first_on = DateField(
        lazy_gettext("When would it begin?"), validators=[InputRequired(lazy_gettext("Enter the day it would begin"))]
    )
    last_on = DateField(
        lazy_gettext("When would it end?"), validators=[InputRequired(lazy_gettext("Enter the day it would end"))]
    )
    questions = IntegerField(lazy_gettext("How many questions would each agency get?"), validators=COUNT)
    evidence_by = DateField(lazy_gettext("By when would they answer?"), validators=[Optional()])
    visit_from = DateField(lazy_gettext("First day of visits"), validators=[Optional()])
    visit_to = DateField(lazy_gettext("Last day of visits"), validators=[Optional()])
    visit_days = IntegerField(lazy_gettext("How many days would each agency have visitors?"), validators=COUNT)
    meeting_on = DateField(lazy_gettext("When would the meeting be?"), validators=[Optional()])
    announced_on = DateField(
        lazy_gettext("When may the public know of it?"),
        description=lazy_gettext("Nobody else sees it before it is announced. Leave it empty to decide later."),
        validators=[Optional()],
    )
    partners = CheckboxesField(
        lazy_gettext("Which bodies do you share it with?"),
        description=lazy_gettext("They see it at once, and must agree before it goes ahead."),
        coerce=int,
        validators=[Optional()],
    )
    agencies = CheckboxesField(lazy_gettext("Which agencies would be asked or visited?"), coerce=int, validators=[Optional()])
    shown = HiddenField()
    looked = HiddenField()
    version = HiddenField()
    save = SubmitField(lazy_gettext("Continue"))
    areas: tuple[Area, ...] = ()

    def validate_places(self, field: TextField) -> None:
        """The place is known on the day it would begin."""
        on = self.first_on.data or today()
        try:
            self.areas = tuple(area_on(code, on) for code in codes_of(field.data, on))
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused

    def validate_places_quietly(self) -> None:
        """Find the areas typed, to offer what is there; what is wrong is said when the form is judged."""
        on = self.first_on.data or today()
        try:
            self.areas = tuple(area_on(code, on) for code in codes_of(self.places.data or "", on))
        except Refused:
            self.areas = ()

    def validate_last_on(self, field: DateField) -> None:
        """Not before the first day."""
        if self.first_on.data and field.data and field.data < self.first_on.data:
            raise ValidationError(gettext("It would end before it begins: enter a later day"))

    def validate_visit_to(self, field: DateField) -> None:
        """Both days of the visits, in their order, within the plan."""
        if (self.visit_from.data is None) != (field.data is None):
            raise ValidationError(gettext("Enter both the first and the last day of visits, or neither"))
        if field.data and self.visit_from.data and field.data < self.visit_from.data:
            raise ValidationError(gettext("The visits would end before they begin: enter a later day"))
        first, last = self.first_on.data, self.last_on.data
        if field.data and self.visit_from.data and first and last and (self.visit_from.data < first or field.data > last):
            raise ValidationError(gettext("The visits must lie between the first and the last day of the plan"))

    def validate_visit_days(self, field: IntegerField) -> None:
        """Days of visits need dates."""
        if field.data and self.visit_from.data is None:
            raise ValidationError(gettext("Enter the first and the last day of visits too"))


class MovePlanForm(Form):
    """A button that moves a plan along, with the version it was seen in."""

    version = HiddenField()
    save = SubmitField(lazy_gettext("Continue"))


class DropPlanForm(Form):
    """Why a plan is dropped."""

    why = LongTextField(
        lazy_gettext("Why is the plan dropped?"),
        description=lazy_gettext("The bodies that share it read this."),
        validators=[InputRequired(lazy_gettext("Say why the plan is dropped")), LONG],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Drop the plan"))


class OverrideForm(Form):
    """Why a clash must stay."""

    clash = SelectField(lazy_gettext("Which clash?"), validators=[InputRequired(lazy_gettext("Choose a clash"))])
    why = LongTextField(
        lazy_gettext("Why must it stay?"),
        description=lazy_gettext("This is kept, and every body that shares the plan reads it."),
        validators=[InputRequired(lazy_gettext("Say why it must stay")), LONG],
    )
    save = SubmitField(lazy_gettext("Keep the plan as it is"))
