"""What a prepared loading will change, said before anything is stored: new, changed and ended areas, and if the kind fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.load_worker import Worked
from scrutiny.areas.models import Area
from scrutiny.areas.service import CodeRemark, LoadResult, settled_days
from scrutiny.extensions import db
from scrutiny.geography.fields import GSS
from scrutiny.geography.periods import remarks
from scrutiny.rules.queries import rules


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a loading will do; lists hold 'CODE name'. `looks_like` is the kind whose codes the file holds, if it is another."""

    kind: str
    new: list[str]
    changed: list[str]
    corrected: list[str]
    ended: list[str]
    repaired: list[CodeRemark]
    skipped: list[CodeRemark]
    warnings: list[str]
    looks_like: str


def foresee(worked: Worked | LoadResult) -> Foreseen:
    """What writing a prepared layer will do; nothing is written."""
    if isinstance(worked, LoadResult):
        return Foreseen(worked.kind, [], [], [], [], [], [], worked.warnings, "")
    layer, settled = worked.layer, settled_days(worked)
    ids = sorted(settled.ends)
    held = (
        {row.id: row for row in db.session.execute(select(Area.id, Area.code, Area.name).where(Area.id.in_(ids)))} if ids else {}
    )
    named = dict(zip(layer.codes, layer.names, strict=True))
    before = {row.code for row in held.values()} | set(settled.corrected)
    other = looks_like(worked.wanted.kind, layer.codes)
    said = [*layer.warnings, *(text for _, text in worked.notes), *remarks(settled)]
    return Foreseen(
        worked.wanted.kind,
        [f"{code} {named[code]}" for code in layer.codes if code not in before],
        [f"{code} {named[code]}" for code in layer.codes if code in before and code not in settled.corrected],
        [f"{code} {named[code]}" for code in layer.codes if code in settled.corrected],
        [f"{row.code} {row.name}" for row in held.values() if row.code not in named],
        [CodeRemark(code, why) for code, why in layer.repaired],
        [CodeRemark(code, why) for code, why in layer.skipped],
        [*([other_kind_words(worked.wanted.kind, other)] if other else []), *said],
        other,
    )


def looks_like(kind: str, codes: Sequence[str]) -> str:
    """The kind of area whose official codes a file holds, where none of them is of the kind chosen; '' otherwise."""
    known = [code for code in codes if GSS.fullmatch(code)]
    kinds = rules().area_kinds
    if not known or any(kinds[kind].nation_of(code) for code in known):
        return ""
    if not kinds[kind].codes:
        return ""
    fits = {key: sum(bool(one.nation_of(code)) for code in known) for key, one in kinds.items() if key != kind}
    best = max(fits, key=lambda key: fits[key], default="")
    return best if best and fits[best] * 2 > len(known) else ""


def other_kind_words(kind: str, other: str) -> str:
    """'These look like police force areas, but you chose wards'."""
    kinds = rules().area_kinds
    return gettext(
        "These look like %(other)s, but you chose %(chosen)s",
        other=kinds[other].plural.lower(),
        chosen=kinds[kind].plural.lower(),
    )
