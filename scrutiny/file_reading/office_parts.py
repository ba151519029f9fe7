"""What is looked for in each part of an Office document; more than a person could use is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import join, normpath

from scrutiny.file_reading.xml_parts import Attributes, Reader
from workflows.refusals import Refused

MOST_SHEETS, MOST_CELLS, MOST_ROWS = 1000, 10_000_000, 1_048_576
#: Of words in and out and moved (ECMA-376, part 1, 17.13.5); changes of layout alone hide nothing.
TRACKED = {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "tracked-changes"}
HIDDEN = TRUE = ("1", "true")
NOTHING = ("0", "0.0")
OFF = ("0", "false", "off")
NOT_SHOWN = ("none", "condition")
MOST_PARENTS = 20


def _named(attributes: Attributes, name: str) -> str:
    """The value of an attribute, whatever its prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


class Words(Reader):
    """Words of a document with the styles they are in: whether changes are tracked, comments made, and words hidden."""

    def __init__(self) -> None:
        self.is_tracked = self.has_comments = self.is_hidden = False
        self.styles: set[str] = set()
        self.hidden_styles: set[str] = set()
        self.parents: dict[str, str] = {}
        self._style = ""
        self._runs: list[bool] = []
        #: whether each run that is open is hidden: a run may hold a box of words with runs of its own

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note what is tracked, commented or hidden, and the styles used and described."""
        if tag in TRACKED:
            self.is_tracked = True
        elif tag in ("comment", "commentReference"):
            self.has_comments = True
        elif tag == "style":
            self._style = _named(attributes, "styleId")
        elif tag == "basedOn":
            self.parents[self._style] = _named(attributes, "val")
        elif tag in ("pStyle", "rStyle"):
            self.styles.add(_named(attributes, "val"))
        elif tag == "r":
            self._runs.append(False)
        elif tag == "vanish" and _named(attributes, "val") not in OFF:
            self._hide()
        elif tag == "t" and self._runs:
            self.is_hidden = self.is_hidden or self._runs[-1]

    def _hide(self) -> None:
        """Hide the run that is open, or in a part of styles the style; the mark of a paragraph has no words to hide."""
        if self._runs:
            self._runs[-1] = True
        elif self._style:
            self.hidden_styles.add(self._style)

    def end(self, tag: str) -> None:
        """A run ends, or a style."""
        if tag == "r" and self._runs:
            self._runs.pop()
        elif tag == "style":
            self._style = ""


def hides_words(parts: Iterable[Words | OpenWords]) -> bool:
    """Whether words are hidden in any part, by themselves or by a style described in another."""
    seen = list(parts)
    hidden = set[str]().union(*(part.hidden_styles for part in seen))
    parents = {name: parent for part in seen for name, parent in part.parents.items()}
    used = set[str]().union(*(part.styles for part in seen))
    return any(part.is_hidden for part in seen) or any(is_or_follows(style, hidden, parents) for style in used)


def is_or_follows(style: str, hidden: set[str], parents: Mapping[str, str]) -> bool:
    """Whether a style is one of those hidden, or is based on one."""
    for _ in range(MOST_PARENTS):
        if style in hidden:
            return True
        style = parents.get(style, "")
    return False


class Slide(Reader):
    """One slide; its first element says whether it is shown, each thing on it whether that is."""

    is_hidden = hides_things = False

    def __init__(self) -> None:
        self._begun = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Look at the first element and at what stands on the slide."""
        if not self._begun:
            self.is_hidden = attributes.get("show") in ("0", "false")
        elif tag == "cNvPr" and attributes.get("hidden") in HIDDEN:
            self.hides_things = True
        self._begun = True


class Relations(Reader):
    """Where the relations of the parts in a folder lead; those to what is outside the file are left out."""

    def __init__(self, folder: str = "xl") -> None:
        self._folder = folder
        self.paths: dict[str, str] = {}
        #: identity → path
        self.types: dict[str, str] = {}
        #: identity → last word of the type (worksheet, comments)
        self.kinds: dict[str, str] = {}
        #: last word of the type → path, where there is one of a kind (styles, sharedStrings)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note one relation."""
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            path = normpath(join(self._folder, attributes.get("Target", "").replace("\\", "/"))).lstrip("/")
            identity, kind = attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2]
            self.paths[identity], self.types[identity], self.kinds[kind] = path, kind, path

    def by_path(self) -> Iterator[tuple[str, str]]:
        """(path, last word of the type) of each relation."""
        return ((path, self.types[identity]) for identity, path in self.paths.items())


