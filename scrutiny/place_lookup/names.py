"""The names of all areas but the small ones, of all days, in an index of this process.

Small areas have no names of their own, and are not in it.
"""

from __future__ import annotations

import threading
from typing import Any

from flask import current_app
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.stored_layers import last_loading
from scrutiny.extensions import db
from scrutiny.place_lookup.name_index import Kinds, NameIndex, named
from scrutiny.rules.queries import rules
from scrutiny.spelling import kind_words
from scrutiny.typed_text import folded

_making = threading.Lock()


def name_index() -> NameIndex:
    """The index of this process, built on first use and again when any process has loaded something since."""
    seen = last_loading()
    held: NameIndex | None = current_app.extensions.get("area_names")
    if held is None or held.seen != seen:
        with _making:
            held = current_app.extensions.get("area_names")
            if held is None or held.seen != seen:
                held = current_app.extensions["area_names"] = _made(seen)
    return held


def _made(seen: Any) -> NameIndex:
    """The index of what is loaded now."""
    kinds = rules().area_kinds
    measured = [key for key, kind in kinds.items() if kind.measuring_stick]
    columns = (Area.id, Area.code, Area.kind, Area.name, Area.name_cy, Area.from_on, Area.to_on)
    rows = db.session.execute(select(*columns).where(Area.kind.not_in(measured)).order_by(Area.id))
    entries = [named(key, code, kind, (name, name_cy), (begins, ends)) for key, code, kind, name, name_cy, begins, ends in rows]
    return NameIndex(
        entries,
        Kinds(
            rank={key: (not kind.agencies, kind.order) for key, kind in kinds.items()},
            called={key: kind_words(folded(f"{kind.label} {key}")) | set(folded(key).split()) for key, kind in kinds.items()},
            major={key for key, kind in kinds.items() if kind.agencies},
        ),
        seen,
    )
