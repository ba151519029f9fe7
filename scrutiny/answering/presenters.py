"""What the agency's pages say: a request as a task list, an item with what stands in it, both versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from scrutiny.accounts.queries import names_of
from scrutiny.agencies import queries as agencies
from scrutiny.answering.queries import ANSWERABLE, UNANSWERED, UNFINISHED, Progress, draft_of, items_held, progress, sent_answers
from scrutiny.answering.service import Typed
from scrutiny.audit import queries as audit
from scrutiny.evidence.markings import label
from scrutiny.evidence.models import EvidenceFile
from scrutiny.evidence.presenters import figures_of, file_row, readers_of_lodging
from scrutiny.evidence.service import faults_of
from scrutiny.formats import day, listed, moment
from scrutiny.legal_words import AGENCY
from scrutiny.requests.handing import Handed, handed_of
from scrutiny.requests.legal_basis import law_of
from scrutiny.requests.models import Answer, Decline, EvidenceRequest, Item
from scrutiny.requests.states import shown as how_shown
from workflows.labels import Labels
from workflows.lifecycles.item import ITEM
from workflows.roles import CERTIFIER, Actor

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


#: What is saved and not sent, where it is no answer.
SAVED = Labels(
    {
        "not_held": lazy_gettext("“Not held” saved, not sent"),
        "refused": lazy_gettext("Refusal saved, not sent"),
        "redirected": lazy_gettext("“Held by somebody else” saved, not sent"),
    },
    lambda key: lazy_gettext("Saved, not sent"),
)
#: What was taken back last, by the event of the trail.
TAKEN_BACK = ("item_taken_back", "item_decline_taken_back")


def state_word(item: Item) -> str:
    """What an item is, for the agency that answers it: its state, but for what the state alone would say wrongly."""
    if item.state == "answered" and item.decline_kept is not None:
        return str(SAVED[item.decline_kept.kind])
    sent = sent_answers(item)
    if sent and sent[-1].lodging.wrong_at is not None and item.state in ("returned", "submitted", "accepted"):
        return gettext("Reported as wrong")
    return how_shown(item.stands, None, date.min).word if item.stands != item.state else ITEM.states[item.state]


def taken_back(item: Item) -> str:
    """Who took back what is saved, and when, as a sentence; '' where nothing was, or something was saved since."""
    last = next(iter(audit.about(item.plain, limit=1)), None) if item.state == "answered" else None
    if last is None or last.event not in TAKEN_BACK:
        return ""
    name = names_of([last.by]).get(last.by, "") or gettext("A colleague")
    return gettext("%(name)s took this back on %(moment)s. It is saved and not sent.", name=name, moment=moment(last.at))


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
    handed: Handed | None  # with what words and by when, as long as that stands


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
    handed = handed_of(items, by.agency)
    tasks = [_task(item, names, handed.get(item.id), by, today) for item in items]
    return Tasks(request, tasks, progress(items), law_of(items or request.items, AGENCY), request.state != "issued")


def _task(item: Item, names: dict[str, str], handed: Handed | None, by: Actor, today: date) -> Task:
    """One item as a line of the list."""
    shape, tone = SHAPES[item.stands.removeprefix("accepted_")]
    late = item.state in UNFINISHED and item.late_after is not None and item.late_after < today
    return Task(
        item=item,
        word=state_word(item),
        shape="!" if late else shape,
        tone="late" if late else tone,
        holder=names.get(item.held_by, ""),
        mine=item.held_by == by.reference,
        late=late,
        todo=item.state in ANSWERABLE,
        handed=handed if item.state in UNFINISHED else None,
    )


def next_item(request: EvidenceRequest, after: Item, by: Actor, today: date) -> Item | None:
    """The next item still without an answer, going round from this one; None when there is none."""
    todo = [item for item in items_held(request, by.agency, today) if item.state in UNANSWERED and item.id != after.id]
    return next((item for item in todo if item.number > after.number), next(iter(todo), None))


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer as it stands: words, figures in rows, files, who may see it."""

    answer: Answer
    item: Item
    figures: list[Any]
    files: list[dict[str, Any]]
    marking: str
    by: str
    warning: str  # what the question asks for and this lacks
    readers: str  # who is named to open it, in words; '' where it is not for people named only


def shown(answer: Answer, on: date) -> AnswerShown:
    """An answer with its files, the name of whoever saved it, and who could open it on a day."""
    evidence = answer.lodging.evidence
    name = names_of([answer.by]).get(answer.by, "")
    return AnswerShown(
        answer,
        answer.item,
        figures_of(answer.lodging),
        [file_row(one) for one in evidence.files],
        label(answer.lodging.marking if answer.marked else ""),
        name,
        _lacking(answer),
        readers_of_lodging(answer.lodging, on) if answer.marked else "",
    )


