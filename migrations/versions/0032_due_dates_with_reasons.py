"""Why a due date is what it is, as reasons and values in place of sentences: of items, responses and accuracy checks.

A sentence not all of whose words are understood is kept as it is (`kept`); whoever reads rows knows both forms. The sentence a
reason was read from stays beside it, so that going back gives back the very words; what was dated since is put into the words
of before. Everything that is read or written here is spelt out as it was on that day: today's code says it otherwise.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("item", "addressee", "accuracy_check")
#: Values of a working that have reasons of their own, and those that are one reason each.
WITHIN = ("statutory", "agreed")
AGREED = ("extended", "again")
#: So many rows are read and written at once.
BATCH = 500
#: The form of what rows keep.
VERSION = 1

RULES = {
    "calendar_after": "{n} days after the start; the day of the start is not counted; weekends and holidays are",
    "months_beginning_with": "{n} months beginning with the day of the start, which is counted, so the last day is the one before "
    "the same day of the month",
    "working_after": "{n} working days after the start; the day of the start is not counted",
    "working_after_uk_any": "{n} working days after the start, skipping days that are bank holidays in any part of the United Kingdom",
    "working_day_number": "working day {n}, where the day of the start is working day 1 (or the next working day is, if it is not one)",
    "clear_after": "{n} clear days after receipt; the day of receipt is not counted",
    "clear_before": "{n} clear working days before the meeting; neither the day of the meeting nor the day of publication counts",
    "stated_date": "the date written in the request",
    "reasonable": "a reasonable time, taken here as {n} working days; the law sets no number of days",
    "none": "no date is set by law",
}
#: A rule as it was worded before.
REWORDED = re.compile(r"a reasonable time, taken here as (\d{1,4}) working days; this is an expectation, not a duty in law")
#: Clocks that count working days, and so name the bank holidays they pass over.
WORKING = ("working_after", "working_after_uk_any", "working_day_number", "clear_before", "reasonable")
EVENTS = {
    "start": "the clock starts",
    "request_sent": "the request was sent",
    "request_received": "the request was received",
    "report_date": "the report is dated",
    "report_received": "the report was received",
    "report_received_or_notice_if_later": "the report or, if later, the notice was received",
    "response_requested": "a response was asked for",
    "direction_date": "the direction was given",
    "draft_email_date": "the email with the draft was sent",
    "publication": "it was published",
    "notification": "notice was given",
    "meeting": "the meeting is held",
    "phase": "the phase ends",
    "clarified": "the question back was answered",
}
EVENT_OF = {words: key for key, words in EVENTS.items()} | {"the e-mail with the draft was sent": "draft_email_date"}
DIVISIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
    "uk-any": "any part of the United Kingdom",
}
DIVISION_OF = {words: key for key, words in DIVISIONS.items()}
STATES = {
    "asked": "not yet answered",
    "answered": "answer saved, not sent",
    "with_certifier": "with the approver",
    "sent_back": "sent back by the approver",
    "submitted": "answered",
    "not_held": "not held",
    "refused": "refused",
    "redirected": "redirected",
    "returned": "returned for more",
    "accepted": "accepted",
    "withdrawn": "withdrawn",
}
STATE_OF = {words: key for key, words in STATES.items()}
UNITS = {"wd": "working day", "cd": "day", "weeks": "week", "months": "month"}
UNIT_OF = {words: key for key, words in UNITS.items()}
FIXED = {
    "awaits_delivery": "No date runs yet. The date is counted from the day the request is delivered.",
    "law_same": "The law says the same.",
    "law_gives_no_days": "The law gives no number of days.",
    "method_same": "The method says the same.",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def upgrade() -> None:
    """Forwards."""
    for table in TABLES:
        for key, working in _workings(table):
            _write(table, key, with_reasons(working))
    checks = sa.text("SELECT id, due_why, due_working FROM accuracy_check WHERE due_why != ''")
    for row in list(op.get_bind().execute(checks)):
        working = json.loads(row.due_working or "{}")
        if "reasons" in working:
            if row.due_why != working["reasons"][0].get("sentence"):
                _write("accuracy_check", row.id, working | {"why_before": row.due_why})
            op.get_bind().execute(sa.text("UPDATE accuracy_check SET due_why = '' WHERE id = :id"), {"id": row.id})


def downgrade() -> None:
    """Back: the sentences that were there, and what was dated since in the same words."""
    for table in TABLES:
        for key, working in _workings(table):
            sentences = with_sentences(working)
            why = sentences.pop("why_before", sentences.get("sentence"))
            _write(table, key, sentences)
            if table == "accuracy_check" and why:
                again = sa.text("UPDATE accuracy_check SET due_why = :why WHERE id = :id AND due_why = ''")
                op.get_bind().execute(again, {"why": why, "id": key})


def with_reasons(working: Mapping[str, Any]) -> dict[str, Any]:
    """A working with reasons in place of its sentence, and of those within it."""
    new = {key: value for key, value in working.items() if key != "sentence"}
    if working.get("sentence"):
        first, *others = read_sentence(working["sentence"], working.get("steps") or ())
        # It rides in the reason, so that it goes with it: whatever gives the row another reason drops it.
        new |= {"version": VERSION, "reasons": [first | {"sentence": working["sentence"]}, *others]}
    new |= {key: with_reasons(working[key]) for key in WITHIN if isinstance(working.get(key), dict)}
    agreed = {key: working[key] for key in AGREED if isinstance(working.get(key), str)}
    return new | {key: read_agreed(text) | {"sentence": text} for key, text in agreed.items()}


def with_sentences(working: Mapping[str, Any]) -> dict[str, Any]:
    """A working with sentences in place of its reasons."""
    new = {key: value for key, value in working.items() if key not in ("reasons", "version")}
    if working.get("reasons"):
        new["sentence"] = _sentence(working["reasons"])
    new |= {key: with_sentences(working[key]) for key in WITHIN if isinstance(working.get(key), dict)}
    return new | {key: _sentence([working[key]]) for key in AGREED if isinstance(working.get(key), dict)}


def _sentence(reasons: list[dict[str, Any]]) -> str:
    """The sentence that reasons were read from, or the words of before for them."""
    return str(reasons[0].get("sentence") or words_of(reasons))


def _workings(table: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row that has a working, some hundreds at once."""
    last = 0
    while True:
        query = sa.text(f"SELECT id, due_working FROM {table} WHERE id > :last ORDER BY id LIMIT :many")
        rows = list(op.get_bind().execute(query, {"last": last, "many": BATCH}))
        if not rows:
            return
        for row in rows:
            working = json.loads(row.due_working or "{}")
            if working:
                yield row.id, working
        last = rows[-1].id


