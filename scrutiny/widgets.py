"""Form fields as GOV.UK components: what govuk-frontend-wtf leaves wrong, put right. Beneath it: which days may be typed."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Self

from flask import Flask, current_app, request
from flask_babel import gettext, lazy_gettext, ngettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from flask_wtf.file import FileField as WerkzeugFileField
from flask_wtf.file import MultipleFileField as WerkzeugMultipleFileField
from govuk_frontend_wtf import wtforms_widgets as govuk
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from wtforms import fields
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import Length, StopValidation, ValidationError

from scrutiny import form_tokens
from scrutiny.days import why_not_enter
from scrutiny.typed_text import LONGEST_ADDRESS, address_fault, clean, clean_line
from scrutiny.whole_numbers import LARGEST

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "DateField",
    "DecimalField",
    "EmailField",
    "FileField",
    "Form",
    "HiddenField",
    "IntegerField",
    "KeptFilesField",
    "LinkedError",
    "LongTextField",
    "MultipleFileField",
    "PasswordField",
    "RadioField",
    "SelectChoice",
    "SelectField",
    "SubmitField",
    "TextField",
    "UncountedField",
    "error_summary",
    "init_app",
]

# What WTForms says, and what a person can act on.
PLAIN = {
    "This field is required.": lazy_gettext("Enter an answer"),
    "Not a valid choice.": lazy_gettext("Choose one of the answers listed"),
    "Invalid Choice: could not coerce.": lazy_gettext("Choose one of the answers listed"),
    "Invalid choice(s): one or more data inputs could not be coerced.": lazy_gettext("Choose from the answers listed"),
    "'%(value)s' is not a valid choice for this field.": lazy_gettext("Choose from the answers listed"),
    "'%(value)s' are not valid choices for this field.": lazy_gettext("Choose from the answers listed"),
    "Not a valid integer value.": lazy_gettext("Enter a whole number, like 12"),
    "Not a valid decimal value.": lazy_gettext("Enter a number, like 12 or 12.5"),
    "Not a valid float value.": lazy_gettext("Enter a number, like 12 or 12.5"),
    "Invalid email address.": lazy_gettext("Enter an email address, like name@example.org"),
    "Invalid URL.": lazy_gettext("Enter a web address, like https://www.example.org"),
    "Field must be at least %(min)d characters long.": lazy_gettext("Use %(min)d characters or more"),
    "Field cannot be longer than %(max)d characters.": lazy_gettext("Use %(max)d characters or fewer"),
    "Field must be between %(min)d and %(max)d characters long.": lazy_gettext("Use between %(min)d and %(max)d characters"),
    "Number must be at least %(min)s.": lazy_gettext("Enter %(min)s or more"),
    "Number must be at most %(max)s.": lazy_gettext("Enter %(max)s or less"),
    "Number must be between %(min)s and %(max)s.": lazy_gettext("Enter a number from %(min)s to %(max)s"),
}
# Not the calendar module's names: those follow the locale of the machine.
MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS = {name: n for n, month in enumerate(MONTH_NAMES, 1) for name in (month, month[:3])} | {"sept": 9}


class PlainWords:
    """The sentences of WTForms in plain English."""

    def gettext(self, sentence: str) -> str:
        """The plain sentence for one of WTForms' own, or the same one."""
        return str(PLAIN.get(sentence, sentence))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The plain sentence; the plural form reads well for every number here."""
        return str(PLAIN.get(plural, singular if number == 1 else plural))


class PlainCSRF(_FlaskFormCSRF):
    """The forgery check, with a sentence that says what to do."""

    def generate_csrf_token(self, csrf_token_field: fields.Field) -> str:
        """The token of the page that is being drawn."""
        return form_tokens.token()

    def validate_csrf_token(self, form: FlaskForm, field: fields.Field) -> None:
        """Refuse a missing or old token in words a person can act on."""
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(
                gettext("This page had been open too long to save. Nothing is lost: check what you typed and send it again")
            ) from error


class Form(FlaskForm):
    """The base of every form: plain sentences, a forgery check; what was typed stays when something is wrong."""

    class Meta(FlaskForm.Meta):
        """How WTForms is told of our forgery check and our words."""

        csrf_class = PlainCSRF

        def get_translations(self, form: FlaskForm) -> PlainWords:
            """WTForms' own sentences, in ours."""
            return PlainWords()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let each box for files know its form: what was chosen has to be chosen again where anything of it is refused."""
        super().__init__(*args, **kwargs)
        for field in self:
            if isinstance(field, FileField | MultipleFileField):
                field.form = self

    @classmethod
    def label_of(cls, name: str) -> str | None:
        """The label of a box, for a page that shows what was typed and has no form; '' for what nobody types, None if unknown.

        A form whose boxes are made for the rows it is about says what they are called.
        """
        field = getattr(cls, name, None)
        if not isinstance(field, UnboundField):
            return None
        if issubclass(field.field_class, fields.HiddenField | fields.SubmitField):
            return ""
        own = inspect.signature(field.field_class).parameters.get("label")
        label = field.kwargs.get("label", field.args[0] if field.args else own and own.default)
        return None if label is None else str(label)

    @classmethod
    def choices_of(cls, name: str) -> dict[str, str] | None:
        """What each choice of a box says, by its value; none where a view makes the choices, None for a box that is no choice."""
        field = getattr(cls, name, None)
        if not isinstance(field, UnboundField) or not issubclass(field.field_class, fields.SelectField):
            return None
        made = field.kwargs.get("choices") or ()
        return {str(one.value): str(one.label) for one in (made() if callable(made) else made)}

    @classmethod
    def is_tick(cls, name: str) -> bool:
        """Whether a box is one to tick."""
        field = getattr(cls, name, None)
        return isinstance(field, UnboundField) and issubclass(field.field_class, fields.BooleanField)

    @classmethod
    def is_day(cls, name: str) -> bool:
        """Whether a box is a day, which is typed in three."""
        field = getattr(cls, name, None)
        return isinstance(field, UnboundField) and issubclass(field.field_class, DateField)

    @classmethod
    def is_secret(cls, name: str) -> bool:
        """Whether a box is for a password or the like, which is never shown again."""
        field = getattr(cls, name, None)
        return isinstance(field, UnboundField) and issubclass(field.field_class, fields.PasswordField)

    @property
    def has_files(self) -> bool:
        """Whether the form must be sent as multipart/form-data."""
        return any(isinstance(field, WerkzeugFileField | WerkzeugMultipleFileField) for field in self)


#: What a macro of govuk-frontend takes; flask-wtf's widgets for it hand it on as a dictionary.
Params = dict[str, Any]


class Drawn:
    """What every widget does: no HTML validation, no empty hint, drawn straight from its template."""

    template: str

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """The macro's parameters. `required` goes: the browser's own bubbles are not ours to word."""
        params: Params = super().map_gov_params(field, **kwargs)  # type: ignore[misc]  # the mixin stands before a class that has it
        params.get("attributes", {}).pop("required", None)
        params.get("attributes", {}).pop("maxlength", None)  # it cuts off a pasted text without a word
        if not (params.get("hint") or {}).get("text") and not (params.get("hint") or {}).get("html"):
            params.pop("hint", None)
        return params

    def render(self, params: Params) -> Markup:
        """The component as HTML. Not render_template: that would run every context processor for each field."""
        if params.get("errorMessage"):
            params["errorMessage"].setdefault("visuallyHiddenText", gettext("Error"))
        return Markup(current_app.jinja_env.get_template(self.template).render(params=params))


class Choices(Drawn):
    """Radios and checkboxes: a hint for each choice, from `render_kw={"hint": …}`; ids that follow the field."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """Add what each choice says of itself."""
        own = [getattr(option, "choice", None) for option in field]
        for item, choice in zip(kwargs["items"], own, strict=False):
            if choice is not None and choice.render_kw and choice.render_kw.get("hint"):
                item["hint"] = {"text": choice.render_kw["hint"]}
        params = super().map_gov_params(field, **kwargs)
        params.setdefault("idPrefix", field.id)
        return params


class TextInput(Drawn, govuk.GovTextInput):
    """A line of text."""


class EmailInput(Drawn, govuk.GovInput):
    """An email address."""

    input_type = "email"

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """No spelling check, and the browser may fill it in."""
        return {"autocomplete": "email", "spellcheck": False} | super().map_gov_params(field, **kwargs)


class NumberInput(Drawn, govuk.GovTextInput):
    """A number, as text: `type=number` loses what was mistyped, and scrolls away what was not."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """Ten characters wide, with the numeric keyboard."""
        params = super().map_gov_params(field, **kwargs)
        mode = "numeric" if isinstance(field, fields.IntegerField) else "decimal"
        return {"inputmode": mode, "classes": "govuk-input--width-10", "spellcheck": False} | params


class PasswordInput(Drawn, govuk.GovPasswordInput):
    """A password, with the *Show* button."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """What the button says, and what is read out when it was pressed."""
        return {
            "showPasswordText": gettext("Show"),
            "hidePasswordText": gettext("Hide"),
            "showPasswordAriaLabelText": gettext("Show password"),
            "hidePasswordAriaLabelText": gettext("Hide password"),
            "passwordShownAnnouncementText": gettext("Your password is visible"),
            "passwordHiddenAnnouncementText": gettext("Your password is hidden"),
            **super().map_gov_params(field, **kwargs),
        }


class LongTextInput(Drawn, govuk.GovTextArea):
    """Several lines of text, with a counter unless its hint tells the limit. `rows` is its height in lines."""

    def __call__(self, field: fields.Field, **kwargs: Any) -> Markup:
        """Choose the template by whether the field is counted."""
        widest = _longest(field) if field.is_counted else None
        kwargs.pop("maxlength", None)
        if "rows" in kwargs:
            kwargs["params"] = {"rows": kwargs.pop("rows")} | kwargs.get("params", {})
        if widest is None:
            return super().__call__(field, **kwargs)
        kwargs["params"] = {"maxlength": widest} | kwargs.get("params", {})
        return CountedTextInput()(field, **kwargs)


def _counter_words() -> dict[str, object]:
    """What a counter says; its script puts the number for %{count}."""
    return {
        "textareaDescriptionText": gettext("You can enter up to %{count} characters"),
        "charactersUnderLimitText": {
            "one": gettext("You have %{count} character remaining"),
            "other": gettext("You have %{count} characters remaining"),
        },
        "charactersAtLimitText": gettext("You have 0 characters remaining"),
        "charactersOverLimitText": {
            "one": gettext("You have %{count} character too many"),
            "other": gettext("You have %{count} characters too many"),
        },
    }


class CountedTextInput(Drawn, govuk.GovCharacterCount):
    """Several lines of text with a counter."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """The counter's words, in the language of the page."""
        return {**_counter_words(), **super().map_gov_params(field, **kwargs)}


