"""What is sent to have figures apportioned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import Length

from scrutiny.apportioning.figures import Figures, FiguresColumn, read_figures
from scrutiny.apportioning.file_apportioning import weights_of
from scrutiny.areas.queries import KindLoaded
from scrutiny.widgets import (
    CheckboxField,
    DateField,
    FileField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from workflows.refusals import Refused

LARGEST_FILE = 5_000_000
MOST_FIGURES = 50_000


class ApportionForm(Form):
    """A table of figures by code, from which kind of area to which, and how."""

    file = FileField(lazy_gettext("Figures"), description=lazy_gettext("CSV with a column of codes and a column of figures."))
    value_field = TextField(
        lazy_gettext("Column of figures"),
        validators=[Length(max=120)],
        description=lazy_gettext("Leave empty where it is the only one beside the codes."),
    )
    from_kind = SelectField(lazy_gettext("They are for each"), validate_choice=False)
    to_kind = SelectField(lazy_gettext("You want them for each"), validate_choice=False)
    by = RadioField(
        lazy_gettext("Divide an area that is cut by"),
        choices=[
            SelectChoice(
                value="people",
                label=lazy_gettext("the people who live in each part"),
                render_kw={"hint": lazy_gettext("For most figures.")},
            ),
            SelectChoice(
                value="land",
                label=lazy_gettext("the land of each part"),
                render_kw={"hint": lazy_gettext("Only for what is measured by land.")},
            ),
            SelectChoice(
                value="weights",
                label=lazy_gettext("weights of your own"),
                render_kw={"hint": lazy_gettext("Send a number for each small area.")},
            ),
        ],
        default="people",
    )
    weights = FileField(
        lazy_gettext("Weights"),
        description=lazy_gettext("Only for weights of your own: CSV with codes of small areas and one number each."),
    )
    unit = RadioField(
        lazy_gettext("The figures are"),
        choices=[
            SelectChoice(value="2", label=lazy_gettext("money, to the penny")),
            SelectChoice(value="0", label=lazy_gettext("whole numbers, like people")),
        ],
        default="2",
    )
    amounts = CheckboxField(lazy_gettext("The figures can be added up, though their column is called a rate"))
    on = DateField(lazy_gettext("Areas as on which day?"), description=lazy_gettext("Today if left empty."))
    submit = SubmitField(lazy_gettext("Apportion the figures"))

    def offer(self, kinds: Sequence[KindLoaded]) -> ApportionForm:
        """The form with the kinds of area loaded to choose from."""
        for field in (self.from_kind, self.to_kind):
            field.choices = [
                SelectChoice(value="", label=gettext("Choose")),
                *(SelectChoice(value=k.kind, label=k.label) for k in kinds),
            ]
        return self

    def read(self) -> tuple[Figures, dict[str, float] | None]:
        """The figures and perhaps the weights; Refused saying what is wrong with them, or with what was chosen."""
        if not self.from_kind.data or not self.to_kind.data:
            raise Refused(gettext("Choose the kind of area that the figures are for, and the kind that you want them for"))
        content, name = _sent(self.file, gettext("Choose a file of figures"))
        figures = read_figures(
            content,
            name,
            FiguresColumn(self.value_field.data or None, places=int(self.unit.data), amounts=bool(self.amounts.data)),
            most=LARGEST_FILE,
        )
        if len(figures.values) > MOST_FIGURES:
            raise Refused(
                gettext(
                    "%(name)s holds more than %(most_figures)s codes: send it in parts",
                    name=name,
                    most_figures=f"{MOST_FIGURES:,}",
                )
            )
        if self.by.data != "weights":
            return figures, None
        sent, name = _sent(self.weights, gettext("Choose a file of weights, or divide by people or land"))
        return figures, weights_of(sent, name, most=LARGEST_FILE)


def _sent(field: Any, lacking: str) -> tuple[bytes, str]:
    """The bytes and name of a file that was sent; Refused where there is none or it is too large."""
    if field.data is None or not field.data.filename:
        raise Refused(lacking)
    content = field.data.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused(gettext("The file is larger than 5MB: send only the codes and the figures"))
    return content, field.data.filename[:80]
