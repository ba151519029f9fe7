"""Start with the rules of config/, or stop on one screen; keep the edition of a method at first use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from config.settings import Settings
from scrutiny.extensions import db
from scrutiny.rules.files import digest, read_rules
from scrutiny.rules.models import MethodEdition, RuleEdition
from scrutiny.rules.queries import rules
from workflows.reading import Fault, Faulty
from workflows.refusals import Refused

ON_A_SCREEN = 12  # faults: a sentence may take two rows of a terminal


def init_app(app: Flask, settings: Settings) -> None:
    """Read every file of rules; a fault in one stops the start and is named with its line and remedy."""
    try:
        app.extensions["rules"] = read_rules(settings)
    except Faulty as faulty:
        sys.exit("Area Scrutiny cannot start with these files:\n" + "\n".join(_on_one_screen(faulty.faults)))


def _on_one_screen(faults: Sequence[Fault]) -> list[str]:
    """As many faults as a screen holds, each with its remedy, and how many are left."""
    told = [f"  - {fault.sentence}" for fault in faults[:ON_A_SCREEN]]
    left = len(faults) - len(told)
    return [*told, f"  … and {left} more: mend these and start again"] if left else told


def keep_method(key: str, *, at: datetime) -> MethodEdition:
    """The edition of a method as it stands today, stored in full the first time it is used."""
    held = rules()
    if key not in held.methods:
        known = ", ".join(sorted(held.methods))
        raise Refused(f"There is no method called {key}: choose one of {known}")
    text, method = held.texts[key], held.methods[key]
    kept = db.session.scalar(select(MethodEdition).where(MethodEdition.digest == digest(text)))
    if kept is None:
        kept = MethodEdition(
            digest=digest(text), key=key, version=method.version, title=method.title, text=text, first_used_at=at
        )
        db.session.add(kept)
        db.session.flush()
    return kept


def keep_text(kind: str, *, at: datetime) -> str:
    """Keep the powers (kind 'powers') or a division's holidays ('holidays/scotland') as used today; the digest."""
    text = rules().texts[kind]
    found = digest(text)
    if db.session.scalar(select(RuleEdition.id).where(RuleEdition.kind == kind, RuleEdition.digest == found)) is None:
        db.session.add(RuleEdition(kind=kind, digest=found, text=text, first_used_at=at))
        db.session.flush()
    return found