@dataclass(frozen=True, slots=True)
class DeclineShown:
    """What is said in place of an answer, with who says it and who approved it."""

    decline: Decline
    item: Item
    word: str
    by: str
    approved_by: str
    taken_back_by: str


def declined(decline: Decline) -> DeclineShown:
    """What is said in place of an answer, with names."""
    names = names_of([decline.by, decline.certified_by, decline.taken_back_by])
    return DeclineShown(
        decline,
        decline.item,
        ITEM.states[decline.kind],
        names.get(decline.by, ""),
        names.get(decline.certified_by, ""),
        names.get(decline.taken_back_by, ""),
    )


def prepared(item: Item, on: date) -> AnswerShown | DeclineShown | None:
    """What is saved of an item and not sent: an answer, or why there is none."""
    if item.decline_kept is not None:
        return declined(item.decline_kept)
    draft = draft_of(item)
    return shown(draft, on) if draft is not None else None


def lacking_to_send(item: Item) -> list[str]:
    """What keeps a saved answer from being sent, in sentences; none for what is said in place of one."""
    draft = draft_of(item)
    return [] if draft is None or item.decline_kept is not None else [said for _, said in faults_to_send(draft)]


def faults_to_send(draft: Answer) -> list[tuple[str, str]]:
    """What keeps an answer from being sent, as (field, sentence): also that nobody has chosen who may see it."""
    if draft.marked:
        return faults_of(draft.lodging)
    # The marking it began with is nobody's choice: what that marking would ask for is not asked for yet.
    chosen = [fault for fault in faults_of(draft.lodging) if fault[0] != "exempt_ground"]
    return [*chosen, ("marking", gettext("Choose who may see this"))]


def _lacking(answer: Answer) -> str:
    """Where a question asks for figures or a file and the answer has none: no reason to refuse, but worth saying."""
    kind, evidence = answer.item.question.kind, answer.lodging.evidence
    if kind == "figures" and not evidence.figures.strip() and not evidence.files:
        return gettext("This item asks for figures, and there are none in the answer")
    if kind == "file" and not evidence.files:
        return gettext("This item asks for a file, and there is none in the answer")
    return ""


def typed_of(item: Item) -> Typed:
    """What the form begins with: what is saved, else what was sent and returned, else what the question offers."""
    answer = item.answer
    if answer is None:
        return Typed(period=item.question.period, marking="")
    evidence, lodging = answer.lodging.evidence, answer.lodging
    marking = lodging.marking if answer.marked else ""
    return Typed(evidence.text, evidence.figures, evidence.as_at, evidence.period, marking, lodging.exempt_ground)


def files_of(item: Item) -> list[EvidenceFile]:
    """The files an answer begins with; none of what was sent by mistake."""
    if item.answer is not None and item.answer.lodging.withheld_at is not None:
        return []
    return [one for one in item.answer.lodging.evidence.files if one.erased_at is None] if item.answer else []


def versions(item: Item, typed: Typed) -> list[dict[str, Any]]:
    """Both versions of an answer, row by row, for parts/versions.html."""
    theirs = typed_of(item)
    rows = (
        (gettext("Answer"), theirs.text, typed.text),
        (gettext("Figures"), theirs.figures, typed.figures),
        (gettext("Period"), theirs.period, typed.period),
        (gettext("As at"), day(theirs.as_at), day(typed.as_at)),
        (gettext("Who may see this"), label(theirs.marking), label(typed.marking)),
        (gettext("Ground"), theirs.exempt_ground, typed.exempt_ground),
    )
    return [{"label": said, "theirs": one, "yours": other} for said, one, other in rows]


def words_of(items: Sequence[Item]) -> list[tuple[int, str]]:
    """Items as the choices of a form: (id, '3. How many …')."""
    return [(item.id, f"{item.number}. {item.question.title or item.question.text}") for item in items]


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Whether an item can be taken back by whoever looks; `ask` names those who can, where it takes an approver."""

    may: bool
    ask: str = ""


def may_take_back(item: Item, by: Actor, today: date) -> TakeBack:
    """Whether this actor may take back what waits for the approver, or what was said in place of an answer."""
    if item.request.state != "issued":
        return TakeBack(False)
    if ITEM.permits("take_back", item.state, by):
        return TakeBack(True)
    if not ITEM.permits("take_back_decline", item.state, by):
        return TakeBack(False)
    approvers = agencies.members(by.agency or 0, today, CERTIFIER)
    if approvers and not by.has(CERTIFIER):
        return TakeBack(False, listed([person.name for person in approvers]))
    return TakeBack(True)


def kept_since(item: Item, by: Actor) -> tuple[str, datetime] | None:
    """Who saved the draft last (“You” for whoever asks), and when."""
    draft = draft_of(item)
    if draft is None:
        return None
    name = gettext("You") if draft.by == by.reference else names_of([draft.by]).get(draft.by, gettext("A colleague"))
    return name, draft.kept_at
