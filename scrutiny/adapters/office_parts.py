"""What is looked for in each part of an Office document; more than a person could use is refused."""

from __future__ import annotations

from posixpath import join, normpath

from scrutiny.adapters.xml_parts import Attributes, Reader
from workflows.refusals import Refused

MOST_SHEETS, MOST_CELLS, MOST_ROWS = 1000, 10_000_000, 1_048_576
TRACKED = {"ins", "del", "tracked-changes"}
HIDDEN = ("1", "true")


class Words(Reader):
    """The words of a document, looked through for tracked changes."""

    is_tracked = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note a change that is tracked."""
        if tag in TRACKED:
            self.is_tracked = True


class Slide(Reader):
    """One slide; its first element says whether it is shown."""

    is_hidden = False

    def __init__(self) -> None:
        self._begun = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Look at the first element only."""
        if not self._begun:
            self.is_hidden = attributes.get("show") in ("0", "false")
        self._begun = True


class Relations(Reader):
    """Which identity leads to which part of a workbook."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note one relation."""
        if tag == "Relationship":
            self.paths[attributes.get("Id", "")] = normpath(join("xl", attributes.get("Target", ""))).lstrip("/")


class Book(Reader):
    """The sheets of a workbook as (name, state, identity), in order."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note one sheet."""
        if tag == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), identity))
            if len(self.sheets) > MOST_SHEETS:
                raise Refused(f"has more than {MOST_SHEETS:,} sheets. Send it in parts.")


class Sheet(Reader):
    """What stands in one sheet of a workbook, counted."""

    def __init__(self) -> None:
        self.rows = self.cells = self.hidden_rows = self.hidden_columns = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count a cell, a row or a run of columns."""
        if tag == "c":
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise Refused(f"holds more than {MOST_CELLS:,} cells. Send it in parts, or as CSV.")
        elif tag == "row":
            self.rows += 1
            self.hidden_rows += attributes.get("hidden") in HIDDEN
            if self.rows > MOST_ROWS:
                raise Refused(f"holds more than {MOST_ROWS:,} rows. Send it in parts, or as CSV.")
        elif tag == "col" and attributes.get("hidden") in HIDDEN:
            self.hidden_columns += int(attributes.get("max", "1")) - int(attributes.get("min", "1")) + 1


class OpenSheets(Reader):
    """What stands in an OpenDocument spreadsheet; its blank end is one row repeated a million times, without text."""

    hears_text = True

    def __init__(self) -> None:
        self.names: list[str] = []
        self.rows = self.hidden = self.cells = 0
        self._is_written = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count a table, row, column or cell as it begins."""
        if tag == "table":
            self.names.append(next((value for key, value in attributes.items() if key.endswith(":name")), ""))
        elif tag in ("table-row", "table-column"):
            self._is_written = False
            self.hidden += any(key.endswith(":visibility") and value != "visible" for key, value in attributes.items())
        elif tag == "table-cell":
            self.cells += 1
        if self.cells > MOST_CELLS or len(self.names) > MOST_SHEETS:
            raise Refused(f"holds more than {MOST_CELLS:,} cells or {MOST_SHEETS:,} sheets. Send it in parts, or as CSV.")

    def text(self, words: str) -> None:
        """Note that something is written in this row."""
        self._is_written = self._is_written or not words.isspace()

    def end(self, tag: str) -> None:
        """Count a row that has something written in it."""
        if tag == "table-row":
            self.rows += self._is_written
