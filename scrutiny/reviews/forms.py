"""What is typed in about reviews; choices are handed in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from scrutiny.formats import listed
from scrutiny.pages import today
from scrutiny.place_lookup.place_input import Ambiguous, codes_of
from scrutiny.widgets import (
    CheckboxesField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from workflows.power_words import SUBJECTS
from workflows.refusals import Refused

CONTACT_PARTS = ("name", "office", "phone", "email")
LONG = Length(max=4000, message=lazy_gettext("Keep it to 4,000 characters"))

#: What a review may be said to be about; joint inspections are so by their method.
OFFERED = {key: label for key, label in SUBJECTS.items() if key != "joint-area"}


class ContactForm(Form):
    """Whom the letters of a review say to ask."""

    name = TextField(lazy_gettext("Name"), validators=[Length(max=200)])
    office = TextField(lazy_gettext("Job title"), validators=[Length(max=200)])
    phone = TextField(lazy_gettext("Telephone"), description=lazy_gettext("Like 01632 960 001"), validators=[Length(max=40)])
    email = EmailField(
        lazy_gettext("Email address"),
        description=lazy_gettext("Replies to letters of this review go here"),
        validators=[Length(max=254)],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class PlaceForm(Form):
    """Step 1: where, and when."""

    places = TextField(
        lazy_gettext("Which place?"),
        description=lazy_gettext("A name, a postcode or an official code. Separate areas with commas."),
        validators=[InputRequired(lazy_gettext("Enter the name or code of a place")), Length(max=1000)],
    )
    meant = RadioField(lazy_gettext("Which of these do you mean?"), choices=[], validators=[Optional()], validate_choice=False)
    asked = HiddenField()
    place_on = DateField(
        lazy_gettext("Which day’s boundaries should be used?"),
        description=lazy_gettext("Councils and areas change. For example, 2 3 2026"),
        validators=[InputRequired(lazy_gettext("Enter the day"))],
    )
    starts_on = DateField(
        lazy_gettext("When does the review start?"), validators=[InputRequired(lazy_gettext("Enter the day the review starts"))]
    )
    announced_on = DateField(
        lazy_gettext("When may the public know of it?"),
        description=lazy_gettext("From this day its title, place, bodies and dates are public. Leave it empty to decide later."),
        validators=[Optional()],
    )
    partner = SelectField(
        lazy_gettext("Which body do you invite as a partner?"),
        description=lazy_gettext("You can invite more, and add observers, before you open the review."),
        coerce=int,
        validators=[Optional()],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save and continue"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Take the place chosen from those offered, while what was typed is still what it was offered for."""
        if self.meant.data and self.asked.data == self.places.data:
            self.places.data = self.meant.data
        self.meant.data, self.asked.raw_data, self.asked.data = None, None, self.places.data
        return super().validate(extra_validators)

    def validate_places(self, field: TextField) -> None:
        """The place is known on the day; where it could be several, they are offered."""
        try:
            codes_of(field.data, self.place_on.data or today())
        except Ambiguous as could_be:
            self.meant.choices = [SelectChoice(value=value, label=label) for value, label in could_be.options]
            raise ValidationError(could_be.sentence) from could_be
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused


