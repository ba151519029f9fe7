"""What came of a recommendation: read once into plain values, and said in words by the same functions wherever it is shown.

The place, the agency, the report, the area report and its PDF, the tables to download and the API all take their words here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext
from flask_babel import lazy_gettext as _l

from scrutiny import due_words
from scrutiny.formats import full_stop, london_day
from scrutiny.legal_words import PUBLIC, sentence
from scrutiny.recommendations.models import Addressee, ProgressReturn, ResponseStep
from scrutiny.recommendations.queries import AWAITED, is_response_late
from scrutiny.recommendations.records import Record, ReturnRecord, StepRecord
from scrutiny.requests.legal_basis import stored_basis
from workflows.labels import Labels, labels, words_of
from workflows.lifecycles.recommendation import ENDED, RESPONSE
from workflows.written_days import day_written

STATUSES = labels(
    {
        "on-track": lazy_gettext("On track"),
        "slipped": lazy_gettext("Slipped"),
        "achieved": lazy_gettext("Said to be done"),
        "not-achieved": lazy_gettext("Not done, and not going to be"),
    }
)


class State(NamedTuple):
    """A state in a word and a shape; the tone only tints it."""

    word: str
    shape: str
    tone: str


class Line(NamedTuple):
    """One thing that happened: who did what and when, in whose own words, and what else must be said of it."""

    head: str
    words: str
    note: str

    @property
    def text(self) -> str:
        """The line as one text, for tables and letters."""
        quoted = f"{self.head}: “{self.words}”" if self.words else self.head
        return f"{quoted} {self.note}".rstrip()


_SHAPES = Labels(
    {
        "awaited": ("○", "waiting"),
        "noted": ("○", "waiting"),
        "accepted": ("✓", "soon"),
        "partly_accepted": ("◐", "soon"),
        "rejected": ("×", "refused"),
        "said_done": ("●", "waiting"),
        "done": ("✓", "done"),
        "partly_done": ("◐", "soon"),
        "not_done": ("×", "refused"),
        "not_accepted": ("×", "refused"),
        "superseded": ("→", "quiet"),
        "no_longer_tracked": ("–", "quiet"),
    },
    lambda key: ("·", "quiet"),
)


def _another(key: str) -> Any:
    """The sentence of what was recorded under a key not known here (any more)."""
    return _l("%(who)s recorded “%(what)s” on %(day)s", who="%(who)s", what=words_of(key), day="%(day)s")


#: An agency's step.
_ANSWERED = Labels(
    {
        "accepted": _l("%(who)s accepted it on %(day)s"),
        "partly_accepted": _l("%(who)s accepted it in part on %(day)s"),
        "rejected": _l("%(who)s rejected it on %(day)s"),
        "noted": _l("%(who)s noted it on %(day)s, with its answer to come"),
        "said_done": _l("%(who)s said on %(day)s that it is done"),
    },
    _another,
)
#: What an agency may answer for good; each again is a correction.
GIVEN = ("accepted", "partly_accepted", "rejected")
#: An agency's step that corrects an answer it gave before.
_CORRECTED = Labels(
    {
        "accepted": _l("%(who)s corrected its response on %(day)s: it accepted it"),
        "partly_accepted": _l("%(who)s corrected its response on %(day)s: it accepted it in part"),
        "rejected": _l("%(who)s corrected its response on %(day)s: it rejected it"),
    },
    _another,
)
#: A body's step; what keeps a recommendation open leads back to a state before the end.
_DECIDED = Labels(
    {
        "accepted": _l("%(who)s said on %(day)s that it is not done yet"),
        "partly_accepted": _l("%(who)s said on %(day)s that it is not done yet"),
        "done": _l("%(who)s verified on %(day)s that it is done"),
        "partly_done": _l("%(who)s closed it as partly done on %(day)s"),
        "not_done": _l("%(who)s closed it as not done on %(day)s"),
        "not_accepted": _l("%(who)s closed it as not accepted on %(day)s"),
        "superseded": _l("%(who)s closed it as replaced on %(day)s"),
        "no_longer_tracked": _l("%(who)s stopped tracking it on %(day)s"),
    },
    _another,
)
#: A progress return.
_REPORTED = Labels(
    {
        "on-track": _l("%(who)s said on %(day)s that it is on track"),
        "slipped": _l("%(who)s said on %(day)s that it has slipped and will be done by %(later)s"),
        "achieved": _l("%(who)s said on %(day)s that it is done"),
        "not-achieved": _l("%(who)s said on %(day)s that it is not done and will not be"),
    },
    _another,
)


def record_of(addressee: Addressee, today: date) -> Record:
    """A recommendation to one agency and everything that came of it, as plain values; days as ISO text."""
    made, place = addressee.recommendation, addressee.recommendation.review.place
    record: Record = {
        "review": made.review.reference,
        "lead": made.review.lead.name,
        "place": place.name,
        "place_slug": place.slug,
        "place_codes": sorted(area.code for area in place.areas),
        "number": made.number,
        "agency_id": addressee.agency_id,
        "agency": addressee.agency.name,
        "text": made.text,
        "measure": made.measure,
        "done_by": made.done_by.isoformat(),
        "findings": [finding.number for finding in made.findings],
        "state": addressee.state,
        "late": is_response_late(addressee, today),
        "overdue": not addressee.has_ended and addressee.state not in _NOTHING_DUE and _last_day(addressee) < today,
        "legal_basis": stored_basis(addressee.legal_basis).stripped().to_plain(),
        "response_due_on": addressee.due_on.isoformat() if addressee.due_on else "",
        "response_due_why": due_words.why(addressee.due_working),
        "answer": addressee.answer,
        "answered_on": addressee.answered_on.isoformat() if addressee.answered_on else "",
        "expected_on": addressee.expected_on.isoformat() if addressee.expected_on else "",
        "steps": [_step(step) for step in addressee.steps],
        "returns": [_return(row, addressee) for row in addressee.returns],
    }
    if is_undelivered(addressee):
        record["undelivered"] = True
    return record


def is_undelivered(addressee: Addressee) -> bool:
    """Whether it has not reached its agency, so that no time to respond runs."""
    return addressee.received_on is None and addressee.state in AWAITED and addressee.recommendation.state == "made"


#: States in which nothing is to be done by a day: what was rejected, or is said to be done and awaits the body.
_NOTHING_DUE = ("rejected", "said_done")


def _last_day(addressee: Addressee) -> date:
    """The day by which it is to be done: the new one where it slipped."""
    return addressee.expected_on or addressee.recommendation.done_by


def _step(step: ResponseStep) -> StepRecord:
    """One step as plain values; evidence that is not public is not named."""
    lodging, new = step.lodging, step.replaced_by
    is_public = lodging is not None and lodging.is_public_on(london_day(step.at))
    who = step.body.name if step.body else step.agency.name if step.agency else ""
    record: StepRecord = {
        "at": step.at.isoformat(),
        "who": who,
        "by": "body" if step.body_id is not None else "agency",
        "outcome": step.outcome,
        "words": step.words,
        "evidence": step.evidence,
        "shown_by": {"id": lodging.id, "title": lodging.evidence.title} if lodging and is_public else None,
        "replaced_by": {"review": new.review.reference, "number": new.number} if new else None,
    }
    if step.erased_at is not None:
        record["erased"] = london_day(step.erased_at).isoformat()
    return record


def _return(row: ProgressReturn, addressee: Addressee) -> ReturnRecord:
    """A progress return as plain values, with the agency that answered for the recommendation on that day."""
    on = london_day(row.at)
    holders = [h for h in addressee.holders if h.from_on <= on and (h.to_on is None or h.to_on >= on)]
    record: ReturnRecord = {
        "at": row.at.isoformat(),
        "who": (holders[-1].agency if holders else addressee.agency).name,
        "status": row.status,
        "words": row.text,
        "new_date": row.new_date.isoformat() if row.new_date else "",
    }
    if row.erased_at is not None:
        record["erased"] = london_day(row.erased_at).isoformat()
    return record


def state_of(record: Record) -> State:
    """What came of it in a word and a shape; a response that is late says so."""
    if record["late"]:
        return State(gettext("Response overdue"), "!", "late")
    if record.get("undelivered"):
        return State(gettext("Not delivered yet"), "!", "late")
    return State(RESPONSE.states[record["state"]], *_SHAPES[record["state"]])


def response(addressee: Addressee, today: date) -> State:
    """The same, of a row."""
    late, undelivered = is_response_late(addressee, today), is_undelivered(addressee)
    return state_of({"state": addressee.state, "late": late, "undelivered": undelivered})


def account(record: Record, *, brief: bool = False, due: bool = True) -> list[Line]:
    """Everything that came of it, in order; briefly: the last answer, progress and decision, and why it was ever rejected.

    The day a response is due stands last; a page that can show why it is due then leaves it out.
    """
    given = [step["at"] for step in record["steps"] if step["by"] == "agency" and step["outcome"] in GIVEN]
    steps = [(step["at"], 0, _step_line(step, again=step["at"] in given[1:])) for step in _kept(record, brief)]
    returns = record["returns"][-1:] if brief else record["returns"]
    told = [*steps, *((row["at"], 1, _return_line(row)) for row in returns)]
    lines = [line for _, _, line in sorted(told, key=lambda row: row[:2])]
    if record.get("response_words"):  # an area report of the first form kept no more than these
        lines.append(Line(gettext("Response"), record["response_words"], ""))
    if record.get("undelivered"):
        words = gettext("It has not reached %(agency)s yet, so no time to respond runs", agency=record["agency"])
        lines.append(Line(words, "", ""))
    if due and awaits(record):
        lines.append(Line(due_sentence(record), "", ""))
    return lines


def last_step(record: Mapping[str, Any]) -> Line:
    """The last step of either side in words, though a progress return came at the same moment."""
    return _step_line(record["steps"][-1])


def awaits(record: Record) -> bool:
    """Whether a response is still to come and has a day."""
    return record["state"] in AWAITED and bool(record["response_due_on"])


def due_sentence(record: Record) -> str:
    """By when the response is due, or was."""
    sentence = _l("Response was due by %(day)s") if record["late"] else _l("Response due by %(day)s")
    return str(sentence % {"day": _day(record["response_due_on"])})


def _kept(record: Record, brief: bool) -> list[StepRecord]:
    """The steps to be told: all, or the last of each side."""
    steps: list[StepRecord] = record["steps"]
    if not brief:
        return steps
    last = {step["by"]: place for place, step in enumerate(steps)}
    return [step for place, step in enumerate(steps) if place in last.values() or step["outcome"] == "rejected"]


def _step_line(step: StepRecord, *, again: bool = False) -> Line:
    """One step in words; `again`: an agency's answer after one it gave before."""
    sentence = (_DECIDED if step["by"] == "body" else _CORRECTED if again else _ANSWERED)[step["outcome"]]
    note, new, shown = _erased(step), step["replaced_by"], step["shown_by"]
    if new:
        note.append(gettext("It is replaced by recommendation %(number)s of %(review)s.", **new))
    if step["evidence"]:
        note.append(gettext("Evidence: %(words)s", words=full_stop(step["evidence"])))
    if shown:
        note.append(gettext("Published evidence: %(title)s", title=full_stop(shown["title"])))
    return Line(sentence % {"who": step["who"], "day": _day(step["at"])}, step["words"], " ".join(note))


