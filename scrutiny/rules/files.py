"""Reading the files of config/ and METHODS_DIR into checked values; nothing starts with a fault in one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from config.settings import PROJECT_ROOT, Settings
from workflows import kinds, methods, powers, workdays
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
    texts: dict[str, str]


def read_rules(settings: Settings) -> Rules:
    """Read and check every file; raises Faulty with all the faults of all the files."""
    faults: list[Fault] = []
    agency_kinds = kinds.read_agency_kinds(*_file("agency_kinds.toml"))
    held = powers.read_powers(*_file("powers.toml"), agency_kinds=agency_kinds)
    known = {"agency_kinds": agency_kinds, "powers": [power.key for power in held]}
    texts = {path.name: path.read_text(encoding="utf-8") for path in method_files(settings)}
    newest: dict[str, methods.Method] = {}
    for name, text in list(texts.items()):
        try:
            method = methods.read_method(text, name, **known)
        except Faulty as faulty:
            faults.extend(faulty.faults)
            continue
        if method.key not in newest or _order(method) > _order(newest[method.key]):
            newest[method.key] = method
            texts[method.key] = text
    holidays = {path.name: path.read_text(encoding="utf-8") for path in sorted((CONFIG / "holidays").glob("*.toml"))}
    if faults:
        raise Faulty(faults)
    return Rules(
        calendars=workdays.read_calendars(holidays),
        powers=held,
        area_kinds=kinds.read_area_kinds(*_file("area_kinds.toml"), agency_kinds=agency_kinds),
        agency_kinds=agency_kinds,
        services=kinds.read_services(*_file("services.toml"), agency_kinds=agency_kinds),
        methods=newest,
        texts=texts
        | {"powers": _file("powers.toml")[0]}
        | {f"holidays/{name.removesuffix('.toml')}": text for name, text in holidays.items()},
    )


def method_files(settings: Settings) -> list[Path]:
    """The method files shipped, then those of this instance, which an upgrade never touches."""
    own = sorted(settings.methods_dir.glob("*.toml")) if settings.methods_dir.is_dir() else []
    return [*sorted((CONFIG / "methods").glob("*.toml")), *own]


def digest(text: str) -> str:
    """What tells two editions of a text apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def _file(name: str) -> tuple[str, str]:
    """The text of a file of config/, and its name for faults."""
    return (CONFIG / name).read_text(encoding="utf-8"), f"config/{name}"


def _order(method: methods.Method) -> tuple[int, int]:
    """Newer versions of a method after older ones."""
    return method.year, method.number
