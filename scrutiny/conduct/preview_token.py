"""What somebody has seen of a preview: its mark, which is sent back with the deed and must still be that of the preview."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext

from workflows.refusals import Refused

CHANGED = lazy_gettext("Something has changed since you looked. Read again what would happen, then confirm")


def mark_of(preview: Any) -> str:
    """The mark of a preview (a frozen dataclass of plain values): the same as long as it says the same."""
    plain = json.dumps(asdict(preview), default=str, sort_keys=True, ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()[:16]


def check_seen(preview: Any, seen: str) -> None:
    """Refuse a deed whose preview says something else by now than what was seen."""
    if seen.strip() != mark_of(preview):
        raise Refused(str(CHANGED))
