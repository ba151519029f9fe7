"""What to show of the gaps; sent by GET, so that it stays in the address."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext
from wtforms.validators import NumberRange, Optional

from scrutiny.areas.queries import kinds_loaded
from scrutiny.gaps.found import Asked
from scrutiny.pages import today
from scrutiny.public.districts import WANTED
from scrutiny.rules.queries import rules
from scrutiny.widgets import Form, IntegerField, SelectChoice, SelectField, SubmitField
from workflows.gaps import KINDS, MOST_YEARS

_YEARS = lazy_gettext("Enter a whole number of years from 1 to %(most)s", most=MOST_YEARS)


class GapFilter(Form):
    """A service, a kind of gap and a number of years; what cannot be read is said, and left out of account."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    layer = SelectField(lazy_gettext("Places"), validators=[Optional()])
    service = SelectField(lazy_gettext("Service"), validators=[Optional()])
    kind = SelectField(lazy_gettext("Kind of gap"), validators=[Optional()])
    years = IntegerField(
        lazy_gettext("Years without a review"),
        description=lazy_gettext("Leave it empty for the number each service has."),
        validators=[Optional(), NumberRange(min=1, max=MOST_YEARS, message=_YEARS)],
    )

    def asked(self) -> Asked:
        """What is asked about."""
        years = self.years.data if self.years.validate(self) else None
        return Asked(self.service.data or "", self.kind.data or "", years)


def filter_asked(*, layers: bool = False) -> GapFilter:
    """The filter of the address, with the choices there are."""
    form = GapFilter(request.args)
    everything = SelectChoice(value="", label=lazy_gettext("All"))
    form.service.choices = [everything, *(SelectChoice(value=one.key, label=one.title) for one in rules().services.values())]
    form.kind.choices = [everything, *(SelectChoice(value=key, label=label) for key, label in KINDS.items())]
    for field in (form.service, form.kind):
        if field.data not in {choice.value for choice in field.choices}:
            field.data = ""
    if not layers:
        del form.layer
        return form
    known = rules().area_kinds
    loaded = [one.kind for one in kinds_loaded(today()) if one.areas and one.kind in known]
    drawn = [kind for kind in loaded if not known[kind].measuring_stick]
    form.layer.choices = [SelectChoice(value=kind, label=known[kind].plural) for kind in drawn]
    if form.layer.data not in drawn:
        form.layer.data = next((kind for kind in (*WANTED, *drawn) if kind in drawn), "")
    return form


class OpenForm(Form):
    """A button that begins a review of a gap."""

    save = SubmitField(lazy_gettext("Open a review"))