class SelectInput(Drawn, govuk.GovSelect):
    """A drop-down list, with groups where the choices have them."""

    template = "parts/select.html"

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """Keep groups, and each option's own attributes."""
        params = super().map_gov_params(field, **kwargs)
        groups = field.iter_groups() if field.has_groups() else [(None, field.iter_choices())]
        params["groups"] = [{"label": label, "options": list(options)} for label, options in groups]
        return params


class RadioInput(Choices, govuk.GovRadioInput):
    """One of a few."""


class CheckboxesInput(Choices, govuk.GovCheckboxesInput):
    """Any of a few."""


class CheckboxInput(Choices, govuk.GovCheckboxInput):
    """Yes or not."""


class DateInput(Drawn, govuk.GovDateInput):
    """Day, month and year."""

    def map_gov_params(self, field: DateField, **kwargs: Any) -> Params:
        """Three boxes that say again exactly what was typed."""
        params = super(govuk.GovDateInput, self).map_gov_params(field, **kwargs)
        params.pop("hint", None)
        if field.description:
            params["hint"] = {"text": field.description}
        wrong = " govuk-input--error" if field.errors else ""
        labels = gettext("Day"), gettext("Month"), gettext("Year")
        params["items"] = [
            {
                "label": label,
                "id": f"{field.id}-{part}",
                "name": field.name,
                "classes": f"govuk-input--width-{width}{wrong}",
                "value": typed,
                "inputmode": "text" if part == "month" else "numeric",
            }
            for part, label, width, typed in zip(("day", "month", "year"), labels, (2, 2, 4), field.parts, strict=True)
        ]
        params.setdefault("fieldset", {"legend": {"text": field.label.text}})
        params.pop("value", None)
        return params | {"attributes": {}}


