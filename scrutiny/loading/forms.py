"""What is typed to load a file of boundaries, people, postcodes or lineage."""

from __future__ import annotations

import re

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileRequired
from wtforms.validators import Length, ValidationError

from scrutiny.loading.tasks import LoadTask
from scrutiny.loading.uploads import LINEAGE, PEOPLE, POSTCODES, TABLES
from scrutiny.widgets import CheckboxField, DateField, FileField, Form, SelectChoice, SelectField, SubmitField, TextField
from workflows.kinds import AreaKind


class LoadForm(Form):
    """A file, what it holds, and from which day to which."""

    file = FileField(
        lazy_gettext("File"),
        validators=[FileRequired(lazy_gettext("Choose a file"))],
        description=(
            lazy_gettext(
                "Boundaries: GeoJSON, GeoJSONSeq, GeoPackage or a zipped Shapefile, each also as .gz. "
                "People, postcodes and lineage: CSV."
            )
        ),
    )
    kind = SelectField(lazy_gettext("What it holds"), validators=[])
    from_on = DateField(
        lazy_gettext("First day the areas hold"),
        description=lazy_gettext("For a count of people, the day of the count. Postcodes and lineage need none."),
    )
    to_on = DateField(lazy_gettext("Last day they hold"), description=lazy_gettext("Leave empty while they still hold."))
    code_field = TextField(
        lazy_gettext("Column of codes"), validators=[Length(max=80)], description=lazy_gettext("Only where it is not recognised.")
    )
    name_field = TextField(
        lazy_gettext("Column of names"), validators=[Length(max=80)], description=lazy_gettext("Only where it is not recognised.")
    )
    people_field = TextField(
        lazy_gettext("Column of people"),
        validators=[Length(max=80)],
        description=lazy_gettext("For a count of people, only where it is not recognised."),
    )
    crs = TextField(
        lazy_gettext("Coordinate system"),
        validators=[Length(max=20)],
        description=lazy_gettext("Only where the file does not say it, for example EPSG:27700."),
    )
    source = TextField(
        lazy_gettext("Source"),
        validators=[Length(max=300)],
        description=lazy_gettext("Shown with every map, for the attribution."),
    )
    whole_layer = CheckboxField(lazy_gettext("The file is the whole layer: end the areas it lacks on the day before"))
    replace = CheckboxField(lazy_gettext("Correct a period that is loaded already"))
    merge_repeated = CheckboxField(lazy_gettext("Join features that share a code"))
    look = SubmitField(lazy_gettext("Check what will change"))
    submit = SubmitField(lazy_gettext("Load without checking"))

    def offer(self, kinds: dict[str, AreaKind]) -> LoadForm:
        """The form with the kinds of area of this instance to choose from."""
        self.kind.choices = [
            SelectChoice(value="", label=gettext("Choose")),
            *(SelectChoice(value=key, label=kind.plural) for key, kind in kinds.items()),
            SelectChoice(value=PEOPLE, label=gettext("People in small areas (a count)")),
            SelectChoice(value=POSTCODES, label=gettext("Postcodes")),
            SelectChoice(value=LINEAGE, label=gettext("Lineage: what became of codes")),
        ]
        return self

    def validate_kind(self, field: SelectField) -> None:
        """A kind must be chosen."""
        if not field.data:
            raise ValidationError(gettext("Choose what the file holds"))

    def validate_from_on(self, field: DateField) -> None:
        """Boundaries hold from a day."""
        if field.data is None and self.kind.data not in ("", *TABLES):
            raise ValidationError(gettext("Enter the first day the areas hold"))

    def validate_to_on(self, field: DateField) -> None:
        """The last day is not before the first."""
        if field.data is not None and self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError(gettext("The last day must not be before the first"))

    def task(self) -> LoadTask:
        """What is to be done."""
        return LoadTask(
            kind=self.kind.data,
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            code_field=self.code_field.data,
            name_field=self.name_field.data,
            people_field=self.people_field.data,
            crs=self.crs.data,
            source=self.source.data,
            whole_layer=self.whole_layer.data,
            replace=self.replace.data,
            merge_repeated=self.merge_repeated.data,
            look=self.look.data,
        )


def in_words_of_the_page(sentence: str) -> str:
    """A refusal with each option of the command called by the field of this page that does the same."""
    return re.sub(r"--([a-z-]+)", lambda found: _label_of(found[1]) or found[0], sentence)


def _label_of(option: str) -> str:
    """The label of the field an option of the command stands for, in quotation marks; empty if there is none."""
    name = {"from": "from_on", "to": "to_on"}.get(option, option.replace("-", "_"))
    field = getattr(LoadForm, name, None)
    return f"“{field.args[0]}”" if field is not None else ""


class LookedAtForm(Form):
    """What is to become of a file that was looked at."""

    load = SubmitField(lazy_gettext("Load these areas"))
    drop = SubmitField(lazy_gettext("Do not load"))


class UndoForm(Form):
    """Undo a load."""

    undo = SubmitField(lazy_gettext("Undo this load"))
