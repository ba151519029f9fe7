"""What of the ledger to show; sent by GET, so that it stays in the address."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from scrutiny.burden.ledger import Ledger
from scrutiny.burden.words import WAYS, period_title
from scrutiny.widgets import Form, SelectChoice, SelectField, TextField


class LedgerFilter(Form):
    """When, where, by whom and of whom; what cannot be read is left out of account."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    period = SelectField(_l("When"))
    by = SelectField(_l("Split by"))
    body = SelectField(_l("Body that asks"))
    agency = SelectField(_l("Agency that answers"))
    place = TextField(_l("Place"), description=_l("A name, code or postcode"))

    def offer(self, found: Ledger, way: str) -> None:
        """Give the choices there are, and choose those the page shows."""
        everything = SelectChoice(value="", label=gettext("All"))
        self.period.choices = [SelectChoice(value=one.key, label=period_title(one)) for one in found.periods]
        self.by.choices = [SelectChoice(value=key, label=label) for key, label in WAYS.items()]
        self.body.choices = [everything, *(SelectChoice(value=str(key), label=name) for key, name in found.names.bodies.items())]
        self.agency.choices = [
            everything,
            *(SelectChoice(value=str(key), label=name) for key, name in found.names.agencies.items()),
        ]
        self.period.data, self.by.data = found.period.key, way