class Book(Reader):
    """The sheets of a workbook as (name, state, identity), in order, and whether it counts its days from 1904."""

    since_1904 = False

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note one sheet, or from when days are counted."""
        if tag == "workbookPr":
            self.since_1904 = attributes.get("date1904") in TRUE
        if tag == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), identity))
            if len(self.sheets) > MOST_SHEETS:
                raise Refused("has more than %(most_sheets)s sheets. Send it in parts.", most_sheets=f"{MOST_SHEETS:,}")


class Sheet(Reader):
    """What stands in one sheet of a workbook, counted."""

    def __init__(self) -> None:
        self.rows = self.cells = self.hidden_rows = self.hidden_columns = 0
        self.hides_other_rows = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count a cell, a row or a run of columns."""
        if tag == "c":
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise Refused("holds more than %(most_cells)s cells. Send it in parts, or as CSV.", most_cells=f"{MOST_CELLS:,}")
        elif tag == "row":
            self.rows += 1
            self.hidden_rows += attributes.get("hidden") in HIDDEN or attributes.get("ht") in NOTHING
            if self.rows > MOST_ROWS:
                raise Refused("holds more than %(most_rows)s rows. Send it in parts, or as CSV.", most_rows=f"{MOST_ROWS:,}")
        elif tag == "sheetFormatPr":
            self.hides_other_rows = attributes.get("zeroHeight") in HIDDEN
        elif tag == "col" and (attributes.get("hidden") in HIDDEN or attributes.get("width") in NOTHING):
            self.hidden_columns += int(attributes.get("max", "1")) - int(attributes.get("min", "1")) + 1


class OpenWords(Reader):
    """A part of an OpenDocument file: what is tracked, commented or hidden in it, by itself or by a style."""

    def __init__(self) -> None:
        self.is_tracked = self.has_comments = self.is_hidden = False
        self.styles: set[str] = set()
        self.hidden_styles: set[str] = set()
        self.hidden_tables: set[str] = set()
        self.parents: dict[str, str] = {}
        self._style = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note what is tracked, commented or hidden, and the styles used and described."""
        if tag in ("p", "h", "span"):
            self.styles.add(_named(attributes, "style-name"))
        elif tag == "style":
            self._style = _named(attributes, "name")
            self.parents[self._style] = _named(attributes, "parent-style-name")
        elif tag == "text-properties" and _named(attributes, "display") == "none":
            self.hidden_styles.add(self._style)
        elif tag == "table-properties" and _named(attributes, "display") == "false":
            self.hidden_tables.add(self._style)
        elif tag in TRACKED:
            self.is_tracked = True
        elif tag == "annotation":
            self.has_comments = True
        elif tag in ("hidden-text", "hidden-paragraph") or (tag == "section" and _named(attributes, "display") in NOT_SHOWN):
            self.is_hidden = True


class OpenSheets(OpenWords):
    """What stands in an OpenDocument spreadsheet; its blank end is one row repeated a million times, without text."""

    hears_text = True

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.table_styles: list[str] = []
        self.rows = self.hidden = self.cells = 0
        self._is_written = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count a table, row, column or cell as it begins."""
        super().start(tag, attributes)
        if tag == "table":
            self.names.append(_named(attributes, "name"))
            self.table_styles.append(_named(attributes, "style-name"))
        elif tag in ("table-row", "table-column"):
            self._is_written = False
            self.hidden += any(key.endswith(":visibility") and value != "visible" for key, value in attributes.items())
        elif tag in ("table-row-group", "table-column-group"):
            self.hidden += _named(attributes, "display") == "false"
        elif tag == "table-cell":
            self.cells += 1
        if self.cells > MOST_CELLS or len(self.names) > MOST_SHEETS:
            raise Refused(
                "holds more than %(most_cells)s cells or %(most_sheets)s sheets. Send it in parts, or as CSV.",
                most_cells=f"{MOST_CELLS:,}",
                most_sheets=f"{MOST_SHEETS:,}",
            )

    def text(self, words: str) -> None:
        """Note that something is written in this row."""
        self._is_written = self._is_written or not words.isspace()

    def end(self, tag: str) -> None:
        """Count a row that has something written in it."""
        if tag == "table-row":
            self.rows += self._is_written
