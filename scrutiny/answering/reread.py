"""What an approver had read when something was sent back, kept until it is sent, and what has changed in it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.answering.queries import draft_of
from scrutiny.evidence.markings import label
from scrutiny.formats import day
from scrutiny.requests.models import Item
from scrutiny.word_changes import Piece, pieces
from workflows.lifecycles.item import ITEM
from workflows.written_days import day_written

FIELDS = ("said", "text", "figures", "files", "period", "as_at", "marking", "ground", "attends", "redirected_to")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an answer that is not what the approver had read, word by word."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Reread:
    """What has changed since an approver sent something back at a moment; nothing, where `changes` is empty."""

    at: datetime | None
    changes: tuple[FieldChange, ...]


def content_of(item: Item) -> dict[str, str]:
    """What is saved of an item, by field, as an approver reads it."""
    decline, draft = item.decline_kept, draft_of(item)
    if decline is not None:
        return {"said": decline.kind, "ground": decline.ground, "redirected_to": decline.redirected_to}
    if draft is None:
        return {}
    evidence = draft.lodging.evidence
    return {
        "text": evidence.text,
        "figures": evidence.figures,
        "files": "\n".join(file.name for file in evidence.files if file.erased_at is None),
        "period": evidence.period,
        "as_at": evidence.as_at.isoformat() if evidence.as_at else "",
        "marking": draft.lodging.marking if draft.marked else "",
        "ground": draft.lodging.exempt_ground,
        "attends": draft.attended_by or "",
    }


def reread(item: Item) -> Reread | None:
    """What has changed since it was sent back last; None where it was not, or what was read is not kept."""
    last = next((one for one in reversed(item.returns_open) if one.kind == "sent_back"), None)
    if last is None or last.content is None:
        return None
    before, after = _shown(last.content), _shown(content_of(item))
    changed = [name for name in FIELDS if before.get(name, "") != after.get(name, "")]
    return Reread(last.at, tuple(FieldChange(name, pieces(before.get(name, ""), after.get(name, ""))) for name in changed))


def field_words(change: FieldChange) -> str:
    """The name of a field, as the form calls it."""
    return {
        "said": gettext("What is said in place of an answer"),
        "text": gettext("Answer"),
        "figures": gettext("Figures"),
        "files": gettext("Files"),
        "period": gettext("Period"),
        "as_at": gettext("As at"),
        "marking": gettext("Who may see this"),
        "ground": gettext("Ground"),
        "attends": gettext("Who attends"),
        "redirected_to": gettext("Who holds it"),
    }[change.field]


def _shown(content: dict[str, str]) -> dict[str, str]:
    """The same in the words of a page."""
    shown = dict(content)
    if shown.get("said"):
        shown["said"] = ITEM.states[shown["said"]]
    if shown.get("marking"):
        shown["marking"] = str(label(shown["marking"]))
    if shown.get("as_at"):
        shown["as_at"] = day(day_written(shown["as_at"]))
    return shown
