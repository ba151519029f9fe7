"""Reading legal bases as they were stored until late 2026: words and sentences, which become the values they were made of."""

import re
from collections.abc import Mapping
from typing import Any, Final

from workflows.legal_basis import Caution, Clause, LegalBasis
from workflows.power import ATTEND, DOUBTFUL, INVITE, REGARD, REPLY, SUPPLY
from workflows.power_words import SUBJECTS

_CONFIDENCE: Final = {"seen": "verified", "from": "general knowledge", "doubtful": DOUBTFUL}
_CLOCKS: Final = (
    (r"within two months beginning with the day of receipt", "months_beginning_with:2"),
    (r"within (\d+) months beginning with the day of receipt", "months_beginning_with:{}"),
    (r"within (\d+) working days", "working_after:{}"),
    (r"within (\d+) clear days", "clear_after:{}"),
    (r"within (\d+) days", "calendar_after:{}"),
    (r"by working day (\d+)", "working_day_number:{}"),
    (r"(\d+) clear days before the meeting", "clear_before:{}"),
    (r"by the date written in the request", "stated_date"),
    (r"on reasonable notice", "reasonable:10"),
    (r"though no period is set", "none"),
)


def read_basis(plain: Mapping[str, Any]) -> LegalBasis | None:
    """A stored basis, of today's version or of the years before; None where nothing was stored."""
    if not plain:
        return None
    return LegalBasis.from_plain(plain) if "version" in plain else _old_basis(plain)


def old_duty(words: str, key: str, law: str = "", how_sure: str = "") -> Clause:
    """A duty that was stored in words, as the values it was made of: 'must supply copies, within 10 clear days'."""
    duty, rest = _duty_of(words)
    clock, found = "none", ""
    for pattern, text in _CLOCKS:
        if match := re.search(rf",? ?{pattern},?", rest):
            clock, found = text.format(*match.groups()), match.group(0)
            break
    covers, _, condition = rest.replace(found, "|" if duty in (SUPPLY, REPLY) else "", 1).partition("|")
    return _clause(
        key=key,
        duty=duty,
        covers=_who(covers.strip(" ,")) if duty == ATTEND else covers.strip(" ,"),
        clock=clock,
        event="",
        condition=condition.strip(" ,"),
        source=law,
        cited=law,
        confidence=_CONFIDENCE.get(re.split(r"[ :;]", how_sure)[0], ""),
    )


def _who(covers: str) -> str:
    """Who must attend, of words such as 'by a member or employee, to answer questions'."""
    match = re.search(r"\bby ([^,]+)", covers)
    return match.group(1) if match else "somebody"


def _duty_of(words: str) -> tuple[str, str]:
    """The duty a sentence began with, and the rest of it."""
    if words.startswith("must have regard"):
        return REGARD, ""
    match = re.match(r"(?:must|may have to) (supply|attend|reply)\b ?(.*)", words)
    return (match.group(1), match.group(2)) if match else (INVITE, "")


def _old_basis(plain: Mapping[str, Any]) -> LegalBasis:
    """A basis stored as words."""
    chief = None
    if plain.get("power"):
        chief = old_duty(plain.get("words", ""), plain["power"], plain.get("law", ""), plain.get("how_sure", ""))
        texts = {key: plain.get(key, "") for key in ("title", "limits", "exemptions", "silence")}
        chief = _with(chief, **texts)
    beside = tuple(
        _with(old_duty(row["sentence"], "", row["law"], row["how_sure"]), subject=_subject(row["subject"]))
        for row in plain.get("bound", ())
    )
    return LegalBasis(
        asked=SUPPLY,
        subject=None,
        chief=chief if chief is None or chief.duty != REGARD else None,
        unsettled=bool(beside),
        beside=beside,
        lines=tuple(_old_line(row) for row in plain.get("lines", ())),
        cautions=tuple(Caution("kept", {"text": text}) for text in plain.get("warnings", ())),
    )


def _old_line(row: Mapping[str, Any]) -> Clause:
    """One duty of the list an officer saw."""
    clause = old_duty(row["words"], "", row["law"], row.get("how_sure", ""))
    texts = {key: row.get(key, "") for key in ("title", "limits", "exemptions", "silence")}
    return _with(clause, **texts, duty=row.get("duty", clause.duty), subject=_subject(row.get("only_on", "")))


def _subject(words: str) -> str | None:
    """The key of a subject that was stored in words."""
    return next((key for key, label in SUBJECTS.items() if label == words), None)


def _clause(**values: Any) -> Clause:
    """A clause of which only some values are known."""
    return Clause.from_plain(values)


def _with(clause: Clause, **values: Any) -> Clause:
    """A clause with more of its values."""
    return Clause.from_plain(clause.to_plain() | values)
