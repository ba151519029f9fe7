"""An answer that came another way than through its agency's page: what is wrong with an entry, said beside each box at once."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from wtforms import Field

from scrutiny.asking.forms import EnterForm
from scrutiny.evidence.service import NO_GROUND, faults_in
from scrutiny.formats import day, london_day, sentences
from scrutiny.requests.models import Item
from scrutiny.stored_files.uploads import Uploads
from scrutiny.widgets import SelectChoice
from workflows.lifecycles.item import ITEM
from workflows.roles import Actor


def others_to_enter(item: Item, by: Actor) -> list[Item]:
    """The other items of the request to which this actor may enter an answer now, by number."""
    if item.request.state != "issued":
        return []
    moves = ((other, {move.name for move in ITEM.open_to(other.state, by)}) for other in item.request.items)
    return [other for other, names in moves if other is not item and "enter" in names]


def choices_of(items: list[Item]) -> list[SelectChoice]:
    """Items to tick, by number and title."""
    return [SelectChoice(item.number, f"{item.number}. {item.question.title or item.question.text}") for item in items]


def say_beside(form: EnterForm, item: Item, sent: Uploads, today: date) -> None:
    """Add to each box what is wrong with it beyond what the form knows: the service would refuse these one after the other."""
    received_on, issued_at = form.received_on.data, item.request.issued_at
    if received_on is not None and received_on > today:
        _add(form.received_on, gettext("The answer cannot have been received after today"))
    elif received_on is not None and issued_at is not None and received_on < london_day(issued_at):
        issued = day(london_day(issued_at))
        said = gettext("The request was issued on %(day)s: the answer cannot have come before it", day=issued)
        _add(form.received_on, said)
    if form.marking.data == "exempt" and not (form.exempt_ground.data or "").strip():
        _add(form.exempt_ground, str(NO_GROUND))
    if not ((form.text.data or "").strip() or (form.figures.data or "").strip() or sent.received or sent.faults):
        _add(form.text, gettext("Enter what was answered: text, figures or a file"))
    if faults := faults_in(form.figures.data or ""):
        _add(form.figures, sentences(faults[:5]))
    for fault in sent.faults:
        _add(form.files, fault)
    for file in sent.received:
        hidden = [warning.words for warning in file.warnings if warning.kind.stops]
        if hidden and not form.looked.data:
            what = " ".join(hidden)
            _add(form.looked, gettext("Look at “%(file)s”, and tick that you have. %(what)s", file=file.name, what=what))


def _add(field: Field, sentence: str) -> None:
    """One more thing that is wrong with a box."""
    field.errors = [*field.errors, sentence]
