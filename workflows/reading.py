"""Reading a TOML text key by key: a value for every key whatever stands there, and every fault with its line and remedy.

A builder asks a `Table` for each key by name and kind. It always gets a value: what stands there, or a documented default
where nothing stands there or what does is not known here. So one builder serves both those who read a kept text, which was
accepted once and is never judged again (`read_with`), and those who check a new one (`faults_with`).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, TypeVar

from workflows.refusals import Refused
from workflows.toml_texts import toml_of

Path = tuple[str | int, ...]
T = TypeVar("T")
_HEADER = re.compile(r"^\s*\[(\[)?\s*([A-Za-z0-9_.\-]+)\s*\]?\]\s*(#.*)?$")
_PLAIN = re.compile(r"[a-z][a-z0-9-]*")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where it is, what is wrong and what would put it right."""

    file: str
    line: int
    key: str
    problem: str
    remedy: str

    @property
    def sentence(self) -> str:
        """The fault in one line, as a person at a terminal reads it."""
        where = f"{self.file}, line {self.line}" + (f", {self.key}" if self.key else "")
        return f"{where}: {self.problem}; {self.remedy}."


class Faulty(Refused):
    """A text that may not be used; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.sentence for fault in self.faults))


def lines_of(text: str) -> dict[Path, int]:
    """Where each table and key of a TOML text stands: path to line number, from 1."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not quote and (header := _HEADER.match(line)):
            here = _table_path(header[2].split("."), bool(header[1]), counts)
            found[here] = number
        elif not quote and (key := _KEY.match(line)):
            found.setdefault((*here, key[1].strip('"')), number)
        for mark in ('"""', "'''"):  # a long text may hold lines that look like keys
            if line.count(mark) % 2 and quote in ("", mark):
                quote = "" if quote else mark
    return found


def _table_path(names: list[str], repeated: bool, counts: dict[Path, int]) -> Path:
    """The path of a table header, numbering the tables of an array from 0."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if repeated and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


@dataclass(slots=True)
class Document:
    """A TOML text being read; faults gather here."""

    text: str
    file: str
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    spoilt: set[Path] = field(default_factory=set)

    def root(self) -> "Table":
        """The whole text as a table; a text that is not TOML is refused at once."""
        try:
            read = toml_of(self.text)
        except RecursionError:
            nests = Fault(self.file, 1, "", "its lists or tables nest too deep", "write it in fewer levels and try again")
            raise Faulty([nests]) from None
        except ValueError as error:
            at = re.search(r"line (\d+)", str(error))
            line = int(at[1]) if at else len(self.text.splitlines())
            fault = Fault(self.file, line, "", f"this is not good TOML ({error})", "mend that line and try again")
            raise Faulty([fault]) from None
        self.lines = lines_of(self.text)
        return Table(self, (), read)

    def fault(self, path: Path, problem: str, remedy: str) -> None:
        """Note a fault at a path, with the nearest line known above it; what lies in something missing is told once, by that."""
        if self.is_spoilt(path):
            return
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        nearest = path
        while nearest and nearest not in self.lines:
            nearest = nearest[:-1]
        self.faults.append(Fault(self.file, self.lines.get(nearest, 1), key, problem, remedy))

    def spoil(self, path: Path, problem: str, remedy: str) -> None:
        """Note that what should stand at a path is not there or not of its kind, so that nothing more is said of it."""
        self.fault(path, problem, remedy)
        self.spoilt.add(path)

    def is_spoilt(self, path: Path) -> bool:
        """Whether a path, or anything it lies in, is missing or not of its kind."""
        return any(path[:length] in self.spoilt for length in range(1, len(path) + 1))

    def build(self, build: "Callable[[Table], T]") -> T:
        """What a builder makes of the whole text."""
        root = self.root()
        value = build(root)
        root.close()
        return value


def read_with(build: "Callable[[Table], T]", text: str, file: str) -> T:
    """What a builder makes of a text, with the defaults of whatever is missing or unknown; Faulty only if it is not TOML."""
    return Document(text, file).build(build)


def faults_with(build: "Callable[[Table], object]", text: str, file: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a text for a builder, in the order of the file."""
    document = Document(text, file)
    try:
        document.build(build)
    except Faulty as faulty:
        return faulty.faults
    return tuple(sorted(document.faults, key=lambda fault: fault.line))