class FileInput(Drawn, govuk.GovFileInput):
    """One file, or with `multiple` several."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """Name the largest size in bytes, so that a script can say no before half an hour of sending, and its words."""
        params = super().map_gov_params(field, **kwargs)
        if settings := current_app.config.get("SETTINGS"):
            params["attributes"] |= _upload_words(settings.max_upload_mb)
        names = [file.filename for file in request.files.getlist(field.name) if file.filename] if request else []
        form = field.form
        if names and not field.is_kept and not field.errors and form is not None and form.errors:
            # No page can fill a box for files.
            params["errorMessage"] = {
                "text": ngettext(
                    "Choose this file again: %(names)s", "Choose these files again: %(names)s", len(names), names=", ".join(names)
                )
            }
        return params


def _upload_words(most: int) -> dict[str, int | str]:
    """What a script needs to refuse files of more than so many megabytes, in the language of the page."""
    return {
        "data-largest": most * 1024 * 1024,
        "data-too-large": gettext("%(file)s is too large: choose a file smaller than %(most)sMB", file="{file}", most=most),
        "data-too-many": gettext(
            "These files are too large to send together: save some of them first, up to %(most)sMB at once", most=most
        ),
        "data-sending": gettext("Sending your files…"),
    }


class SubmitInput(Drawn, govuk.GovSubmitInput):
    """The button; a second press within a second is dropped."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> Params:
        """The button's parameters."""
        return {"preventDoubleClick": True} | super().map_gov_params(field, **kwargs)


