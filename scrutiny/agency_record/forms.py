"""Which of the items an agency was asked to list, and what answering cost it."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange, Optional

from scrutiny.agency_record.asked import STATES, Chosen
from scrutiny.answering.hours_field import HOURS_HINT, HoursField
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import DecimalField, Form, HiddenField, SelectChoice, SelectField, SubmitField


class AskedFilter(Form):
    """Of whom, of when, and how they stand; what cannot be read is left out of account."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    requester = SelectField(_l("Asked by"))
    year = SelectField(_l("Year"))
    state = SelectField(_l("State"))

    def offer(self, requesters: list[tuple[int, str]], years: list[int]) -> None:
        """Give the choices there are."""
        everything = SelectChoice(value="", label=gettext("All"))
        self.requester.choices = [everything, *(SelectChoice(value=str(key), label=name) for key, name in requesters)]
        self.year.choices = [everything, *(SelectChoice(value=str(year), label=str(year)) for year in years)]
        self.state.choices = [everything, *(SelectChoice(value=key, label=str(label)) for key, label in STATES.items())]

    def chosen(self) -> Chosen:
        """What is asked for."""
        state = self.state.data if self.state.data in STATES else ""
        return Chosen(whole_or_none(self.requester.data), whole_or_none(self.year.data), state or "")


class EffortForm(Form):
    """What answering a request cost."""

    hours = HoursField(_l("About how many hours has your agency spent on this request so far?"), description=HOURS_HINT)
    pounds = DecimalField(
        _l("About how much has it cost in all, in pounds?"),
        description=_l("With the time of your staff. Leave it empty if you do not know."),
        validators=[Optional(), NumberRange(min=0, max=10_000_000, message=_l("Enter an amount from £0 to £10 million"))],
    )
    version = HiddenField()
    save = SubmitField(_l("Save"))

    @property
    def pence(self) -> int | None:
        """The pounds typed, in pence."""
        return None if self.pounds.data is None else round(self.pounds.data * 100)
