"""The rules in force, and the editions kept of those that were used."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from flask import current_app, g
from flask_babel import gettext
from sqlalchemy import select, true
from sqlalchemy.exc import NoResultFound

from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.rules import holidays, taken_up
from scrutiny.rules.files import Rules, digest
from scrutiny.rules.models import HolidayList, MethodEdition, MethodText, RuleEdition
from workflows.bank_holidays import staleness
from workflows.ladders import Ladders, read_ladders
from workflows.methods import Method, read_method
from workflows.reading import Faulty
from workflows.refusals import Refused
from workflows.workdays import DIVISION_LABELS, Calendars


def rules() -> Rules:
    """The rules this instance started with. Holidays and methods may have been taken up since: see `rules_in_force`."""
    started: Rules = current_app.extensions["rules"]
    return started


def calendars_in_force() -> Calendars:
    """The bank holidays that count now: those of config/ under the official list taken up last, by whatever process."""
    return rules_in_force().calendars


def rules_in_force() -> Rules:
    """The rules under the holidays and methods taken up here: asked for once a request, read once a process."""
    started = rules()
    if "rules_in_force" not in g:
        g.rules_in_force = taken_up.in_force()
    token = g.rules_in_force
    if token == taken_up.Token():
        return started
    kept = current_app.extensions.get("rules_in_force")
    if kept is None or kept[0] != token or kept[1] is not started:
        kept = token, started, taken_up.over(started, token)
        current_app.extensions["rules_in_force"] = kept
    found: Rules = kept[2]
    return found


def holiday_lists() -> list[HolidayList]:
    """Every official list kept here, the newest first."""
    return list(db.session.scalars(select(HolidayList).order_by(HolidayList.id.desc())))


def list_in_force() -> HolidayList | None:
    """The list that counts now, over the files of config/; None where none was taken up."""
    taken = select(HolidayList).where(HolidayList.taken_up_at.is_not(None))
    return db.session.scalar(taken.order_by(HolidayList.taken_up_at.desc(), HolidayList.id.desc()).limit(1))


def methods() -> dict[str, Method]:
    """The newest version of each method, by key: of the files, and of those taken up here."""
    return rules_in_force().methods


def method_texts() -> list[MethodText]:
    """Every method sent here, the newest first."""
    return list(db.session.scalars(select(MethodText).order_by(MethodText.id.desc())))


def stale_holidays(today: date) -> list[str]:
    """What to say loudly of bank holidays: those that soon end, and files of config/ changed since a list was taken up."""
    told = list(staleness(calendars_in_force(), today))
    kept = list_in_force()
    if kept and holidays.is_damaged(kept):
        told.append(
            gettext(
                "The list %(file)s loaded here is damaged, so bank holidays are those in config/holidays: "
                "load the newest list, www.gov.uk/bank-holidays.json.",
                file=kept.file_name,
            )
        )
    for calendar in rules().calendars if kept else ():
        if kept and kept.over.get(calendar.division) != calendar.digest:
            told.append(
                gettext(
                    "The bank holidays of %(division_labels)s in config/holidays were changed after %(file_name)s was taken up, "
                    "which counts over them: load the newest list, www.gov.uk/bank-holidays.json.",
                    division_labels=DIVISION_LABELS[calendar.division],
                    file_name=kept.file_name,
                )
            )
    return told


def method_of(edition: MethodEdition) -> Method:
    """The method as its kept edition has it, whatever the files and checks of today say.

    A damaged text is taken from the file it was kept from, if that is still there; else Refused says so.
    """
    name = f"{edition.key}-{edition.version}.toml"
    try:
        return _read_method(edition.text, name)
    except Faulty:
        text = next((text for text in rules_in_force().texts.values() if digest(text) == edition.digest), None)
    if text is None:
        sentence = gettext(
            "The text of the method this review uses, “%(title)s” version %(version)s, is damaged and cannot be read. "
            "Ask an administrator to restore it from a backup.",
            title=edition.title,
            version=edition.version,
        )
        raise Refused(sentence)
    return _read_method(text, name)


def method_to_read(key: str, version: str = "") -> tuple[Method, str] | None:
    """A method and its text: the version asked for, in a file or kept by a review; else the newest; None where there is none."""
    held = rules_in_force()
    newest = held.methods.get(key)
    if newest and version in ("", newest.version):
        return newest, held.texts[key]
    name = f"{key}-{version}.toml"
    if name in held.texts:
        return _read_method(held.texts[name], name), held.texts[name]
    if not re.fullmatch(r"[a-z][a-z0-9-]*-(\d{4}\.\d{1,4})?\.toml", name):
        return None
    kept = select(MethodEdition).where(MethodEdition.key == key, MethodEdition.version == version if version else true())
    edition = db.session.scalar(kept.order_by(MethodEdition.id.desc()).limit(1))
    return (method_of(edition), edition.text) if edition else None


def damage_of(edition: MethodEdition) -> str:
    """That the kept text is damaged, in a sentence; '' where it is not. For pages that must not fail for it, such as lists."""
    try:
        method_of(edition)
    except Refused as refused:
        return refused.sentence
    return ""


def damaged_texts() -> list[str]:
    """What to tell administrators of kept texts that cannot be read any more, a sentence for each."""
    methods = db.session.scalars(select(MethodEdition).order_by(MethodEdition.key, MethodEdition.version))
    told = [
        gettext(
            "The text of the method “%(title)s” version %(version)s is damaged, so you cannot work on its reviews. "
            "Restore it from a backup.",
            title=edition.title,
            version=edition.version,
        )
        for edition in methods
        if damage_of(edition)
    ]
    for edition in db.session.scalars(select(RuleEdition).where(RuleEdition.kind == "ladders").order_by(RuleEdition.id)):
        try:
            _kept_ladders(edition.digest)
        except Faulty:
            told.append(
                gettext(
                    "The reminders first used on %(day)s are damaged, so requests that have them follow config/ladders.toml. "
                    "Restore them from a backup.",
                    day=day(london_day(edition.first_used_at)),
                )
            )
    return told


@lru_cache(maxsize=64)
def _read_method(text: str, name: str) -> Method:
    """Read a kept text once."""
    return read_method(text, name)


def ladders_kept(edition: str) -> Ladders:
    """The ladders as a kept edition has them, whatever the file says today; today's where their text is damaged."""
    held = rules().ladders
    try:
        return held if edition == held.digest else _kept_ladders(edition)
    except (Faulty, NoResultFound):
        return held


@lru_cache(maxsize=64)
def _kept_ladders(edition: str) -> Ladders:
    """Look a kept text up and read it once."""
    rows = select(RuleEdition.text).where(RuleEdition.kind == "ladders", RuleEdition.digest == edition)
    return read_ladders(db.session.scalars(rows).one(), "ladders.toml")
