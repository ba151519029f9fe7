"""What is typed or sent to ask about many places at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import Length

from scrutiny.agencies.bulk_lookup import Cells, Wanted, cells_of_file, cells_of_text
from scrutiny.widgets import CheckboxesField, DateField, FileField, Form, SelectChoice, SelectField, SubmitField, UncountedField
from workflows.kinds import AgencyKind, Service
from workflows.refusals import Refused

LARGEST_FILE = 5_000_000
#: Characters of a list that is pasted: its 10,000 lines, with blanks around each.
LONGEST_LIST = 400_000


class ManyForm(Form):
    """Postcodes or codes, pasted or in a file; the day; and which agencies."""

    places = UncountedField(
        lazy_gettext("Postcodes or codes"),
        description=lazy_gettext("One on each line, 10,000 at most. Postcodes and official codes may be mixed."),
        validators=[Length(max=LONGEST_LIST)],
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"},
    )
    file = FileField(
        lazy_gettext("Or send a file"),
        description=(
            lazy_gettext(
                "CSV with a column called “postcode” or “code”. Only that column is read: nothing else of the file is kept."
            )
        ),
    )
    on = DateField(lazy_gettext("On which day?"), description=lazy_gettext("Today if left empty."))
    kinds = CheckboxesField(lazy_gettext("Which agencies?"), description=lazy_gettext("All if none is chosen."))
    service = SelectField(
        lazy_gettext("For a service"), description=lazy_gettext("Only agencies that answer for it."), validate_choice=False
    )
    submit = SubmitField(lazy_gettext("Answer the list"))

    def offer(self, kinds: Sequence[AgencyKind], services: Sequence[Service]) -> ManyForm:
        """The form with the kinds of agency and the services to choose from."""
        self.kinds.choices = [SelectChoice(value=kind.key, label=kind.plural) for kind in kinds]
        self.service.choices = [
            SelectChoice(value="", label=gettext("Any service")),
            *(SelectChoice(value=service.key, label=service.title) for service in services),
        ]
        return self

    def cells(self) -> Cells:
        """The line and text of each place asked about; Refused saying what is wrong with the list or the file."""
        sent: Any = self.file.data
        if sent is not None and sent.filename:
            content = sent.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise Refused(gettext("The file is larger than 5MB: send only the column of postcodes or codes"))
            return cells_of_file(content, sent.filename[:80], most=LARGEST_FILE)
        if not (self.places.data or "").strip():
            raise Refused(gettext("Paste a list of postcodes or codes, or choose a file"))
        return cells_of_text(self.places.data)

    def wanted(self, today: date) -> Wanted:
        """What is asked of each row."""
        return Wanted(self.on.data or today, tuple(self.kinds.data or ()), (self.service.data,) if self.service.data else ())