class BodiesForm(Form):
    """Step 2: who asks."""

    partners = CheckboxesField(lazy_gettext("Partners to invite"), coerce=int, validators=[Optional()])
    observers = CheckboxesField(
        lazy_gettext("Observers"),
        description=lazy_gettext("They can read the review, and evidence that is open."),
        coerce=int,
        validators=[Optional()],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save and continue"))

    def validate_observers(self, field: CheckboxesField) -> None:
        """A body has one part."""
        both = [
            str(choice.label)
            for choice in field.choices
            if choice.value in (self.partners.data or ()) and choice.value in field.data
        ]
        if both:
            raise ValidationError(gettext("Choose partner or observer, not both, for %(bodies)s", bodies=listed(both)))


class AnswerInvitationForm(Form):
    """Accept or decline an invitation."""

    answer = RadioField(
        lazy_gettext("Will your body take part?"),
        choices=[SelectChoice("accept", lazy_gettext("Yes, accept")), SelectChoice("decline", lazy_gettext("No, decline"))],
        validators=[InputRequired(lazy_gettext("Choose whether your body will take part"))],
    )
    why = LongTextField(
        lazy_gettext("If not, why?"),
        description=lazy_gettext("The body in the lead reads this."),
        validators=[Optional(), Length(max=4000)],
    )
    save = SubmitField(lazy_gettext("Send the answer"))


class MethodForm(Form):
    """Step 3: by which method."""

    method = RadioField(lazy_gettext("By which method?"), validators=[InputRequired(lazy_gettext("Choose a method"))])
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save and continue"))


class ScopeForm(Form):
    """Step 4: what it is about."""

    title = TextField(
        lazy_gettext("Title"),
        description=lazy_gettext("As it will appear on letters and on the report."),
        validators=[
            InputRequired(lazy_gettext("Give the review a title")),
            Length(max=200, message=lazy_gettext("Keep it to 200 characters")),
        ],
    )
    reason = LongTextField(
        lazy_gettext("Why now?"), description=lazy_gettext("Agencies read this in their letter."), validators=[LONG]
    )
    in_scope = LongTextField(lazy_gettext("What is in scope?"), validators=[LONG])
    out_of_scope = LongTextField(lazy_gettext("What is out of scope?"), validators=[LONG])
    subject = SelectField(
        lazy_gettext("What is it about, in law?"),
        description=lazy_gettext("Some duties to answer hold only for one subject. Choose none if several or no other fits."),
        choices=[
            SelectChoice(value="", label=lazy_gettext("None of these")),
            *(SelectChoice(value=key, label=label.capitalize()) for key, label in OFFERED.items()),
        ],
        default="",
        validators=[Optional()],
    )
    lines = CheckboxesField(
        lazy_gettext("Lines of enquiry of the method"),
        description=lazy_gettext("Untick what you will not look into."),
        validators=[Optional()],
    )
    own_lines = LongTextField(
        lazy_gettext("Lines of enquiry of your own"), description=lazy_gettext("One on each line."), validators=[LONG]
    )
    services = CheckboxesField(
        lazy_gettext("Which services is it about?"),
        description=lazy_gettext(
            "We will suggest asking only the agencies that provide these services. You can change that on the next page. "
            "Leave all of them empty to ask every agency."
        ),
        validators=[Optional()],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save and continue"))


class AgenciesForm(Form):
    """Step 5: which agencies are asked, and why the others are not."""

    agencies = CheckboxesField(lazy_gettext("Which agencies will you ask?"), coerce=int, validators=[Optional()])
    why = LongTextField(
        lazy_gettext("If you leave agencies out, why?"),
        description=lazy_gettext("The reason stays with the review. These agencies are not told."),
        validators=[LONG],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save and continue"))

    def validate_why(self, field: LongTextField) -> None:
        """A reason is needed where one is left out."""
        if not (field.data or "").strip() and len(self.agencies.data or ()) < len(self.agencies.choices):
            raise ValidationError(gettext("Say why you leave agencies out, or tick all of them"))


class ReviewForm(Form):
    """Title, reason and scope of a review that is under way."""

    title = TextField(lazy_gettext("Title"), validators=[InputRequired(lazy_gettext("Give the review a title")), Length(max=200)])
    reason = LongTextField(lazy_gettext("Why now?"), validators=[LONG])
    in_scope = LongTextField(lazy_gettext("What is in scope?"), validators=[LONG])
    out_of_scope = LongTextField(lazy_gettext("What is out of scope?"), validators=[LONG])
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class AnnounceForm(Form):
    """When the public may know; a day that was set and has not come may be taken away again."""

    announced_on = DateField(lazy_gettext("From which day may the public know of the review?"), validators=[Optional()])
    save = SubmitField(lazy_gettext("Announce the review"))
    planned = False

    def validate_announced_on(self, field: DateField) -> None:
        """Nobody can have known of it before today."""
        if field.data and field.data < today():
            raise ValidationError(gettext("Enter today or a later day"))

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty day only takes away one that was set."""
        sound = super().validate(extra_validators)
        if sound and not self.planned and self.announced_on.data is None:
            self.announced_on.errors = [gettext("Enter the day from which the public may know of the review")]
            return False
        return sound


class LinesForm(Form):
    """Lines of enquiry to add."""

    text = LongTextField(
        lazy_gettext("The questions they test"),
        description=lazy_gettext("One on each line."),
        validators=[InputRequired(lazy_gettext("Write the question this line of enquiry tests")), LONG],
    )
    save = SubmitField(lazy_gettext("Add these lines"))


class LineForm(Form):
    """A line of enquiry."""

    title = TextField(
        lazy_gettext("In a few words"),
        description=lazy_gettext("For tables. Leave it empty to take the beginning of the question."),
        validators=[Length(max=200)],
    )
    text = LongTextField(
        lazy_gettext("The question it tests"),
        validators=[InputRequired(lazy_gettext("Write the question this line of enquiry tests")), LONG],
    )
    save = SubmitField(lazy_gettext("Save"))


class WhyForm(Form):
    """A reason, for whatever needs one."""

    why = LongTextField(lazy_gettext("Why?"), validators=[InputRequired(lazy_gettext("Give the reason")), LONG])
    save = SubmitField(lazy_gettext("Save"))


class JoinForm(Form):
    """A body that joins; `seen` is the mark of the letters that were read first."""

    body = SelectField(lazy_gettext("Which body?"), coerce=int, validators=[InputRequired(lazy_gettext("Choose a body"))])
    part = RadioField(
        lazy_gettext("What will its part be?"),
        choices=[
            SelectChoice(value="partner", label=lazy_gettext("Partner: works on the review once it accepts our invitation")),
            SelectChoice(value="observer", label=lazy_gettext("Observer: can read the review from today")),
        ],
        validators=[InputRequired(lazy_gettext("Choose partner or observer"))],
    )
    seen = HiddenField()
    save = SubmitField(lazy_gettext("Continue"))


class ProposalForm(Form):
    """A question somebody proposes."""

    line = SelectField(
        lazy_gettext("Under which line of enquiry?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose a line of enquiry"))],
    )
    text = LongTextField(lazy_gettext("Your question"), validators=[InputRequired(lazy_gettext("Write the question")), LONG])
    why = LongTextField(lazy_gettext("Why should it be asked?"), validators=[LONG])
    save = SubmitField(lazy_gettext("Propose this question"))


class SettleForm(Form):
    """What becomes of a proposed question."""

    take = RadioField(
        lazy_gettext("Will it be asked?"), validators=[InputRequired(lazy_gettext("Choose whether it will be asked"))]
    )
    why = LongTextField(
        lazy_gettext("If not, why?"), description=lazy_gettext("Whoever proposed it sees this."), validators=[LONG]
    )
    save = SubmitField(lazy_gettext("Save"))