class Table:
    """One table of a document: each key is asked for by name and kind; what nobody asked for is a fault."""

    def __init__(self, document: Document, path: Path, data: Mapping[str, Any]) -> None:
        self.document, self.path, self.data = document, path, data
        self.asked: set[str] = set()

    def fault(self, key: str, problem: str, remedy: str) -> None:
        """Note a fault at a key of this table."""
        self.document.fault((*self.path, key) if key else self.path, problem, remedy)

    def _take(self, key: str, kind: type, words: str, needed: bool) -> Any:
        """The value at a key if it is there and of the kind, else None and perhaps a fault."""
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            if needed:
                self.document.spoil((*self.path, key), f"{key} is missing", f"add {key} = {words}")
            return None
        kin = (kind is int and isinstance(value, bool)) or (kind is date and isinstance(value, datetime))  # to Python, not to us
        if not isinstance(value, kind) or kin:
            said = str(value) if isinstance(value, (date, time)) else repr(value)
            self.document.spoil((*self.path, key), f"{key} is {said}, of the wrong type", f"write {words}")
            return None
        return value

    def text(self, key: str, default: str | None = None, *, otherwise: str = "") -> str:
        """A text; needed unless a default is given. Where a needed one is missing, `otherwise` is read."""
        value = self._take(key, str, "a text in quotation marks", default is None)
        if value is not None and default is None and not value.strip():
            self.fault(key, f"{key} is empty", "write a text in quotation marks")
        text = (default or "") if value is None else " ".join(value.split())
        return text or (otherwise if default is None else text)

    def number(self, key: str, default: int | None = None, least: int = 0, most: int = 99_999) -> int:
        """A whole number from `least` to `most`; needed unless a default is given. Where it is missing the least is read."""
        value = self._take(key, int, "a whole number", default is None)
        if value is not None and value < least:
            self.fault(key, f"{key} is {value}", f"write a whole number of {least} or more")
        if value is not None and value > most:
            self.fault(key, f"{key} is {value}", f"write a whole number of {most} or less")
        missing = default if default is not None else max(least, 0)
        return missing if value is None else int(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self._take(key, bool, "true or false", False)
        return default if value is None else bool(value)

    def day(self, key: str, needed: bool = False) -> date | None:
        """A date such as 2026-04-01, without quotation marks."""
        value: date | None = self._take(key, date, "a date such as 2026-04-01, without quotation marks", needed)
        return value

    def key(self, name: str = "key", *, otherwise: str = "") -> str:
        """A key: small letters, digits and hyphens. Where it is missing, `otherwise` is read."""
        key = self.text(name, otherwise=otherwise)
        if key and not _PLAIN.fullmatch(key):
            self.fault(name, f"{name} is {key!r}", "use small letters, digits and hyphens only, a letter first")
        return key

    def choice(self, key: str, options: Iterable[str], default: str | None = None, *, otherwise: str | None = None) -> str:
        """One of the options; needed unless a default is given.

        Where it is missing or none of them, `otherwise` is read; without it, the default or whatever text stands there.
        """
        known, value = list(options), self.text(key, default)
        if value and value != default:
            self._known(key, value, known)
        if otherwise is None or value in known or (value == default and key not in self.data):
            return value
        return otherwise

    def texts(self, key: str, options: Iterable[str] | None = None, needed: bool = False) -> tuple[str, ...]:
        """A list of texts, each one of the options if these are given; those that are not are left out."""
        values = self._take(key, list, 'a list such as ["one", "two"]', needed) or []
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < len(values):
            self.fault(key, f"{key} holds something that is not a text", 'write a list such as ["one", "two"]')
        if needed and not values and key in self.data:
            self.fault(key, f"{key} is empty", "name at least one")
        if options is None:
            return tuple(texts)
        known = list(options)
        for value in texts if len(texts) == len(values) else ():
            self._known(key, value, known)
        return tuple(value for value in texts if value in known)

    def _known(self, key: str, value: str, options: list[str]) -> None:
        """Note a fault if the value is none of the options, with the nearest as the remedy."""
        if value not in options:
            near = get_close_matches(value, options, 1)
            remedy = f"write {near[0]}" if near else f"write one of {', '.join(options)}"
            self.fault(key, f"{key} is {value!r}, which is not known here", remedy)

    def table(self, key: str, needed: bool = False) -> "Table":
        """The table under a key, empty if it is not there."""
        value = self._take(key, dict, f"a table headed [{key}]", needed)
        return Table(self.document, (*self.path, key), value or {})

    def tables(self, key: str, needed: bool = False) -> list["Table"]:
        """The tables of an array, each headed [[key]]."""
        values = self._take(key, list, f"tables, each headed [[{key}]]", needed) or []
        tables = [
            Table(self.document, (*self.path, key, place), value) for place, value in enumerate(values) if isinstance(value, dict)
        ]
        if len(tables) < len(values):
            self.document.spoil((*self.path, key), f"{key} is not a list of tables", f"head each with [[{key}]]")
        if needed and not values:
            self.document.spoil((*self.path, key), f"there are no {key}", f"add at least one, headed [[{key}]]")
        return tables

    def part(self, key: str, build: "Callable[[Table], T]", needed: bool = False) -> T:
        """What a builder makes of the table under a key."""
        return self.table(key, needed).built(build)

    def each(self, key: str, build: "Callable[[Table], T]", needed: bool = False, unique: str = "key") -> tuple[T, ...]:
        """What a builder makes of each table of an array, no two with the same value at the `unique` key."""
        tables = self.tables(key, needed)
        values = tuple(table.built(build) for table in tables)
        if unique:
            no_twins(tables, unique)
        return values

    def built(self, build: "Callable[[Table], T]") -> T:
        """What a builder makes of this table; what it did not ask for is a fault."""
        value = build(self)
        self.close()
        return value

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in sorted(self.data.keys() - self.asked):
            near = get_close_matches(key, sorted(self.asked), 1)
            self.fault(key, f"{key} is not a key known here", f"write {near[0]}" if near else "take it out")


def no_twins(tables: Iterable[Table], key: str = "key") -> None:
    """Note a fault at each table whose key another table before it already has."""
    seen: set[str] = set()
    for table in tables:
        value = str(table.data.get(key, ""))
        if value and value in seen:
            table.fault(key, f"{key} {value!r} is used twice", "give this one another")
        seen.add(value)
