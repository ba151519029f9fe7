"""A field for hours as people write them: 1.5, 2h 30, about 4; read as whole minutes, and shown again as they were typed."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import ValidationError
from wtforms.form import BaseForm

from scrutiny.requests.models import EvidenceRequest
from scrutiny.widgets import TextField
from workflows.effort import hours_written, minutes_in
from workflows.refusals import Refused

HOURS_HINT = lazy_gettext(
    "Such as 1.5 or 2h 30. Leave it empty if you do not know. Requesters see it, and so does the public once the list of "
    "questions is published. It shows what the questions cost, and is never held against you."
)


def hours_of(request: EvidenceRequest) -> str:
    """The hours an agency has spent on a request so far, as it said; '' where it has not."""
    return "" if request.hours_spent is None else hours_written(round(request.hours_spent * 60))


class HoursField(TextField):
    """Hours, as text; `hours` is what the text comes to."""

    longest = 60

    @property
    def hours(self) -> float | None:
        """The hours typed, to the minute; None where nothing is typed."""
        minutes = minutes_in(self.data or "")
        return None if minutes is None else minutes / 60

    def pre_validate(self, form: BaseForm) -> None:
        """Say what to write where the text is no hours."""
        try:
            minutes_in(self.data or "")
        except Refused as refused:
            raise ValidationError(refused.sentence) from None
