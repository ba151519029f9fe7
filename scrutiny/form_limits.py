"""How much one form, or the part of an address after its “?”, may bring: refused before anything is made of it.

Each field is looked up among the boxes of a page, and drawn again where the form is refused: a form of half a million
invented names took a minute and some gigabytes for nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, Any

from flask import Flask, Request, abort, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

from scrutiny.formats import number

#: More than any page of ours has: the longest, of a whole request to be answered, has some hundreds.
MOST_FIELDS = 4_000
LONGEST_NAME = 200
#: The one character that no text of PostgreSQL can hold: no name, reference or key of ours has it, and nobody can type it.
NUL = "\0"
#: Letters other than those of English take three bytes each, or nine, where a form is sent without files.
BYTES_A_LETTER = 3


class TooManyFields(RequestEntityTooLarge):
    """No page of ours sends this."""

    def __init__(self) -> None:
        super().__init__(
            gettext("This form has more than %(most)s fields, or a field with a name that is too long", most=number(MOST_FIELDS))
        )


class LimitedParser(FormDataParser):
    """Counts fields before they are taken apart."""

    def parse(self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None) -> Any:
        """Werkzeug's own reading of a form; TooManyFields, or 413, for what is none."""
        if mimetype == "application/x-www-form-urlencoded":
            most = (self.max_form_memory_size or 0) * BYTES_A_LETTER
            typed = stream.read(most + 1)
            if len(typed) > most:
                raise RequestEntityTooLarge
            check_query(typed)
            stream = io.BytesIO(typed)
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        check_names([*form, *files])
        if any(NUL in value for _, value in form.items(multi=True)):
            form = self.cls((name, value.replace(NUL, "")) for name, value in form.items(multi=True))
        return rest, form, files


class LimitedRequest(Request):
    """A request whose forms are counted wherever they are first read."""

    form_data_parser_class = LimitedParser

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What is asked after the “?”; for a character that no text can hold one that stands for it, and finds nothing."""
        asked: MultiDict[str, str] = super().args
        return self.parameter_storage_class((name, value.replace(NUL, "\ufffd")) for name, value in asked.items(multi=True))


def init_app(app: Flask) -> None:
    """Read every form with these limits, and refuse addresses beyond them."""
    app.request_class = LimitedRequest
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.before_request(check_address)


def check_address() -> None:
    """Refuse an address that asks for more than any page of ours has; nothing is called by the character no text may hold."""
    if NUL in request.path:
        abort(404)
    check_query(request.query_string)


def check_query(typed: bytes) -> None:
    """Refuse more fields than any page has, and names longer than any has, in text such as a=1&b=2."""
    if typed.count(b"&") >= MOST_FIELDS:
        raise TooManyFields
    check_names(field.partition(b"=")[0] for field in typed.split(b"&"))


def check_names(names: Iterable[str | bytes]) -> None:
    """Refuse names longer than any page has."""
    if any(len(name) > LONGEST_NAME for name in names):
        raise TooManyFields
