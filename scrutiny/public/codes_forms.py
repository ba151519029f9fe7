"""What is typed or sent to ask what became of codes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import Length

from scrutiny.lineage.mapping import CodeList, read_codes
from scrutiny.widgets import DateField, FileField, Form, SubmitField, TextField, UncountedField
from workflows.refusals import Refused

LARGEST_FILE = 2_000_000
MOST_LINES = 10_000
#: Characters of a list that is pasted.
LONGEST_LIST = 400_000


class CodesForm(Form):
    """Codes, pasted or in a file, and the day."""

    codes = UncountedField(
        lazy_gettext("Codes of areas"),
        description=lazy_gettext("One on each line, 10,000 at most."),
        validators=[Length(max=LONGEST_LIST)],
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"},
    )
    file = FileField(lazy_gettext("Or send a file"), description=lazy_gettext("CSV with a column called “code”."))
    column = TextField(
        lazy_gettext("Which column of the file holds the codes?"),
        description=lazy_gettext("Only where it is not called “code”."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    on = DateField(lazy_gettext("What are they on this day?"), description=lazy_gettext("Today if left empty."))
    show = SubmitField(lazy_gettext("Show what became of them"))
    download = SubmitField(lazy_gettext("Download as CSV"))

    #: how many lines stand before what was pasted: the heading, where we wrote it
    added = 0

    @property
    def code_field(self) -> str | None:
        """The column of codes as named; None where the list was pasted or no column is named."""
        sent: Any = self.file.data
        return (self.column.data or "").strip() or None if sent is not None and sent.filename else None

    def read(self) -> CodeList:
        """The codes that were pasted or sent; Refused where there are none or too many."""
        content, name = self._content()
        return read_codes(content, name, code_field=self.code_field, most=LARGEST_FILE, most_rows=MOST_LINES)

    def _content(self) -> tuple[bytes, str]:
        """The list as a CSV with its name."""
        sent: Any = self.file.data
        if sent is not None and sent.filename:
            content, name = sent.read(LARGEST_FILE + 1), sent.filename[:80]
            if len(content) > LARGEST_FILE:
                raise Refused(gettext("The file is larger than 2MB: send only the column of codes"))
        else:
            lines = [line.strip().strip('"') for line in (self.codes.data or "").splitlines()]
            self.added = 0 if lines and lines[0].lower() == "code" else 1
            lines = lines if self.added else lines[1:]
            if not any(lines):
                raise Refused(gettext("Paste a list of codes, or choose a file"))
            content, name = (
                "\n".join(["code", *(f'"{line.replace(chr(34), "")}"' for line in lines)]).encode(),
                gettext("The list"),
            )
        if content.count(b"\n") > MOST_LINES + 1:
            raise Refused(
                gettext("%(name)s holds more than %(most_lines)s rows: send it in parts", name=name, most_lines=f"{MOST_LINES:,}")
            )
        return content, name