class Typed:
    """A field whose text may not be what it should be: its own sentence is kept, `InputRequired` does not hide it."""

    def pre_validate(self, form: FlaskForm) -> None:
        """Stop where the text could not be read, keeping the sentence that says so."""
        if self.process_errors and any((part or "").strip() for part in self.raw_data or ()):  # type: ignore[attr-defined]  # the field it is mixed into has both
            raise StopValidation()


class Bounded(fields.Field):
    """A field for words that are never without an end: of so many characters where its form says nothing else."""

    longest: int

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        """The field, with a limit of its own unless one of the validators is a Length with a maximum."""
        checks = [*(validators or ())]
        if not any(isinstance(check, Length) and check.max > 0 for check in checks):
            checks.append(Length(max=self.longest))
        super().__init__(label, checks, **kwargs)


class TextField(Bounded, fields.StringField):
    """A line of text, without the spaces around it and without characters nobody can see."""

    widget = TextInput()
    longest = 500

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text, cleaned."""
        if valuelist:
            self.data = clean_line(valuelist[0])


class EmailField(TextField):
    """An email address that can be written to; the same rule wherever one is typed."""

    widget = EmailInput()
    longest = LONGEST_ADDRESS

    def pre_validate(self, form: FlaskForm) -> None:
        """Stop where it is no address, saying what to type; whether it may be left empty is for the form's own checks."""
        if self.data and (fault := address_fault(self.data)):
            raise StopValidation(fault)


class PasswordField(Bounded, fields.PasswordField):
    """A password."""

    widget = PasswordInput()
    longest = 500


class IntegerField(Typed, fields.IntegerField):
    """A whole number; 1,200 is 1200."""

    widget = NumberInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; nothing typed is None."""
        self.data = None
        if valuelist and valuelist[0].strip():
            text = _without_groups(valuelist[0], str(PLAIN["Not a valid integer value."]))
            digits = text.lstrip("+-")
            if digits.isdecimal() and (len(digits) > 10 or int(digits) > LARGEST):
                raise ValueError(f"Enter a number up to {LARGEST:,}")
            super().process_formdata([text])


class DecimalField(Typed, fields.DecimalField):
    """A number; £1,200.50 is 1200.50."""

    widget = NumberInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; nothing typed is None, and neither NaN nor infinity is a number here."""
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata([_without_groups(valuelist[0], str(PLAIN["Not a valid decimal value."]))])
            if self.data is not None and not self.data.is_finite():
                self.data = None
                raise ValueError(str(PLAIN["Not a valid decimal value."]))


class LongTextField(Bounded, fields.TextAreaField):
    """Several lines of text, with a counter of what is left of its limit."""

    widget = LongTextInput()
    longest = 5_000
    is_counted = True

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text, cleaned, with one kind of line end, which is also what the counter counts."""
        if valuelist:
            self.data = clean(valuelist[0]).strip()


class UncountedField(LongTextField):
    """Several lines of text whose limit stands in its hint: a list, or where a counter would be in the way."""

    is_counted = False


class SelectField(fields.SelectField):
    """A drop-down list of SelectChoice; `optgroup` on a choice makes groups."""

    widget = SelectInput()


class RadioField(fields.RadioField):
    """One of a few SelectChoice; `render_kw={"hint": …}` on a choice explains it."""

    widget = RadioInput()


class CheckboxesField(fields.SelectMultipleField):
    """Any of a few SelectChoice; hints as for radios."""

    widget = CheckboxesInput()


class CheckboxField(fields.BooleanField):
    """One box to tick."""

    widget = CheckboxInput()


class DateField(Typed, fields.Field):
    """A day, typed in three boxes; the month as a number or a name. `data` is a date within days.horizon, or None."""

    widget = DateInput()
    data: date | None

    @property
    def parts(self) -> list[str]:
        """Day, month and year as typed, else as kept; always three, whatever was posted."""
        if self.raw_data:
            return [str(part).strip() for part in [*self.raw_data, "", "", ""][:3]]
        if self.data:
            return [str(self.data.day), str(self.data.month), str(self.data.year)]
        return ["", "", ""]

    def _value(self) -> str:
        return " ".join(self.parts).strip()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the three boxes; all empty is None."""
        self.data = None
        if not valuelist or not any(part.strip() for part in valuelist):
            return
        missing = [name for name, part in zip(("day", "month", "year"), self.parts, strict=True) if not part]
        if missing:
            raise ValueError(f"The date must include a {' and a '.join(missing)}")
        day = _read_date(*self.parts)
        if why := why_not_enter(day):
            raise ValueError(why)
        self.data = day


