"""What the agency's pages say: a request as a task list, an item with what stands in it, both versions, the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scrutiny.accounts.queries import people_named
from scrutiny.answering.queries import ANSWERABLE, UNANSWERED, UNFINISHED, Progress, draft_of, items_held, progress, sent_answers
from scrutiny.answering.service import Typed
from scrutiny.evidence.markings import label
from scrutiny.evidence.models import EvidenceFile
from scrutiny.evidence.presenters import figures_of, file_row
from scrutiny.formats import day
from scrutiny.legal_words import AGENCY
from scrutiny.requests.legal_basis import law_of
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from workflows.labels import Labels, labels
from workflows.lifecycles.item import ITEM
from workflows.roles import Actor

#: state: (shape, tone) for parts/state.html; the word comes from the lifecycle.
SHAPES = Labels(
    {
        "asked": ("○", "waiting"),
        "answered": ("◔", "soon"),
        "with_certifier": ("◔", "waiting"),
        "sent_back": ("↩", "soon"),
        "returned": ("↩", "soon"),
        "submitted": ("●", "done"),
        "accepted": ("✓", "done"),
        "not_held": ("–", "quiet"),
        "refused": ("×", "refused"),
        "redirected": ("→", "quiet"),
        "withdrawn": ("–", "quiet"),
    },
    lambda key: ("·", "quiet"),
)
CAME = labels({"post": "by post", "telephone": "by telephone", "meeting": "at a meeting"})


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    item: Item
    word: str
    shape: str
    tone: str
    holder: str  # who has it, by name; '' for nobody yet
    mine: bool
    late: bool
    todo: bool


@dataclass(frozen=True, slots=True)
class Tasks:
    """A request as its agency sees it."""

    request: EvidenceRequest
    tasks: list[Task]
    progress: Progress
    law: list[str]  # what the law says of what is asked, a sentence for each duty
    over: bool


def tasks_of(request: EvidenceRequest, by: Actor, today: date) -> Tasks:
    """The items of a request this agency holds, each with who has it and when it is due."""
    items = items_held(request, by.agency, today)
    names = names_of(item.held_by for item in items)
    tasks = [_task(item, names, by, today) for item in items]
    return Tasks(request, tasks, progress(items), law_of(items or request.items, AGENCY), request.state != "issued")


def _task(item: Item, names: dict[str, str], by: Actor, today: date) -> Task:
    """One item as a line of the list."""
    shape, tone = SHAPES[item.state]
    late = item.state in UNFINISHED and item.late_after is not None and item.late_after < today
    return Task(
        item=item,
        word=ITEM.states[item.state],
        shape="!" if late else shape,
        tone="late" if late else tone,
        holder=names.get(item.held_by, ""),
        mine=item.held_by == by.reference,
        late=late,
        todo=item.state in ANSWERABLE,
    )


def next_item(request: EvidenceRequest, after: Item, by: Actor, today: date) -> Item | None:
    """The next item still without an answer, going round from this one; None when there is none."""
    todo = [item for item in items_held(request, by.agency, today) if item.state in UNANSWERED and item.id != after.id]
    return next((item for item in todo if item.number > after.number), next(iter(todo), None))


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer as it stands: words, figures in rows, files, who may see it."""

    answer: Answer
    figures: list[Any]
    files: list[dict[str, Any]]
    marking: str
    by: str
    warning: str  # what the question asks for and this lacks


def shown(answer: Answer) -> AnswerShown:
    """An answer with its files and the name of whoever saved it."""
    evidence = answer.lodging.evidence
    name = names_of([answer.by]).get(answer.by, "")
    return AnswerShown(
        answer,
        figures_of(answer.lodging),
        [file_row(one) for one in evidence.files],
        label(answer.lodging.marking),
        name,
        _lacking(answer),
    )


def _lacking(answer: Answer) -> str:
    """Where a question asks for figures or a file and the answer has none: no reason to refuse, but worth saying."""
    kind, evidence = answer.item.question.kind, answer.lodging.evidence
    if kind == "figures" and not evidence.figures.strip() and not evidence.files:
        return "This item asks for figures, and there are none in the answer"
    if kind == "file" and not evidence.files:
        return "This item asks for a file, and there is none in the answer"
    return ""


def typed_of(item: Item) -> Typed:
    """What the form begins with: what is saved, else what was sent and returned, else what the question offers."""
    answer = item.answer
    if answer is None:
        return Typed(period=item.question.period, marking=item.question.marking)
    evidence, lodging = answer.lodging.evidence, answer.lodging
    return Typed(evidence.text, evidence.figures, evidence.as_at, evidence.period, lodging.marking, lodging.exempt_ground)


