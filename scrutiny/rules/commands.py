"""`flask methods check` and `timetable`, `flask deadlines explain`, `flask holidays check` and `load`."""

from __future__ import annotations

import json
import sys
import textwrap
from datetime import date
from pathlib import Path

import click
from flask import current_app, g
from flask.cli import AppGroup
from sqlalchemy import inspect

from scrutiny import due_words
from scrutiny.days import ANY_DAY
from scrutiny.due_step_words import explained, why_step
from scrutiny.extensions import db
from scrutiny.formats import plural, short_day
from scrutiny.pages import now, today
from scrutiny.phase_words import phase_why
from scrutiny.rules import service
from scrutiny.rules.files import method_files
from scrutiny.rules.queries import calendars_in_force, damaged_texts, list_in_force, rules, stale_holidays
from scrutiny.rules.queries import methods as methods_here
from scrutiny.text_files import text_in
from scrutiny.transaction import writes_now
from workflows.bank_holidays import check_official, differences, read_official
from workflows.deadlines import Due, due
from workflows.due_reasons import counted
from workflows.jobs import registered
from workflows.methods import Fault, PhaseDates, check_method, timetable_of
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR
from workflows.workdays import DIVISION_LABELS, ENGLAND_AND_WALES, Calendar, in_words

methods = AppGroup("methods", help="Methods: the texts that say how a review is made.")
holidays = AppGroup("holidays", help="Bank holidays: how long they are known, and what the official list has beside.")
deadlines = AppGroup("deadlines", help="Due dates, and why they are those.")


@methods.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check method FILES, or every method of this instance and the texts its reviews keep; name each fault and remedy."""
    found = {path: _faults(path) for path in files or method_files(current_app.config["SETTINGS"])}
    if as_json:
        click.echo(json.dumps([_as_json(path, faults) for path, faults in found.items()], ensure_ascii=False))
    for path, faults in found.items():
        for fault in faults:
            click.echo(fault.sentence, err=True)
        if not faults and not as_json:
            click.echo(f"{path.name}: nothing is wrong with it")
    damaged = [] if files else _damaged()
    for sentence in damaged:
        click.echo(sentence, err=True)
    if damaged or any(found.values()):
        sys.exit(1)


@methods.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load_method(file: Path, as_json: bool) -> None:
    """Check a method FILE and use it for new reviews from now on; name each fault and remedy. Reviews under way keep theirs."""
    at = now()
    try:
        with writes_now():
            kept = service.keep_method_text(file.read_bytes(), file.name, by=OPERATOR_ACTOR, at=at)
            used = service.take_up_method(kept, by=OPERATOR_ACTOR, at=at)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    g.pop("rules_in_force", None)  # this process too uses it from here on
    told = {"method": used.key, "version": used.version, "title": used.title, "digest": used.digest}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{used.title}, version {used.version}: used for new reviews")


def _damaged() -> list[str]:
    """Texts that reviews keep and that cannot be read any more; none where there are no tables yet."""
    return damaged_texts() if inspect(db.engine).has_table("method_edition") else []


def _faults(path: Path) -> tuple[Fault, ...]:
    """What is wrong with a file."""
    if not path.exists():
        return (Fault(str(path), 1, "", "this file is not there", "give the path of a method's .toml file"),)
    if path.is_dir():
        return (Fault(str(path), 1, "", "this is a folder", f"name the files in it: {path}/*.toml"),)
    try:
        text = text_in(path)
    except (OSError, UnicodeDecodeError):
        return (Fault(path.name, 1, "", "this file cannot be read as text", "give the path of a .toml file in UTF-8"),)
    held = rules()
    return check_method(text, path.name, agency_kinds=held.agency_kinds, powers=[power.key for power in held.powers])


def _as_json(path: Path, faults: tuple[Fault, ...]) -> dict[str, object]:
    """One file's result."""
    return {
        "file": str(path),
        "right": not faults,
        "faults": [{"line": fault.line, "key": fault.key, "sentence": fault.sentence} for fault in faults],
    }


