"""The form fields: nothing a browser or a bot sends breaks them, and what was typed comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms.fields import FieldList, FormField
from wtforms.validators import InputRequired, Length, Optional

from config.settings import Settings
from scrutiny import widgets as w
from scrutiny.languages import init_app as init_languages

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def app() -> Iterator[Flask]:
    """A bare application that knows only the widgets and the languages they speak."""
    app = Flask("widgets", template_folder=str(TEMPLATES))
    app.config |= {"SECRET_KEY": "for this test only", "WTF_CSRF_ENABLED": False}
    init_languages(app, TEMPLATES.parent)
    w.init_app(app)
    with app.test_request_context("/", method="POST"):
        yield app


class Person(w.Form):
    name = w.TextField("Name", validators=[InputRequired("Enter a name")])


class Everything(w.Form):
    """One of each field."""

    title = w.TextField("Title", description="As on the letter", validators=[InputRequired("Enter a title")])
    email = w.EmailField("Email")
    hours = w.IntegerField("Hours", validators=[InputRequired("Enter the hours")])
    cost = w.DecimalField("Cost", validators=[Optional()])
    answer = w.LongTextField("Answer", validators=[Length(max=20)])
    note = w.LongTextField("Note")
    listed = w.UncountedField("List", description="Ten lines at most")
    agency = w.SelectField(
        "Agency",
        choices=[
            w.SelectChoice("p1", "Loamshire Police", optgroup="Police"),
            w.SelectChoice("h1", "Loamshire ICB", optgroup="Health", render_kw={"data-share": "76"}),
        ],
        default="p1",
    )
    marking = w.RadioField(
        "Who may see this?",
        choices=[w.SelectChoice("open", "Anyone", render_kw={"hint": "It may be published"}), w.SelectChoice("personal", "Few")],
    )
    bodies = w.CheckboxesField("Bodies", choices=[w.SelectChoice("a", "A"), w.SelectChoice("b", "B")])
    agree = w.CheckboxField("I agree")
    due = w.DateField("Due", validators=[InputRequired("Enter the due date")])
    file = w.FileField("File")
    files = w.MultipleFileField("Files")
    password = w.PasswordField("Password")
    send = w.SubmitField("Send")


def given(form: type[w.Form] = Everything, **typed: Any) -> Any:
    """A form as posted."""
    pairs = [(name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])]
    return form(formdata=MultiDict(pairs))


@pytest.mark.usefixtures("app")
class TestDates:
    @pytest.mark.parametrize("parts", [[], [""], ["27"], ["27", "11"], ["27", "11", "2026", "5"], ["", "", ""]])
    def test_any_number_of_parts_is_drawn_again(self, parts: list[str]) -> None:
        form = given(due=parts)
        form.validate()
        assert str(form.due()).count('name="due"') == 3

    @pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MARCH", "Mar."])
    def test_a_month_may_be_a_number_or_a_name(self, month: str) -> None:
        assert given(due=["12", month, "2026"]).due.data == date(2026, 3, 12)

    @pytest.mark.parametrize(
        ("parts", "said"),
        [
            (["31", "2", "2026"], "Enter a real date"),
            (["1", "Mar", "26"], "Enter a real date"),
            (["1", "Marzo", "2026"], "Enter a real date"),
            (["", "3", "2026"], "must include a day"),
            (["1", "", ""], "must include a month and a year"),
            (["", "", ""], "Enter the due date"),
            (["31", "12", "9999"], f"Choose a day before 1 January {datetime.now(UTC).year + 21}"),
            (["1", "1", "0001"], "Choose a day on or after 1 January 1800"),
        ],
    )
    def test_a_date_that_is_not_one_says_what_is_missing_and_keeps_what_was_typed(self, parts: list[str], said: str) -> None:
        form = given(due=parts)
        assert not form.validate()
        assert said in form.due.errors[0]
        assert all(f'value="{part}"' in str(form.due()) for part in parts if part)

    def test_a_kept_date_fills_the_boxes(self) -> None:
        html = str(Everything(formdata=None, data={"due": date(2026, 11, 7)}).due())
        assert 'value="7"' in html
        assert 'value="11"' in html

    def test_the_summary_links_to_the_day_which_can_take_focus(self) -> None:
        form = given(due=["", "", ""])
        form.validate()
        assert {"text": "Enter the due date", "href": "#due-day"} in w.error_summary(form)
        assert 'id="due-day"' in str(form.due())


@pytest.mark.usefixtures("app")
class TestDrawing:
    def test_no_field_has_an_empty_hint_or_asks_the_browser_to_validate(self) -> None:
        form = Everything(formdata=None)
        for field in form:
            html = str(field())
            assert "required" not in html, field.name
            if not field.description:
                assert f'id="{field.id}-hint"' not in html, field.name

    def test_a_description_is_the_hint(self) -> None:
        assert "As on the letter" in str(Everything(formdata=None).title())

    def test_a_list_keeps_its_groups_and_its_options_attributes(self) -> None:
        html = str(Everything(formdata=None).agency())
        assert '<optgroup label="Health">' in html
        assert 'data-share="76"' in html
        assert '<option value="p1" selected>' in html

    def test_a_choice_explains_itself(self) -> None:
        assert "It may be published" in str(Everything(formdata=None).marking())

    def test_a_limit_gives_a_counter_and_cuts_nothing_off(self) -> None:
        form = Everything(formdata=None)
        assert 'data-maxlength="20"' in str(form.answer())
        assert 'data-maxlength="5000"' in str(form.note())
        assert "character-count" not in str(form.listed())
        assert all(" maxlength=" not in str(field()) for field in form)

    def test_what_was_typed_is_escaped(self) -> None:
        form = given(title="<script>alert(1)</script>", note="</textarea><b>", due=['"><i>', "", ""])
        assert "<script>" not in str(form.title())
        assert "<b>" not in str(form.note())
        assert "<i>" not in str(form.due())


class Sending(w.Form):
    name = w.TextField("Name", validators=[InputRequired("Enter a name")])
    paper = w.FileField("Paper")
    papers = w.MultipleFileField("Papers")
    kept = w.KeptFilesField("Kept whatever happens")


@pytest.mark.usefixtures("app")
class TestFilesOfARefusedForm:
    """A browser empties every box for files: what was chosen is named beside it, so that nothing is left out unseen."""

    @pytest.fixture
    def sent(self, app: Flask) -> Iterator[MultiDict[str, Any]]:
        files = MultiDict(
            (name, FileStorage(BytesIO(b"x"), filename=f"{name}-{n}.pdf"))
            for name, count in (("paper", 1), ("papers", 2), ("kept", 1))
            for n in range(count)
        )
        with app.test_request_context("/", method="POST", data=files):
            yield files

    def test_it_names_what_has_to_be_chosen_again(self, sent: MultiDict[str, Any]) -> None:
        form = Sending()
        assert not form.validate()
        assert "Choose this file again: paper-0.pdf" in str(form.paper())
        assert "Choose these files again: papers-0.pdf, papers-1.pdf" in str(form.papers())
        assert "again" not in str(form.kept())

    def test_a_script_is_told_how_large_a_file_may_be_and_what_to_say(self, app: Flask, settings: Settings) -> None:
        app.config["SETTINGS"] = settings
        drawn = str(Sending().paper())
        assert f'data-largest="{5 * 1024 * 1024}"' in drawn
        assert 'data-too-large="{file} is too large: choose a file smaller than 5MB"' in drawn

    def test_it_says_nothing_where_nothing_is_refused_or_the_file_itself_was(self, sent: MultiDict[str, Any]) -> None:
        form = Sending(data={"name": "Anybody"})
        form.name.errors = []
        assert "again" not in str(form.paper())
        form.paper.errors = ["Choose a PDF"]
        assert "again" not in str(form.paper())


@pytest.mark.usefixtures("app")
class TestReading:
    def test_every_field_reads_what_was_typed(self) -> None:
        form = given(
            title="  Joint review ",
            email="a@example.org",
            hours="1,200",
            cost="£1,200.50",
            answer="Yes",
            agency="h1",
            marking="open",
            bodies=["a", "b"],
            agree="y",
            due=["1", "4", "2026"],
        )
        assert form.validate(), form.errors
        assert (form.title.data, form.hours.data, form.cost.data) == ("Joint review", 1200, Decimal("1200.50"))
        assert (form.agency.data, form.bodies.data, form.agree.data) == ("h1", ["a", "b"], True)

    @pytest.mark.parametrize("typed", ["NaN", "Infinity", "-inf", "1e", "ten", "3,5", "12,5", "1,20", "50,0000", "1,200,5"])
    def test_what_is_no_number_is_refused_and_kept(self, typed: str) -> None:
        form = given(cost=typed)
        form.validate()
        assert form.cost.errors == ["Enter a number, like 12 or 12.5"]
        assert f'value="{typed}"' in str(form.cost())

    @pytest.mark.parametrize("typed", ["50,000", "50 000", "50000"])
    def test_groups_of_three_are_one_number_everywhere(self, typed: str) -> None:
        form = given(hours=typed, cost=typed)
        form.validate()
        assert (form.hours.data, form.cost.data) == (50_000, Decimal(50_000))

    def test_a_mistyped_number_is_not_called_missing(self) -> None:
        form = given(hours="ten")
        form.validate()
        assert form.hours.errors == ["Enter a whole number, like 12"]

    def test_a_windows_line_end_counts_as_one_character_as_the_counter_counts_it(self) -> None:
        form = given(answer="123456789\r\n1234567890")
        form.validate()
        assert not form.answer.errors

    def test_a_hostile_choice_is_refused_in_plain_words(self) -> None:
        form = given(marking="secret", agency="x", bodies=["a", "z"])
        form.validate()
        assert form.marking.errors == ["Choose one of the answers listed"]
        assert form.bodies.errors == ["Choose from the answers listed"]

    def test_files_arrive(self, app: Flask) -> None:
        with app.test_request_context("/", method="POST", data={"file": (BytesIO(b"x"), "a.pdf")}):
            form = Everything()
            assert form.has_files
            assert form.file.data.filename == "a.pdf"
            assert 'type="file"' in str(form.file())
            assert " multiple" in str(form.files())


class TestSummary:
    @pytest.mark.usefixtures("app")
    def test_a_list_of_forms_links_to_each_wrong_box(self) -> None:
        class People(w.Form):
            people = FieldList(FormField(Person))

        form = given(People, **{"people-0-name": "Ann", "people-1-name": ""})
        assert not form.validate()
        assert w.error_summary(form) == [{"text": "Enter a name", "href": "#people-1-name"}]

    def test_a_form_without_its_token_says_what_to_do(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = True
        form = given(Person, name="Ann")
        assert not form.validate()
        assert w.error_summary(form)[0]["text"].startswith("This page had been open too long")
        assert form.name.data == "Ann"

    def test_a_secondary_button_looks_like_one(self, app: Flask) -> None:
        class Two(w.Form):
            first = w.SubmitField("Approve")
            other = w.SubmitField("Send it back", render_kw={"class": "govuk-button--secondary"})

        form = given(Two)
        assert "govuk-button--secondary" not in str(form.first())
        assert re.findall(r'class="([^"]*)"', str(form.other())) == ["govuk-button govuk-button--secondary"]