def files_of(item: Item) -> list[EvidenceFile]:
    """The files an answer begins with."""
    return [one for one in item.answer.lodging.evidence.files if one.erased_at is None] if item.answer else []


def versions(item: Item, typed: Typed) -> list[dict[str, Any]]:
    """Both versions of an answer, row by row, for parts/versions.html."""
    theirs = typed_of(item)
    rows = (
        ("Answer", theirs.text, typed.text),
        ("Figures", theirs.figures, typed.figures),
        ("Period", theirs.period, typed.period),
        ("As at", day(theirs.as_at), day(typed.as_at)),
        ("Who may see this", label(theirs.marking), label(typed.marking)),
        ("Ground", theirs.exempt_ground, typed.exempt_ground),
    )
    return [{"label": said, "theirs": one, "yours": other} for said, one, other in rows]


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One item of a receipt, in plain values."""

    number: int
    reference: str
    question: str
    state: str
    sent_at: datetime | None
    by: str
    certified_by: str
    marking: str
    digest: str
    words: str  # the first words of the answer, so that a person knows it again
    figures: int
    files: tuple[dict[str, Any], ...]
    instead: str  # why not held or refused, or who holds it


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything an agency sent in answer to a request, in plain values."""

    reference: str
    title: str
    review: str
    agency: str
    lead: str
    asked_at: datetime | None
    last_at: datetime | None
    hours: float | None
    rows: tuple[ReceiptRow, ...]
    left: int  # items not sent yet


def receipt_of(request: EvidenceRequest, by: Actor, today: date) -> Receipt:
    """The receipt of an agency: each answer sent, also those returned and sent again, with the digest of every file."""
    items = items_held(request, by.agency, today)
    people = [one for item in items for answer in item.answers for one in (answer.by, answer.certified_by)]
    names = names_of(people)
    rows = [row for item in items for row in _receipt_rows(item, by, names)]
    return Receipt(
        reference=request.reference,
        title=request.review.title,
        review=request.review.reference,
        agency=by.capacity.name,
        lead=request.review.lead.name,
        asked_at=request.issued_at,
        last_at=max((row.sent_at for row in rows if row.sent_at), default=None),
        hours=request.hours_spent,
        rows=tuple(rows),
        left=sum(item.state in UNFINISHED for item in items),
    )


def _receipt_rows(item: Item, by: Actor, names: dict[str, str]) -> list[ReceiptRow]:
    """The answers sent to one item, or what was said in place of one."""
    own = [answer for answer in sent_answers(item) if answer.lodging.evidence.is_of(by.agency)]
    rows = [_receipt_row(item, answer, names) for answer in own]
    if item.state in ("not_held", "refused", "redirected"):
        said = f"{item.redirected_to}. {item.ground}" if item.redirected_to else item.ground
        state = ITEM.states[item.state]
        question = item.question.text
        rows.append(ReceiptRow(item.number, item.reference, question, state, item.submitted_at, "", "", "", "", "", 0, (), said))
    return rows


def _receipt_row(item: Item, answer: Answer, names: dict[str, str]) -> ReceiptRow:
    """One answer that was sent."""
    evidence = answer.lodging.evidence
    files = [
        {"name": one.name, "size": one.stored.size, "pages": one.stored.pages, "sha256": one.sha256} for one in evidence.files
    ]
    came = "" if answer.came_by == "page" else CAME[answer.came_by]
    return ReceiptRow(
        number=item.number,
        reference=item.reference,
        question=item.question.text,
        state=f"Received {came} by {answer.received_by}" if came else "Sent",
        sent_at=answer.submitted_at,
        by=names.get(answer.by, ""),
        certified_by=names.get(answer.certified_by, ""),
        marking=label(answer.lodging.marking),
        digest=evidence.digest,
        words=_first_words(evidence.text),
        figures=len(figures_of(answer.lodging)),
        files=tuple(files),
        instead="",
    )


def _first_words(text: str, most: int = 200) -> str:
    """The beginning of a text, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def names_of(references: Iterable[str]) -> dict[str, str]:
    """Names of people by their plain references: {'person:4': 'Olwen Price'}."""
    ids = sorted({int(one.removeprefix("person:")) for one in references if one.startswith("person:")})
    return {f"person:{key}": name for key, name in people_named(ids).items()} if ids else {}


def words_of(items: Sequence[Item]) -> list[tuple[int, str]]:
    """Items as the choices of a form: (id, '3. How many …')."""
    return [(item.id, f"{item.number}. {item.question.title or item.question.text}") for item in items]


def kept_since(item: Item) -> tuple[str, datetime] | None:
    """Who saved the draft last, and when."""
    draft = draft_of(item)
    if draft is None:
        return None
    return names_of([draft.by]).get(draft.by, "A colleague"), draft.kept_at