def _return_line(row: ReturnRecord) -> Line:
    """A progress return in words, with the new day where it slipped."""
    later = _day(row["new_date"]) if row["new_date"] else ""
    said = _REPORTED[row["status"]] % {"who": row["who"], "day": _day(row["at"]), "later": later}
    return Line(said, row["words"], " ".join(_erased(row)))


def _erased(said: StepRecord | ReturnRecord) -> list[str]:
    """That words which stood here were erased, in a sentence; nothing where none were."""
    return [gettext("The words were erased on %(day)s.", day=_day(said["erased"]))] if "erased" in said else []


def say(row: ResponseStep | ProgressReturn, addressee: Addressee) -> Line:
    """One step or progress update as a line."""
    return _step_line(_step(row)) if isinstance(row, ResponseStep) else _return_line(_return(row, addressee))


def ending(record: Record) -> StepRecord | None:
    """The step that ended it, or None while it is open."""
    return record["steps"][-1] if record["state"] in ENDED and record["steps"] else None


def ended_on(record: Record) -> str:
    """The day on which it ended, as ISO text, or ''."""
    end = ending(record)
    return london_day(datetime.fromisoformat(end["at"])).isoformat() if end else ""


def seen(step: StepRecord) -> str:
    """What the body saw, in its words and by the title of published evidence, or ''."""
    shown = step["shown_by"]["title"] if step["shown_by"] else ""
    return "; ".join(part for part in (step["evidence"], shown) if part)


