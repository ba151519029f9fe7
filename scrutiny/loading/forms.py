"""What is typed to load a file of boundaries, people, postcodes or lineage."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileRequired
from wtforms.validators import Length, ValidationError

from scrutiny.loading.uploads import LINEAGE, PEOPLE, POSTCODES, TABLES
from scrutiny.widgets import CheckboxField, DateField, FileField, Form, SelectChoice, SelectField, SubmitField, TextField
from workflows.kinds import AreaKind
from workflows.written_days import day_written


class LoadForm(Form):
    """A file, what it holds, and from which day to which."""

    file = FileField(
        "File",
        validators=[FileRequired("Choose a file")],
        description=(
            "Boundaries: GeoJSON, GeoJSONSeq, GeoPackage or a zipped Shapefile, each also as .gz. "
            "People, postcodes and lineage: CSV."
        ),
    )
    kind = SelectField("What it holds", validators=[])
    from_on = DateField(
        "First day the areas hold", description="For a count of people, the day of the count. Postcodes and lineage need none."
    )
    to_on = DateField("Last day they hold", description="Leave empty while they still hold.")
    code_field = TextField("Column of codes", validators=[Length(max=80)], description="Only where it is not recognised.")
    name_field = TextField("Column of names", validators=[Length(max=80)], description="Only where it is not recognised.")
    people_field = TextField(
        "Column of people", validators=[Length(max=80)], description="For a count of people, only where it is not recognised."
    )
    crs = TextField(
        "Coordinate system",
        validators=[Length(max=20)],
        description="Only where the file does not say it, for example EPSG:27700.",
    )
    source = TextField("Source", validators=[Length(max=300)], description="Shown with every map, for the attribution.")
    whole_layer = CheckboxField("The file is the whole layer: end the areas it lacks on the day before")
    replace = CheckboxField("Correct a period that is loaded already")
    merge_repeated = CheckboxField("Join features that share a code")
    look = SubmitField(lazy_gettext("Check what will change"))
    submit = SubmitField(lazy_gettext("Load without checking"))

    def offer(self, kinds: dict[str, AreaKind]) -> LoadForm:
        """The form with the kinds of area of this instance to choose from."""
        self.kind.choices = [
            SelectChoice(value="", label="Choose"),
            *(SelectChoice(value=key, label=kind.plural) for key, kind in kinds.items()),
            SelectChoice(value=PEOPLE, label="People in small areas (a count)"),
            SelectChoice(value=POSTCODES, label="Postcodes"),
            SelectChoice(value=LINEAGE, label="Lineage: what became of codes"),
        ]
        return self

    def validate_kind(self, field: SelectField) -> None:
        """A kind must be chosen."""
        if not field.data:
            raise ValidationError("Choose what the file holds")

    def validate_from_on(self, field: DateField) -> None:
        """Boundaries hold from a day."""
        if field.data is None and self.kind.data not in ("", *TABLES):
            raise ValidationError("Enter the first day the areas hold")

    def validate_to_on(self, field: DateField) -> None:
        """The last day is not before the first."""
        if field.data is not None and self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError("The last day must not be before the first")

    def task(self) -> dict[str, Any]:
        """What is to be done, in plain values."""
        days = {key: self[key].data.isoformat() if self[key].data else None for key in ("from_on", "to_on")}
        texts = ("kind", "code_field", "name_field", "people_field", "crs", "source")
        rest = (*texts, "whole_layer", "replace", "merge_repeated", "look")
        return {**days, **{key: self[key].data for key in rest}}


def in_words_of_the_page(sentence: str) -> str:
    """A refusal with each option of the command called by the field of this page that does the same."""
    return re.sub(r"--([a-z-]+)", lambda found: _label_of(found[1]) or found[0], sentence)


def _label_of(option: str) -> str:
    """The label of the field an option of the command stands for, in quotation marks; empty if there is none."""
    name = {"from": "from_on", "to": "to_on"}.get(option, option.replace("-", "_"))
    field = getattr(LoadForm, name, None)
    return f"“{field.args[0]}”" if field is not None else ""


def as_typed(task: dict[str, Any]) -> dict[str, Any]:
    """What was typed for a loading, to be shown again; its file has to be chosen anew."""
    days = {key: day_written(task[key]) for key in ("from_on", "to_on") if task.get(key)}
    own = ("name", "sha256", "from_on", "to_on", "look", "meant", "answered")
    return {key: value for key, value in task.items() if key not in own} | days


class LookedAtForm(Form):
    """What is to become of a file that was looked at."""

    load = SubmitField(lazy_gettext("Load these areas"))
    drop = SubmitField(lazy_gettext("Do not load"))


class UndoForm(Form):
    """Undo a load."""

    undo = SubmitField(lazy_gettext("Undo this load"))