def _write(table: str, key: int, working: Mapping[str, Any]) -> None:
    """Keep a working as canonical text."""
    text = json.dumps(working, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    op.get_bind().execute(sa.text(f"UPDATE {table} SET due_working = :text WHERE id = :id"), {"text": text, "id": key})


# --- Reading sentences. Each wildcard is bounded: a text that somebody wrote, such as a phase's name, cannot make it slow.

_DATE = r"(\d{1,2} [A-Z][a-z]{2,8} \d{4})"
_DAY = rf"[A-Z][a-z]{{2,6}}day {_DATE}"
_EVENT = rf"(?P<event>{'|'.join(map(re.escape, EVENT_OF))})"
_DIVISION = rf"(?P<division>{'|'.join(map(re.escape, DIVISION_OF))})"
_PAUSED = r"(?:; paused from (?P<pauses>[^;]{1,400}), while a question waited for its reply)?"
_COUNTED = re.compile(
    rf"(?:Due on|By) {_DAY}: (?P<rule>.{{1,200}}?)\. Counted (?:back )?from {_DATE}, the day {_EVENT}"
    rf"(?:, by the bank holidays of {_DIVISION})?(?:, passing over (?P<passed>[^;]{{1,600}}?))?"
    rf"{_PAUSED}(?:; provisional: holidays after {_DATE} are not yet known)?(?:; that it is a [A-Z][a-z]{{2,6}}day does not move it)?\."
)
_STATED = re.compile(rf"Due on {_DAY}: the date written in the request; the law gives no number of days{_PAUSED}\.")
_FIRST = r"(?P<first>Due on|At first due on) "
_CHOSEN = re.compile(rf"{_FIRST}{_DAY}: the day the officer chose\.")
_PHASE = re.compile(
    rf"{_FIRST}{_DAY}: (?:(?P<number>\d{{1,4}}) (?P<unit>working day|day|week|month)s? (?P<side>before|after)|the day on which)"
    rf" “(?P<phase>.{{1,300}}?)” ends \({_DAY}\)\."
)
_EVE = re.compile(rf"{_FIRST}{_DAY}: the last working day before the meeting on {_DAY}, too near for its agenda\.")
_UNKNOWN = re.compile(
    r"(?:By law \((?P<law>.{1,300}?)\): n|N)o date is set yet: it is (?P<rule>.{1,200}?), counted from the day "
    rf"{_EVENT}, and that day is not known\."
)
_PAUSE = re.compile(
    rf"No date runs now: a question was asked on {_DAY} and waits for its reply; the days until then do not count\."
    rf"(?: Before, it was due on {_DAY}\.)?"
)
_LAW = re.compile(rf"By law \((?P<law>.{{1,300}}?)\): {_DAY}\.")
_METHOD = re.compile(rf"The law's day counts; the method asks for {_DAY}\. ?(?P<words>.*)", re.DOTALL)
_ALONE = re.compile(r"No law sets a day; the method asks for this one\. ?(?P<words>.*)", re.DOTALL)


def read_sentence(text: str, steps: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The reasons a stored sentence was made of; the sentence itself where any of it is not understood."""
    found: list[dict[str, Any]] = []
    rest = text.strip()
    while rest:
        taken = _head(rest, tuple(steps))
        if taken is None:
            return [_kept(text)]
        reason, length = taken
        found.append(reason)
        rest = rest[length:].strip()
    return found or [_kept(text)]


def read_agreed(text: str) -> dict[str, Any]:
    """What was agreed since: more time, a later day with a reply, the days of a pause, an answer returned."""
    if match := re.fullmatch(rf"Extended from {_DAY} to {_DAY}\.", text):
        return {"kind": "extended", "before": _day(match[1]), "until": _day(match[2])}
    if match := re.fullmatch(rf"{_DAY} was agreed when the question was answered; before, it was {_DAY}\.", text):
        return {"kind": "agreed_with_reply", "before": _day(match[2]), "until": _day(match[1])}
    if match := re.fullmatch(rf"{_DAY} was agreed, and ([\d,]{{1,9}}) working days? of pause added\.", text):
        return {"kind": "pause_added", "before": _day(match[1]), "days": int(match[2].replace(",", ""))}
    match = re.fullmatch(rf"Returned on {_DAY} \((.{{1,60}}) before\)\.", text)
    if match and match[2] in STATE_OF:
        return {"kind": "returned", "on": _day(match[1]), "state": STATE_OF[match[2]]}
    return _kept(text)


def _kept(words: str) -> dict[str, Any]:
    """A sentence as it was written."""
    return {"kind": "kept", "words": words}


def _head(text: str, steps: tuple[Mapping[str, Any], ...]) -> tuple[dict[str, Any], int] | None:
    """The reason a text begins with, and how much of it says so."""
    for kind, words in FIXED.items():
        if text.startswith(words):
            return {"kind": kind}, len(words)
    for pattern, read in _READERS:
        if match := pattern.match(text):
            reason = read(match, steps)
            return (reason, match.end()) if reason is not None else None
    return None


def _counted(match: re.Match[str], steps: tuple[Mapping[str, Any], ...]) -> dict[str, Any] | None:
    """A count: what was passed over is taken from the steps, which name every day."""
    days = re.findall(_DATE, match[0])
    clock, passed = _clock(match["rule"]), _passed(steps) if match["passed"] else []
    if clock is None or (match["passed"] and not passed):
        return None
    known = re.findall(_DATE, match[0].split("holidays after ")[1]) if "holidays after " in match[0] else []
    began = re.findall(_DATE, match[0].split("from ", 1)[1])[0]
    return {
        "kind": "counted",
        "due": _day(days[0]),
        "clock": clock,
        "event": EVENT_OF[match["event"]],
        "start": _day(began),
        "division": DIVISION_OF.get(match["division"] or "", "england-and-wales"),
        "pauses": _spans(match["pauses"]),
        "passed": passed,
        "known_until": _day(known[0]) if known else None,
    }


def _stated(match: re.Match[str], steps: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """The date written in a request."""
    on = _day(match[1])
    return {
        "kind": "counted",
        "due": on,
        "clock": f"stated_date:{on}",
        "event": "request_sent",
        "start": on,
        "division": "england-and-wales",
        "pauses": _spans(match["pauses"]),
        "passed": [],
        "known_until": None,
    }


def _phase(match: re.Match[str], steps: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """A standard item hung on a phase."""
    days = re.findall(_DAY, match[0])
    return {
        "kind": "of_phase",
        "due": _day(days[0]),
        "offset": int(match["number"] or 0) * (-1 if match["side"] == "before" else 1),
        "unit": UNIT_OF[match["unit"]] if match["unit"] else "cd",
        "phase": match["phase"],
        "ends_on": _day(days[-1]),
        "at_first": _at_first(match),
    }


def _not_started(match: re.Match[str], steps: tuple[Mapping[str, Any], ...]) -> dict[str, Any] | None:
    """A clock whose start is not known."""
    clock = _clock(match["rule"])
    return (
        {"kind": "not_started", "clock": clock, "event": EVENT_OF[match["event"]], "law": match["law"] or ""} if clock else None
    )


_READERS = (
    (_STATED, _stated),
    (_CHOSEN, lambda match, _: {"kind": "chosen", "on": _day(match[2]), "at_first": _at_first(match)}),
    (_PHASE, _phase),
    (
        _EVE,
        lambda match, _: {
            "kind": "before_meeting",
            "due": _day(match[2]),
            "meeting_on": _day(match[3]),
            "at_first": _at_first(match),
        },
    ),
    (_COUNTED, _counted),
    (_UNKNOWN, _not_started),
    (_PAUSE, lambda match, _: {"kind": "paused", "asked_on": _day(match[1]), "before": _day(match[2]) if match[2] else None}),
    (_LAW, lambda match, _: {"kind": "law_other", "law": match["law"], "due": _day(match[2])}),
    (_METHOD, lambda match, _: {"kind": "method_other", "due": _day(match[1]), "words": match["words"]}),
    (_ALONE, lambda match, _: {"kind": "method_alone", "words": match["words"]}),
)


def _at_first(match: re.Match[str]) -> bool:
    """Whether a pause has moved the day since."""
    return match["first"] == "At first due on"


def _passed(steps: tuple[Mapping[str, Any], ...]) -> list[list[str]]:
    """The bank holidays among the days of a working: weekdays that were not counted for a reason of their own."""
    rows = [(str(step["date"]), _reason(step)) for step in steps if step["counted"] is False]
    others = ("the day ", "paused:", "publish ")
    return [[day, why] for day, why in rows if date.fromisoformat(day).weekday() < 5 and not why.startswith(others)]


def _reason(step: Mapping[str, Any]) -> str:
    """Why a day was not counted: in words, or, where a later version wrote the row, as a kind with the name of a holiday."""
    if "why" in step:
        return str(step["why"])
    return str(step["name"]) if step["kind"] == "holiday" else "paused:"


def _spans(text: str | None) -> list[list[str]]:
    """The pauses of a sentence."""
    return [[_day(first), _day(last)] for first, last in re.findall(rf"{_DATE} to {_DATE}", text or "")]


def _day(text: str) -> str:
    """A date as it was written, 27 November 2026, as 2026-11-27."""
    return datetime.strptime(text, "%d %B %Y").date().isoformat()  # noqa: DTZ007  # a day, no moment


def _clock(rule: str) -> str | None:
    """The clock of a rule in words."""
    before = REWORDED.fullmatch(rule)
    return f"reasonable:{before[1]}" if before else _clocks().get(rule)


@cache
def _clocks() -> dict[str, str]:
    """Every rule in words, with its number → the clock."""
    numbered = [f"{name}:{n}" for name in RULES if name not in ("none", "stated_date") for n in range(1, 367)]
    return {_rule(clock): clock for clock in (*numbered, "none", "stated_date")}


def _rule(clock: str) -> str:
    """The rule of a clock in words, with its number."""
    name, _, number = clock.partition(":")
    words = RULES[name].format(n=number)
    return re.sub(r"\b1 ((?:clear |working )?(?:clear |working )?)(day|month)s\b", r"1 \1\2", words) if number == "1" else words


# --- Writing them again, for what was dated since.


def words_of(reasons: Iterable[Mapping[str, Any]]) -> str:
    """Reasons in the words of before."""
    return " ".join(_words(reason) for reason in reasons)


def _words(one: Mapping[str, Any]) -> str:
    """One reason in the words of before."""
    first = "At first due on" if one.get("at_first") else "Due on"
    match one["kind"]:
        case "kept":
            return str(one["words"])
        case "counted":
            return _count_words(one)
        case "chosen":
            return f"{first} {_full(one['on'])}: the day the officer chose."
        case "of_phase":
            number, unit, side = abs(one["offset"]), UNITS[one["unit"]], "before" if one["offset"] < 0 else "after"
            far = f"{_plural(number, unit)} {side}" if number else "the day on which"
            return f"{first} {_full(one['due'])}: {far} “{one['phase']}” ends ({_full(one['ends_on'])})."
        case "before_meeting":
            meeting = _full(one["meeting_on"])
            return f"{first} {_full(one['due'])}: the last working day before the meeting on {meeting}, too near for its agenda."
        case "not_started":
            so = f"date is set yet: it is {_rule(one['clock'])}, counted from the day {EVENTS[one['event']]}, and that day is not known."
            return f"By law ({one['law']}): no {so}" if one["law"] else f"No {so}"
        case "paused":
            said = f"No date runs now: a question was asked on {_full(one['asked_on'])} and waits for its reply; "
            said += "the days until then do not count."
            return f"{said} Before, it was due on {_full(one['before'])}." if one["before"] else said
        case "law_other":
            return f"By law ({one['law']}): {_full(one['due'])}."
        case "method_other":
            return f"The law's day counts; the method asks for {_full(one['due'])}. {one['words']}".strip()
        case "method_alone":
            return f"No law sets a day; the method asks for this one. {one['words']}".strip()
        case _:
            return FIXED.get(one["kind"]) or _agreed_words(one)


def _agreed_words(one: Mapping[str, Any]) -> str:
    """What was agreed since, in the words of before."""
    match one["kind"]:
        case "extended":
            return f"Extended from {_full(one['before'])} to {_full(one['until'])}."
        case "agreed_with_reply":
            return f"{_full(one['until'])} was agreed when the question was answered; before, it was {_full(one['before'])}."
        case "pause_added":
            return f"{_full(one['before'])} was agreed, and {_plural(one['days'], 'working day')} of pause added."
        case "returned":
            return f"Returned on {_full(one['on'])} ({STATES[one['state']]} before)."
        case kind:
            raise ValueError(f"No words of before are known for the reason {kind!r}")


def _count_words(one: Mapping[str, Any]) -> str:
    """A count in the words of before."""
    name, rule = one["clock"].partition(":")[0], _rule(one["clock"])
    if one["due"] is None:
        return f"No date is set yet: {rule}."
    spans = [f"{_plain(first)} to {_plain(last)}" for first, last in one["pauses"]]
    paused = f"; paused from {_list(spans)}, while a question waited for its reply" if spans else ""
    if name == "stated_date":
        return f"Due on {_full(one['due'])}: the date written in the request; the law gives no number of days{paused}."
    by, back = ("By", "back ") if name == "clear_before" else ("Due on", "")
    said = f"{by} {_full(one['due'])}: {rule}. Counted {back}from {_plain(one['start'])}, the day {EVENTS[one['event']]}"
    if name in WORKING:
        said += f", by the bank holidays of {DIVISIONS[one['division']]}"
    if one["passed"]:
        said += f", passing over {_list([f'{_plain(day)} ({why})' for day, why in one['passed']])}"
    said += paused
    if one["known_until"]:
        said += f"; provisional: holidays after {_plain(one['known_until'])} are not yet known"
    weekday = date.fromisoformat(one["due"]).weekday()
    if name not in WORKING and weekday > 4:
        said += f"; that it is a {WEEKDAYS[weekday]} does not move it"
    return f"{said}."


def _plural(number: int, noun: str) -> str:
    """'1 day', '1,000 days'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _list(words: list[str]) -> str:
    """Words joined as people join them; a long list is cut short."""
    if len(words) > 6:
        words = [*words[:5], f"{len(words) - 5} more bank holidays"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _plain(day: str) -> str:
    """2026-11-27 as 27 November 2026."""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B} {found.year}"


def _full(day: str | None) -> str:
    """The same with its weekday."""
    return f"{WEEKDAYS[date.fromisoformat(day).weekday()]} {_plain(day)}" if day else "no day"
