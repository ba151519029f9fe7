"""Reading the files of config/ and METHODS_DIR into checked values; nothing starts with a fault in one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from config.settings import PROJECT_ROOT, Settings
from scrutiny.text_files import text_in
from workflows import (
    burden_rates,
    calendar_entries,
    challenges,
    clashes,
    gaps,
    kinds,
    ladders,
    methods,
    peers,
    powers,
    spending,
    workdays,
)
from workflows.reading import Fault, Faulty

CONFIG = PROJECT_ROOT / "config"


@dataclass(frozen=True)
class Rules:
    """Everything the law says here, as read at start: values only. `texts` holds each method's and calendar's own text."""

    calendars: workdays.Calendars
    powers: powers.Powers
    area_kinds: dict[str, kinds.AreaKind]
    agency_kinds: dict[str, kinds.AgencyKind]
    services: dict[str, kinds.Service]
    methods: dict[str, methods.Method]
    ladders: ladders.Ladders
    spending_classes: dict[str, spending.SpendingClass]
    service_divisions: dict[str, spending.ServiceDivision]
    deflators: spending.Deflators
    calendar: tuple[calendar_entries.Entry, ...]
    challenges: challenges.ChallengeRules
    burden: burden_rates.Rates
    clash_rules: tuple[clashes.Rule, ...]
    gap_choices: gaps.Choices
    peers: peers.PeerRules
    texts: dict[str, str]


def read_rules(settings: Settings) -> Rules:
    """Check every file, then read it; raises Faulty with all the faults of all the files."""
    if faults := _faults("agency_kinds.toml", kinds.check_agency_kinds):
        raise Faulty(faults)  # all else is checked against them, so first and alone
    agency_kinds = kinds.read_agency_kinds(*_file("agency_kinds.toml"))
    faults = _faults("powers.toml", partial(powers.check_powers, agency_kinds=agency_kinds))
    held = powers.Powers(()) if faults else powers.read_powers(*_file("powers.toml"))
    faults += _faults("area_kinds.toml", partial(kinds.check_area_kinds, agency_kinds=agency_kinds))
    faults += _faults("services.toml", partial(kinds.check_services, agency_kinds=agency_kinds))
    holidays = _texts(sorted((CONFIG / "holidays").glob("*.toml")), faults)
    faults += workdays.check_calendars(holidays)
    newest, texts = _methods(settings, {"agency_kinds": agency_kinds, "powers": [power.key for power in held]}, faults)
    known = None if faults else list(newest)  # a method that could not be read is not unknown
    faults += _faults("ladders.toml", partial(ladders.check_ladders, methods=known, agency_kinds=agency_kinds))
    faults += _faults("clashes.toml", partial(clashes.check_clash_rules, methods=known))
    faults += _faults_of_spending() + _faults("peers.toml", peers.check_peers)
    days, faults_of_days = _calendar(workdays.read_calendars(holidays), agency_kinds) if not faults else ((), [])
    faults += faults_of_days
    faults += _faults("challenges.toml", challenges.check_challenges)
    faults += _faults("burden.toml", partial(burden_rates.check_rates, agency_kinds=agency_kinds))
    faults += _faults("gaps.toml", partial(gaps.check_gap_choices, services=_service_keys()))
    if faults:
        raise Faulty(faults)
    return Rules(
        calendars=workdays.read_calendars(holidays),
        powers=held,
        area_kinds=kinds.read_area_kinds(*_file("area_kinds.toml")),
        agency_kinds=agency_kinds,
        services=kinds.read_services(*_file("services.toml")),
        methods=newest,
        ladders=ladders.read_ladders(*_file("ladders.toml")),
        spending_classes=spending.read_classes(*_file("cofog.toml")),
        service_divisions=spending.read_divisions(*_file("service_divisions.toml")),
        deflators=spending.read_deflators(*_file("deflators.toml")),
        calendar=days,
        challenges=challenges.read_challenges(*_file("challenges.toml")),
        burden=burden_rates.read_rates(*_file("burden.toml")),
        clash_rules=clashes.read_clash_rules(*_file("clashes.toml")),
        gap_choices=gaps.read_gap_choices(*_file("gaps.toml")),
        peers=peers.read_peers(*_file("peers.toml")),
        texts=texts
        | {"powers": _file("powers.toml")[0], "ladders": _file("ladders.toml")[0]}
        | {f"holidays/{name.removesuffix('.toml')}": text for name, text in holidays.items()},
    )


def calendar_checks(calendars: workdays.Calendars, agency_kinds: Iterable[str]) -> calendar_entries.Checks:
    """What a file of polls, holidays and blackouts is held against."""

    def notice(poll: date, nation: str) -> date:
        return calendars.of(nation).before(poll, calendar_entries.NOTICE_OF_ELECTION)

    return calendar_entries.Checks(notice, tuple(agency_kinds))


def _calendar(
    calendars: workdays.Calendars, agency_kinds: Iterable[str]
) -> tuple[tuple[calendar_entries.Entry, ...], list[Fault]]:
    """The polls, year-ends and blackouts of config/calendar, and what is wrong with their files."""
    checks, faults = calendar_checks(calendars, agency_kinds), list[Fault]()
    texts = _texts(sorted((CONFIG / "calendar").glob("*.toml")), faults)
    for name, text in texts.items():
        faults.extend(calendar_entries.check_calendar(text, f"config/calendar/{name}", checks))
    found = () if faults else [calendar_entries.read_calendar(text, name, checks) for name, text in texts.items()]
    return tuple(entry for entries in found for entry in entries), faults


def _service_keys() -> list[str]:
    """The keys of the services; none where their own file cannot be read, which is told by itself."""
    try:
        return list(kinds.read_services(*_file("services.toml")))
    except Faulty:
        return []


def _faults_of_spending() -> list[Fault]:
    """What is wrong with the classes of spending and the price levels; divisions are checked against the classes."""
    if faults := _faults("cofog.toml", spending.check_classes):
        return faults
    classes = spending.read_classes(*_file("cofog.toml"))
    faults = _faults("service_divisions.toml", partial(spending.check_divisions, classes=classes))
    return faults + _faults("deflators.toml", spending.check_deflators)


def _faults(name: str, check: Callable[[str, str], tuple[Fault, ...]]) -> list[Fault]:
    """What is wrong with a file of config/."""
    try:
        return list(check(*_file(name)))
    except Faulty as faulty:
        return list(faulty.faults)


def _methods(
    settings: Settings, known: dict[str, Iterable[str]], faults: list[Fault]
) -> tuple[dict[str, methods.Method], dict[str, str]]:
    """The newest version of each method by key, and the text of every version by file name and of the newest by key."""
    texts = _texts(method_files(settings), faults)
    read: dict[str, methods.Method] = {}
    newest: dict[str, methods.Method] = {}
    for name, text in texts.items():
        try:
            method = read[name] = methods.read_method(text, name)
        except Faulty as faulty:
            faults.extend(faulty.faults)
            continue
        if method.key not in newest or method_order(method) > method_order(newest[method.key]):
            newest[method.key] = method
    for name, method in read.items():
        replaced = method is not newest[method.key] and name == f"{method.name}.toml"
        if not replaced:  # an older version opens no review any more: it may be as it was once accepted
            faults.extend(methods.check_method(texts[name], name, **known))
    return newest, texts | {method.key: texts[name] for name, method in read.items() if method is newest[method.key]}


def _texts(paths: Iterable[Path], faults: list[Fault]) -> dict[str, str]:
    """The texts of files by name; one that cannot be read, or has the name of one before it, is a fault."""
    texts: dict[str, str] = {}
    for path in paths:
        if path.name in texts:
            remedy = f"raise its number, or take {path} away: a published version is never replaced"
            faults.append(Fault(path.name, 1, "", "this version of the method is there already", remedy))
            continue
        try:
            texts[path.name] = _text(path, path.name)
        except Faulty as faulty:
            faults.extend(faulty.faults)
    return texts


def method_files(settings: Settings) -> list[Path]:
    """The method files shipped, then those of this instance, which an upgrade never touches."""
    own = sorted(settings.methods_dir.glob("*.toml")) if settings.methods_dir.is_dir() else []
    return [*sorted((CONFIG / "methods").glob("*.toml")), *own]


def digest(text: str) -> str:
    """What tells two editions of a text apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def _file(name: str) -> tuple[str, str]:
    """The text of a file of config/, and its name for faults."""
    return _text(CONFIG / name, f"config/{name}"), f"config/{name}"


def _text(path: Path, name: str) -> str:
    """The text of a file; Faulty where it is not there or is not text."""
    try:
        return text_in(path)
    except OSError as error:
        raise Faulty([Fault(name, 1, "", f"this file cannot be read ({error.strerror})", "put it back")]) from None
    except UnicodeDecodeError:
        raise Faulty([Fault(name, 1, "", "this file is not text in UTF-8", "save it as UTF-8 and try again")]) from None


def method_order(method: methods.Method) -> tuple[int, int]:
    """Newer versions of a method after older ones."""
    return method.year, method.number