class FileField(WerkzeugFileField):
    """One file; `data` is a FileStorage or None."""

    form: Form | None = None
    is_kept = False

    widget = FileInput()


class MultipleFileField(WerkzeugMultipleFileField):
    """Several files; `data` is a list of FileStorage or None."""

    form: Form | None = None
    is_kept = False

    widget = FileInput(multiple=True)


class KeptFilesField(MultipleFileField):
    """Several files that are kept whatever else of their form is refused."""

    is_kept = True


class ButtonInput(SubmitInput):
    """A button; a form makes it a secondary one by the class in its `render_kw`."""

    def map_gov_params(self, field: fields.Field, **kwargs: Any) -> dict[str, object]:
        """What the button is drawn from: its class too."""
        classes = kwargs.pop("class", "")
        params: dict[str, object] = super().map_gov_params(field, **kwargs)
        params.setdefault("classes", classes)
        return params


class SubmitField(fields.SubmitField):
    """The button that sends the form."""

    widget = ButtonInput()


HiddenField = fields.HiddenField


class LinkedError(str):
    """What is wrong with a form as a whole, with the address of the page where it is put right."""

    __slots__ = ("href",)
    href: str

    def __new__(cls, sentence: str, href: str) -> Self:
        """The sentence, and where it leads."""
        found = super().__new__(cls, sentence)
        found.href = href
        return found


def error_summary(form: FlaskForm) -> list[dict[str, str]]:
    """What is wrong, in the form's order, each with a link to the box where it is put right."""
    return [*_errors_of(form), *map(_of_form, form.form_errors)]


def init_app(app: Flask) -> None:
    """Let templates find the GOV.UK components and `error_summary`."""
    own: BaseLoader = app.jinja_loader or ChoiceLoader([])
    packages = ("govuk_frontend_jinja", "govuk_frontend_wtf")
    # app.jinja_loader is a cached property of Flask's; setting it is the documented way to add to it.
    app.jinja_loader = ChoiceLoader([own, PrefixLoader({name: PackageLoader(name) for name in packages})])
    app.jinja_env.globals["error_summary"] = error_summary


def _of_form(error: object) -> dict[str, str]:
    return {"text": str(error)} | ({"href": error.href} if isinstance(error, LinkedError) else {})


def _errors_of(form: FlaskForm) -> Iterator[dict[str, str]]:
    for field in form:
        yield from _errors_in(field)


def _errors_in(field: fields.Field) -> Iterator[dict[str, str]]:
    if isinstance(field, fields.FormField):
        yield from _errors_of(field.form)
    elif isinstance(field, fields.FieldList) and any(entry.errors for entry in field.entries):
        for entry in field.entries:
            yield from _errors_in(entry)
    elif field.errors:
        words = str(field.errors[0])
        if isinstance(field, HiddenField):
            yield {"text": words}
        else:
            yield {"text": words, "href": f"#{field.id}-day" if isinstance(field, DateField) else f"#{field.id}"}


def _without_groups(typed: str, fault: str) -> str:
    """A number as typed, without its pound sign and the marks between groups of three; 12,5 is no number here."""
    text = re.sub(r"[£\s]", "", typed)
    if "," in text and not re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", text):
        raise ValueError(fault)
    return text.replace(",", "")


def _longest(field: fields.Field) -> int | None:
    limits = [check.max for check in field.validators if isinstance(check, Length) and check.max > 0]
    return min(limits, default=None)


def _read_date(day: str, month: str, year: str) -> date:
    number = MONTHS.get(month.casefold().rstrip(".")) or month
    try:
        if not re.fullmatch(r"[0-9]{4}", year):
            raise ValueError(year)
        return date(int(year), int(number), int(day))
    except ValueError:
        raise ValueError("Enter a real date, like 27 11 2026") from None
