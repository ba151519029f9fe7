"""What an administrator types about agencies; choices are handed in."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as Perhaps

from scrutiny.widgets import (
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    LongTextField,
    SelectField,
    SubmitField,
    TextField,
)


class AgencyForm(Form):
    """An agency's own page."""

    name = TextField(lazy_gettext("Name"), validators=[InputRequired(lazy_gettext("Enter the agency's name")), Length(max=300)])
    kind = SelectField(lazy_gettext("Kind"))
    codes = LongTextField(
        lazy_gettext("Codes"),
        description=lazy_gettext("One a line: the scheme, a space, the code. For example: gss E07000123"),
        validators=[Length(max=2000)],
    )
    email = EmailField(
        lazy_gettext("Email address of its office (optional)"),
        description=lazy_gettext("Where letters go while nobody of it may sign in"),
        validators=[Perhaps(), Length(max=254)],
    )
    nation = SelectField(lazy_gettext("Nation"))
    name_cy = TextField(lazy_gettext("Name in Welsh (optional)"), validators=[Length(max=300)])
    other_names = LongTextField(
        lazy_gettext("Other names (optional)"),
        description=lazy_gettext("One on each line: abbreviations, short names and old names. People can search for them"),
        validators=[Length(max=2000)],
    )
    from_on = DateField(lazy_gettext("First day of its service (optional)"))
    to_on = DateField(lazy_gettext("Last day of its service (optional)"))
    legal_from = DateField(
        lazy_gettext("First day in law (optional)"), description=lazy_gettext("A council may exist in law before it serves")
    )
    legal_to = DateField(lazy_gettext("Last day in law (optional)"))
    elected_from = DateField(lazy_gettext("Day of its first election (optional)"))
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save"))


class FootprintForm(Form):
    """One more area an agency serves."""

    code = TextField(
        lazy_gettext("Code of the area"), validators=[InputRequired(lazy_gettext("Enter the code of an area")), Length(max=40)]
    )
    from_on = DateField(lazy_gettext("First day (optional)"))
    to_on = DateField(lazy_gettext("Last day (optional)"))
    submit = SubmitField(lazy_gettext("Add the area"))


class EndFootprintForm(Form):
    """The last day an agency serves an area."""

    on = DateField(
        lazy_gettext("Last day"),
        description=lazy_gettext("Leave it empty where the area was entered by mistake: it is then taken out"),
    )
    submit = SubmitField(lazy_gettext("End"))


class ServiceForm(Form):
    """That an agency differs from its kind; its ids differ from those of the footprint, which is on the same page."""

    service = SelectField(lazy_gettext("Service"))
    excluded = SelectField(lazy_gettext("The agency"))
    from_on = DateField(lazy_gettext("First day (optional)"), id="service-from")
    to_on = DateField(lazy_gettext("Last day (optional)"), id="service-to")
    submit = SubmitField(lazy_gettext("Save the exception"), id="service-submit")


class RegisterForm(Form):
    """A register of agencies."""

    file = FileField(lazy_gettext("CSV file"), validators=[InputRequired(lazy_gettext("Choose a file"))])
    submit = SubmitField(lazy_gettext("Load"))


class PublishedRegisterForm(Form):
    """A register as others publish it."""

    file = FileField(
        lazy_gettext("File"),
        validators=[InputRequired(lazy_gettext("Choose a file"))],
        description=lazy_gettext("CSV, TSV or JSON, each also as .gz"),
    )
    submit = SubmitField(lazy_gettext("Continue"))


class ColumnsForm(Form):
    """Which column of a register is which."""

    name = SelectField(lazy_gettext("Column of names"), validators=[InputRequired(lazy_gettext("Choose the column of names"))])
    code = SelectField(lazy_gettext("Column of codes"))
    area = SelectField(lazy_gettext("Column of area codes"), description=lazy_gettext("Where each body answers"))
    email = SelectField(lazy_gettext("Column of email addresses"))
    end = SelectField(lazy_gettext("Column of end dates"), description=lazy_gettext("Bodies that have ended are skipped"))
    kind = SelectField(lazy_gettext("Kind of agency"), description=lazy_gettext("For rows whose area code tells none"))
    show = SubmitField(lazy_gettext("Show what would be loaded"))
    load = SubmitField(lazy_gettext("Load these agencies"))


class FromAreasForm(Form):
    """Agencies made of the areas of a kind."""

    kind = SelectField(lazy_gettext("Kind of area"))
    submit = SubmitField(lazy_gettext("Make agencies"))