@methods.command("timetable")
@click.argument("method")
@click.option("--from", "start", required=True, type=ANY_DAY, help="The day the review opens.")
@click.option("--nation", default="england", help="england, wales, scotland or northern-ireland: whose bank holidays count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def timetable(method: str, start: date, nation: str, as_json: bool) -> None:
    """Print the timetable of METHOD (its key, such as call-in) for a review that opens on a day, each phase with why then."""
    found, calendars = methods_here().get(method), calendars_in_force()
    try:
        if found is None:
            raise Refused(f"There is no method called {method}: choose one of {', '.join(sorted(methods_here()))}")
        phases, calendar = timetable_of(found, start, calendars, nation), calendars.of(nation)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        told = {
            "method": found.key,
            "version": found.version,
            "title": found.title,
            "from": start.isoformat(),
            "nation": nation,
            "phases": [_phase_as_json(one, calendar) for one in phases],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{found.title}, version {found.version}: from {in_words(start)}")
    for one in phases:
        click.echo(f"\n{one.title}{' (set by law)' if one.statutory else ''}")
        long = plural(calendar.count(one.starts_on, one.ends_on), "working day")
        click.echo(f"  {short_day(one.starts_on)} to {short_day(one.ends_on)}, {long}")
        click.echo(textwrap.fill(phase_why(one.why), 100, initial_indent="  ", subsequent_indent="  "))


def _phase_as_json(one: PhaseDates, calendar: Calendar) -> dict[str, object]:
    """A phase with its dates, as the interface promises."""
    return {
        "key": one.key,
        "title": one.title,
        "from": one.starts_on.isoformat(),
        "to": one.ends_on.isoformat(),
        "working_days": calendar.count(one.starts_on, one.ends_on),
        "statutory": one.statutory,
        "why": phase_why(one.why),
    }


@deadlines.command("explain")
@click.argument("clock")
@click.option("--from", "start", required=True, type=ANY_DAY, help="The day that starts the clock.")
@click.option("--nation", default=ENGLAND_AND_WALES, help="england-and-wales, scotland or northern-ireland.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def explain(clock: str, start: date, nation: str, as_json: bool) -> None:
    """Say when CLOCK (such as working_after:20) runs out, and show every day of the count."""
    try:
        found = due(clock, start, calendars_in_force(), nation=nation)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(_explained(found), ensure_ascii=False))
        return
    click.echo(due_words.sentences([counted(found)]))
    for step in found.steps():
        click.echo(f"{step.date:%a %d %b %Y}  {'counted' if step.counted else '   –   '}  {why_step(step)}")
    click.echo(f"Source: {found.source}")


def _explained(found: Due) -> dict[str, object]:
    """A due date with its working, as the interface promises."""
    return {
        "due": found.due.isoformat() if found.due else None,
        "clock": str(found.clock),
        "nation": found.nation,
        "steps": explained(found.steps()),
    }


@holidays.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check_holidays(file: Path | None, as_json: bool) -> None:
    """Say how long the bank holidays held here last and, with FILE (bank-holidays.json of GOV.UK), what differs from it."""
    calendars = calendars_in_force()
    try:
        text = text_in(file) if file else ""
    except (OSError, UnicodeDecodeError):
        click.echo(f"{file} cannot be read as text: give the path of bank-holidays.json from GOV.UK.", err=True)
        sys.exit(1)
    if file and (faults := check_official(text, file.name)):
        click.echo("\n".join(fault.sentence for fault in faults), err=True)
        sys.exit(1)
    found = differences(calendars, read_official(text, file.name)) if file else ()
    stale = stale_holidays(today())
    if as_json:
        known = {calendar.division: calendar.last_day.isoformat() for calendar in calendars}
        told = {"known_to": known, "differences": [one.sentence for one in found], "stale": stale}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for calendar in calendars:
        click.echo(f"{DIVISION_LABELS[calendar.division]}: known to {in_words(calendar.last_day)}")
    for sentence in (*stale, *(one.sentence for one in found)):
        click.echo(sentence)
    if file and not found:
        click.echo(f"{file.name}: nothing differs")
    if file and found:
        click.echo(f"To let the list count: flask holidays load {file.name}, or send it on the administrator's page")


@holidays.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--older", is_flag=True, help="Take the list up although it ends earlier, or lacks days, than the one in use.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load_holidays(file: Path, older: bool, as_json: bool) -> None:
    """Let an official list (bank-holidays.json of GOV.UK) count from now on, over config/holidays; running dates follow."""
    try:
        with writes_now():
            kept, new = service.keep_list(file.read_bytes(), file.name, by=OPERATOR_ACTOR, at=now())
            if not new and kept == list_in_force():
                raise Refused(f"{file.name} is loaded already, and counts")
            changes = list(service.take_up(kept, by=OPERATOR_ACTOR, at=now(), older=older).changes)
    except OSError as fault:
        click.echo(f"{file} cannot be read ({fault.strerror}): give the path of bank-holidays.json from GOV.UK.", err=True)
        sys.exit(1)
    except Refused as refused:
        meant = " If you mean this list, give --older." if isinstance(refused, service.Older) else ""
        click.echo(f"{refused}{meant}", err=True)
        sys.exit(1)
    g.pop("rules_in_force", None)  # this process too counts with the list from here on
    moved = str(registered()["check_calendars"](at=now()))
    if as_json:
        known = {calendar.division: calendar.last_day.isoformat() for calendar in calendars_in_force()}
        click.echo(json.dumps({"file": file.name, "changes": changes, "known_to": known, "moved": moved}, ensure_ascii=False))
        return
    for sentence in changes or ["Nothing changes: the same days are known here"]:
        click.echo(sentence)
    click.echo(moved)
