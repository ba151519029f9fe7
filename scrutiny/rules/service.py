"""Start with the rules of config/, or stop on one screen; keep editions at first use; take up lists of bank holidays."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

from flask import Flask, current_app
from flask_babel import gettext
from sqlalchemy import select

from config.settings import Settings
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.rules import holidays
from scrutiny.rules.files import Rules, digest, read_rules
from scrutiny.rules.method_texts import check_text, read_text
from scrutiny.rules.models import HolidayList, MethodEdition, MethodText, RuleEdition
from scrutiny.rules.queries import calendars_in_force, rules_in_force
from scrutiny.text_files import text_of
from scrutiny.transaction import enter_once, soon
from workflows.bank_holidays import changes, signs_of_age
from workflows.methods import Method, read_method
from workflows.reading import Fault, Faulty
from workflows.refusals import Refused
from workflows.roles import Actor

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
    return [*told, "  " + gettext("… and %(left)s more: mend these and start again", left=left)] if left else told


def keep_method(key: str, *, at: datetime) -> MethodEdition:
    """The edition of a method as it stands today, stored in full the first time it is used."""
    held = rules_in_force()
    if key not in held.methods:
        known = ", ".join(sorted(held.methods))
        raise Refused(gettext("There is no method called %(key)s: choose one of %(known)s", key=key, known=known))
    return _keep_edition(held.texts[key], held.methods[key], at)


def _keep_edition(text: str, method: Method, at: datetime) -> MethodEdition:
    """Keep one edition, unless it is kept already."""
    kept = _method_kept(digest(text))
    if kept is not None:
        return kept
    row = MethodEdition(
        digest=digest(text), key=method.key, version=method.version, title=method.title, text=text, first_used_at=at
    )
    return enter_once(row, lambda: _method_kept(digest(text)))[0]


def _method_kept(of_digest: str) -> MethodEdition | None:
    """The kept edition of a method with this digest, if there is one."""
    return db.session.scalar(select(MethodEdition).where(MethodEdition.digest == of_digest))


def keep_text(kind: str, *, at: datetime) -> str:
    """Keep the powers (kind 'powers') or a division's holidays ('holidays/scotland') as used today; the digest."""
    return _kept(kind, rules_in_force().texts[kind], at)


def _kept(kind: str, text: str, at: datetime) -> str:
    """Keep one text, unless it is kept already; its digest."""
    found = digest(text)
    kept = select(RuleEdition).where(RuleEdition.kind == kind, RuleEdition.digest == found)
    if db.session.scalar(kept.with_only_columns(RuleEdition.id)) is None:
        row = RuleEdition(kind=kind, digest=found, text=text, first_used_at=at)
        enter_once(row, lambda: db.session.scalar(kept))
    return found


def keep_list(content: bytes, name: str, *, by: Actor, at: datetime) -> tuple[HolidayList, bool]:
    """Keep an official list of bank holidays as it was sent, and whether it is new here; it counts only once taken up.

    Raises Refused, naming each fault with its line, where the list cannot be used.
    """
    try:
        text = text_of(content)
    except UnicodeDecodeError:
        raise Refused(gettext("%(name)s cannot be read as text: fetch www.gov.uk/bank-holidays.json again", name=name)) from None
    same = select(HolidayList).where(HolidayList.digest == digest(text))
    there = db.session.scalar(same)
    if there is not None:
        return there, False
    with_it(text, name)
    row = HolidayList(file_name=name[:300], digest=digest(text), text=text, loaded_by=by.reference, loaded_at=at)
    kept, new = enter_once(row, lambda: db.session.scalar(same))
    if not new:
        return kept, False
    note("holidays_loaded", about=kept.plain, by=by, at=at, digest=kept.digest)
    return kept, True


class Older(Refused):
    """A list seems older than the one in use, and nobody has said that it is meant."""


def take_up(kept: HolidayList, *, by: Actor, at: datetime, older: bool = False) -> HolidayList:
    """Let a list count from now on, in every process; each division's new edition is kept, running dates are counted again.

    Refused where it seems older than the one in use, unless that is meant (`older`).
    """
    started: Rules = current_app.extensions["rules"]
    new = with_it(kept.text, kept.file_name)
    if not older and (signs := signs_of_age(calendars_in_force(), new.calendars)):
        raise Older(" ".join(signs))
    kept.changes = list(changes(calendars_in_force(), new.calendars))
    kept.over = {calendar.division: calendar.digest for calendar in started.calendars}
    kept.taken_up_by, kept.taken_up_at = by.reference, at
    db.session.flush()
    editions = {name: _kept(name, new.texts[name], at) for name in sorted(new.texts) if name.startswith("holidays/")}
    note("holidays_taken_up", about=kept.plain, by=by, at=at, digest=kept.digest, editions=editions)
    soon("check_calendars")
    return kept


def with_it(text: str, name: str) -> Rules:
    """The rules as they would be with a list that does not count yet; Refused where it cannot be used."""
    started: Rules = current_app.extensions["rules"]
    holidays.check_list(started, text, name)
    return holidays.with_list(started, text, name)


def keep_method_text(content: bytes, sent_as: str, *, by: Actor, at: datetime) -> MethodText:
    """Keep a method as it was sent; it is used only once taken up. Faulty or Refused where it could not be."""
    text, name = read_text(content, sent_as)
    same = select(MethodText).where(MethodText.digest == digest(text))
    there = db.session.scalar(same)
    if there is not None:
        return there
    check_text(rules_in_force(), text, name)
    title = read_method(text, name).title[:200]
    row = MethodText(file_name=name, title=title, digest=digest(text), text=text, loaded_by=by.reference, loaded_at=at)
    kept, new = enter_once(row, lambda: db.session.scalar(same))
    if new:
        note("method_sent", about=kept.plain, by=by, at=at, digest=kept.digest)
    return kept


def take_up_method(kept: MethodText, *, by: Actor, at: datetime) -> Method:
    """Let reviews opened from now on use a method, in every process; its edition is kept. Reviews under way keep theirs."""
    check_text(rules_in_force(), kept.text, kept.file_name)
    kept.taken_up_by, kept.taken_up_at = by.reference, at
    db.session.flush()
    method = read_method(kept.text, kept.file_name)
    _keep_edition(kept.text, method, at)
    note("method_added", about=kept.plain, by=by, at=at, digest=kept.digest, key=method.key, version=method.version)
    return method