def when(record: Record) -> str:
    """By when it is to be done, and the new day where the agency has said that it slipped."""
    asked = _day(record["done_by"])
    said = asked
    if record["expected_on"]:
        said = gettext("%(asked)s, slipped to %(later)s", asked=asked, later=_day(record["expected_on"]))
    return gettext("%(when)s (overdue)", when=said) if record["overdue"] else said


#: The head of the table to take away, and of the one attached to an area report.
COLUMNS = (
    "review",
    "number",
    "place",
    "place_codes",
    "lead_body",
    "agency_id",
    "agency",
    "recommendation",
    "done_by",
    "duty",
    "response_due",
    "response",
    "answered_on",
    "words",
    "expected_on",
    "latest_progress_on",
    "latest_progress",
    "latest_progress_words",
    "outcome",
    "ended_on",
    "ended_by",
    "ended_why",
    "evidence",
    "replaced_by",
)


def row(record: Record) -> tuple[Any, ...]:
    """A recommendation as one row of that table; days as ISO text, states in the words of the pages."""
    end, last = ending(record), record["returns"][-1] if record["returns"] else None
    answered = next((s for s in reversed(record["steps"]) if s["by"] == "agency"), None)
    new = end["replaced_by"] if end else None
    return (
        record["review"],
        record["number"],
        record["place"],
        "; ".join(record["place_codes"]),
        record["lead"],
        record["agency_id"],
        record["agency"],
        record["text"],
        record["done_by"],
        sentence(stored_basis(record.get("legal_basis")), PUBLIC, record["agency"]),
        record["response_due_on"],
        RESPONSE.states[record["answer"]] if record["answer"] else "",
        record["answered_on"],
        answered["words"] if answered else "",
        record["expected_on"],
        london_day(datetime.fromisoformat(last["at"])).isoformat() if last else "",
        STATUSES[last["status"]] if last else "",
        last["words"] if last else "",
        state_of(record).word,
        ended_on(record),
        end["who"] if end else "",
        end["words"] if end else "",
        seen(end) if end else "",
        f"{new['review']}, {new['number']}" if new else "",
    )


def counted(records: Iterable[Record]) -> list[tuple[str, int]]:
    """How many stand how, in the words that each is told by; late and undelivered ones first, then as in the lifecycle."""
    words = Counter(state_of(record).word for record in records)
    first = sorted(set(words) - set(RESPONSE.states.values()))
    return [(word, words[word]) for word in (*first, *RESPONSE.states.values()) if word in words]


def _day(text: str) -> str:
    """A stored day, or the day in London of a stored moment, in words: '3 March 2026'."""
    value = london_day(datetime.fromisoformat(text)) if "T" in text else day_written(text)
    return f"{value.day} {value:%B %Y}"
