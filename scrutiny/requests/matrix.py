"""The evidence matrix: lines of enquiry and their questions down, agencies across; in four statements whatever the size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.file_reading.tables import Row as TableRow
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from scrutiny.requests.states import SHOWN, Shown, of_a_meeting, shown
from scrutiny.reviews.access import may_inspect
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Line, Question, Review
from scrutiny.reviews.queries import in_order
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to one agency."""

    shown: Shown
    slug: str = ""
    number: int = 0
    reference: str = ""
    due_on: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, with a cell for each agency asked, by the agency's id."""

    question_id: int
    title: str
    text: str
    cells: dict[int, Cell]


@dataclass(frozen=True, slots=True)
class LineRows:
    """One line of enquiry with its questions."""

    key: str
    title: str
    text: str
    rows: tuple[Row, ...]

    def of(self, agency_id: int) -> tuple[int, int]:
        """How many of this line's items an agency has replied to, and how many it was asked."""
        return _replied([row.cells[agency_id] for row in self.rows if agency_id in row.cells])


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix; `agencies` holds (id, name) in the order of their requests."""

    agencies: tuple[tuple[int, str], ...]
    lines: tuple[LineRows, ...]
    totals: dict[str, int] = field(default_factory=dict)

    def of(self, agency_id: int) -> tuple[int, int]:
        """How many items an agency has replied to, and how many it was asked."""
        rows = [row for line in self.lines for row in line.rows]
        return _replied([row.cells[agency_id] for row in rows if agency_id in row.cells])

    @property
    def replied(self) -> int:
        """How many items have a reply: an answer, or an honest no."""
        return sum(self.totals.get(key, 0) for key in REPLIED)

    @property
    def asked(self) -> int:
        """How many items are asked; drafts, what was withdrawn and what has not reached its agency are not."""
        return sum(count for key, count in self.totals.items() if key not in NOT_ASKED)

    @property
    def sums(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """The totals in groups that add up, each called with its sum: replied, not replied, not asked; without empty ones."""
        groups: dict[str, list[tuple[str, int]]] = {"replied": [], "silent": [], "unasked": []}
        for key, count in self.totals.items():
            groups["replied" if key in REPLIED else "unasked" if key in NOT_ASKED else "silent"].append((key, count))
        added = {name: sum(count for _, count in rows) for name, rows in groups.items()}
        words = {
            "replied": gettext("Reply received: %(num)s of %(asked)s", num=added["replied"], asked=self.asked),
            "silent": gettext("No reply, or returned for more: %(num)s of %(asked)s", num=added["silent"], asked=self.asked),
            "unasked": gettext("Not counted: %(num)s", num=added["unasked"]),
        }
        return [(words[name], rows) for name, rows in groups.items() if rows]


#: A plain row of the database: id, line_id, title, text.
QuestionRow = Any
#: What nobody has been asked, or not yet.
NOT_ASKED = ("draft", "withdrawn", "not-asked", "not-delivered")
#: What counts as a reply: an answer, or an honest no.
REPLIED = (
    *("answered", "accepted", "not-held", "refused", "redirected"),
    *("not-held-accepted", "refusal-accepted", "redirection-accepted"),
)


def matrix(review: Review, by: Actor, today: date, *, reasons: bool = False) -> Matrix:
    """The matrix of a review as the actor may see it: drafts, and questions nobody was asked yet, only for those who work on
    the review; with `reasons`, why each item is due when it is."""
    works = may_inspect(review, by)
    states = ["issued", "withdrawn", "closed", *(["drafted"] if works else [])]
    requests = _requests(review, states)
    cells: dict[int, dict[int, Cell]] = {}
    for item in _items([request.id for request in requests], reasons):
        request = next(one for one in requests if one.id == item.request_id)
        asked = {"drafted": request.state == "drafted", "delivered": request.delivered_on is not None}
        how = shown(item.stands, item.due_on, today, late_after=item.statutory_due_on, **asked)
        if item.kind == ATTENDANCE:
            how = of_a_meeting(how, item.attends or "")
        why = due_words.why(item.due_working) if reasons else ""
        cell = Cell(how, f"P{request.number:02d}", item.number, item.reference, item.due_on, why)
        cells.setdefault(item.question_id, {})[request.agency_id] = cell  # a later request to the same agency stands
    agencies = {request.agency_id: request.name for request in requests}
    questions: dict[int, list[QuestionRow]] = {}
    for question in _questions(review):
        if works or question.id in cells:
            questions.setdefault(question.line_id, []).append(question)
    lines = [_line(line, questions.get(line.id, []), cells) for line in review.lines]
    return _totalled(Matrix(tuple(agencies.items()), tuple(line for line in lines if line is not None)))


def filtered(found: Matrix, *, agency_id: int | None = None, line: str = "", state: str = "") -> Matrix:
    """The matrix narrowed to one agency, one line, one state; questions and agencies with nothing left go."""

    def kept(row: Row) -> Row:
        cells = {
            asked: cell
            for asked, cell in row.cells.items()
            if agency_id in (None, asked) and (not state or cell.shown.key == state)
        }
        return replace(row, cells=cells)

    narrowed = bool(agency_id or state)
    lines = [
        replace(one, rows=tuple(row for row in map(kept, one.rows) if row.cells or not narrowed))
        for one in found.lines
        if line in ("", one.key)
    ]
    lines = [one for one in lines if one.rows or not narrowed]
    there = {asked for one in lines for row in one.rows for asked in row.cells}
    agencies = tuple(pair for pair in found.agencies if not narrowed or pair[0] in there)
    return _totalled(Matrix(agencies, tuple(lines)))


def as_table(found: Matrix) -> tuple[list[str], list[TableRow]]:
    """The matrix as header and rows of words, for CSV and the first sheet of a workbook."""
    blank = SHOWN["not-asked"].word
    rows: list[TableRow] = [
        [line.title, row.text, *(row.cells[one].shown.word if one in row.cells else blank for one, _ in found.agencies)]
        for line in found.lines
        for row in line.rows
    ]
    return ["Line of enquiry", "Question", *(name for _, name in found.agencies)], rows


def as_items(found: Matrix) -> tuple[list[str], list[TableRow]]:
    """The same, one item a row, with reference and due date."""
    names = dict(found.agencies)
    rows: list[TableRow] = [
        [cell.reference, names[one], line.title, row.text, cell.shown.word, cell.due_on]
        for line in found.lines
        for row in line.rows
        for one, cell in row.cells.items()
    ]
    return ["Reference", "Agency", "Line of enquiry", "Question", "State", "Due on"], rows


def _replied(cells: list[Cell]) -> tuple[int, int]:
    """How many of these cells have a reply, of how many asked."""
    asked = [cell for cell in cells if cell.shown.key not in NOT_ASKED]
    return sum(cell.shown.key in REPLIED for cell in asked), len(asked)


def _requests(review: Review, states: list[str]) -> list[Any]:
    """The requests of a review with the names of their agencies, as plain rows."""
    return list(
        db.session.execute(
            select(
                EvidenceRequest.id,
                EvidenceRequest.number,
                EvidenceRequest.state,
                EvidenceRequest.agency_id,
                EvidenceRequest.delivered_on,
                Agency.name,
            )
            .join(Agency, Agency.id == EvidenceRequest.agency_id)
            .where(EvidenceRequest.review_id == review.id, EvidenceRequest.state.in_(states))
            .order_by(EvidenceRequest.number)
        )
    )


def _items(request_ids: list[int], reasons: bool) -> list[Any]:
    """The items of these requests, as plain rows."""
    said = select(Answer.attends).where(Answer.item_id == Item.id, Answer.submitted_at.is_not(None))
    columns = (
        Item.request_id,
        Item.question_id,
        Item.number,
        Item.reference,
        Item.stands.label("stands"),
        Item.due_on,
        Item.statutory_due_on,
        Question.kind,
        said.order_by(Answer.number.desc()).limit(1).scalar_subquery().label("attends"),
        *([Item.due_working] if reasons else []),
    )
    rows = select(*columns).join(Question, Question.id == Item.question_id).where(Item.request_id.in_(request_ids))
    return list(db.session.execute(rows.order_by(Item.request_id, Item.number)))


def _questions(review: Review) -> list[QuestionRow]:
    """The questions taken up in a review, as plain rows, in the order they are asked."""
    rows = select(Question.id, Question.line_id, Question.title, Question.text).where(
        Question.review_id == review.id, Question.state == "taken"
    )
    return list(db.session.execute(rows.order_by(*in_order())))


def _line(line: Line, questions: list[QuestionRow], cells: dict[int, dict[int, Cell]]) -> LineRows | None:
    """A line of enquiry with its questions; one left out of scope only if something was asked under it."""
    rows = tuple(Row(q.id, q.title or q.text, q.text, cells.get(q.id, {})) for q in questions)
    if line.dropped_why and not any(row.cells for row in rows):
        return None
    return LineRows(line.key, line.title or line.text, line.text, rows)


def _totalled(found: Matrix) -> Matrix:
    """The matrix with the number of items in each state."""
    counts = Counter(cell.shown.key for line in found.lines for row in line.rows for cell in row.cells.values())
    return replace(found, totals={key: counts[key] for key in SHOWN if counts[key]})
