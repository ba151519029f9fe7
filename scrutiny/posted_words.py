"""What a person typed into a form, read from the request that brought it, so that no refusal loses it; never a secret."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from urllib.parse import urlsplit

from flask import current_app, has_request_context, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from scrutiny.form_limits import LONGEST_NAME, MOST_FIELDS
from scrutiny.sent_from import choices_on
from scrutiny.widgets import Form

#: Names of the buttons that templates draw themselves, and of what scripts and the forgery check send: nobody types them.
BUTTONS = {
    "altcha",
    "confirm",
    "csrf_token",
    "discard",
    "later",
    "look",
    "move",
    "preview",
    "remove",
    "seen",
    "then",
    "to",
    "without",
}
#: Fields that are never kept or shown again, whatever form they stand in.
SECRET = re.compile(r"passw|passc|passk|passphrase|secret|token|otp|recovery|credential", re.IGNORECASE)
#: Names that a secret may have, or a box of ours: kept only where a form of ours at that address has such a box.
DOUBTFUL = re.compile(r"(^|_)(code|key|pin)$", re.IGNORECASE)
#: How a request that is too large is read for its words: bytes at once, and bytes of one field.
READ_AT_ONCE = 65_536
LARGEST_FIELD = 2_000_000


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form by name, in their order, and the names of the files chosen."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_worth_keeping(self) -> bool:
        """Whether anything was typed, chosen or pressed."""
        return any(value.strip() for _, value in self.fields) or bool(self.files)

    def on_version(self, version: int) -> Posted:
        """The same words, without files, for a form drawn for this version: what else was typed has been saved."""
        return Posted(tuple((name, str(version) if name == "version" else value) for name, value in self.fields))


@dataclass(frozen=True, slots=True)
class TypedBox:
    """One box of a form and what was typed there; `label` is empty for what is sent again without being shown.

    `said`: what was chosen or ticked, or a day, as a person reads it; empty for a text, which says itself.
    """

    name: str
    label: str
    value: str
    said: str = ""


def posted_words(address: str = "") -> Posted:
    """What came with this request; nothing for pages where secrets are typed, and as much as can be read of one too large.

    `address`: where the form is for, if it was not sent there.
    """
    if not has_request_context() or request.method != "POST" or request.blueprint == "security":
        return Posted()
    try:
        fields = tuple(request.form.items(multi=True))
        files = tuple(file.filename for file in request.files.values() if file.filename)
    except HTTPException:
        fields, files = _fields_of_too_large()
    return without_secrets(Posted(fields, files), address or request.path)


def without_secrets(posted: Posted, address: str) -> Posted:
    """What was posted to an address, without what is a secret by its name or by the kind of its box, whatever it is called."""
    kinds: dict[str, bool] = {}
    if posted.fields:
        for form in _forms_of(address):
            kinds |= {name: kinds.get(name, False) or form.is_secret(name) for name, _ in posted.fields if hasattr(form, name)}

    def is_secret(name: str) -> bool:
        return bool(SECRET.search(name)) or kinds.get(name, bool(DOUBTFUL.search(name)))

    return Posted(tuple((name, value) for name, value in posted.fields if not is_secret(name)), posted.files)


def label_boxes(address: str, fields: Iterable[tuple[str, str]], page: str = "") -> list[TypedBox]:
    """What was typed into the form that is sent to `address`, each with the label of its box.

    The form is found among those of the view: the one that knows most of the names. A box that no form knows any more is
    called by its name; what nobody typed (hidden values, the button that was pressed) has no label. A choice is said in the
    words of its form or, where the view makes the choices, of the page it stands on. What has several values under one name
    (boxes ticked, the parts of a day) is said once, with the first.
    """
    found = [*fields]
    values: dict[str, list[str]] = {}
    for name, value in found:
        values.setdefault(name, []).append(value)
    names = values.keys()
    by_form = [(form, {name: form.label_of(name) for name in names}) for form in _forms_of(address)]
    by_form.sort(key=lambda one: sum(label is not None for label in one[1].values()), reverse=True)

    def read(name: str) -> tuple[type[Form], str]:
        plain = "" if name in BUTTONS else name.replace("_", " ").capitalize()
        known = ((form, labels[name] or "") for form, labels in by_form if labels[name] is not None)
        return next(known, (Form, plain))

    known = {name: read(name) for name in names}
    drawn = (
        choices_on(page) if page and any(label and _is_made_by_view(form, name) for name, (form, label) in known.items()) else {}
    )
    # Once for each name: a form of thousands of values under one would be read thousands of times over.
    in_words = {name: _said(form, name, values[name], drawn.get(name)) if label else "" for name, (form, label) in known.items()}
    boxes: dict[str, list[TypedBox]] = {}
    for name, value in found:
        said = in_words[name]
        shown = known[name][1] if value.strip() and not (said and name in boxes) else ""
        boxes.setdefault(name, []).append(TypedBox(name, shown, value, said if shown else ""))
    left = {name: iter(these) for name, these in boxes.items()}
    return [next(left[name]) for name, _ in found]


def _is_made_by_view(form: type[Form], name: str) -> bool:
    """Whether what a box may hold is known to its page alone: choices of a view, and boxes made for the rows of a page."""
    return not hasattr(form, name) or form.choices_of(name) == {}


def _said(form: type[Form], name: str, values: list[str], drawn: dict[str, str] | None) -> str:
    """What was chosen, ticked or typed in parts, in words; '' for a text."""
    if form.is_day(name):
        return " ".join(value.strip() for value in values).strip()
    if form.is_tick(name):
        return gettext("Yes")
    choices = form.choices_of(name)
    if choices is None and drawn is None:
        return ""
    choices = (drawn or {}) | (choices or {})
    return ", ".join(choices.get(value, gettext("as chosen on its page")) for value in values if value.strip())


def _forms_of(address: str) -> list[type[Form]]:
    """The forms that the module of the view at an address speaks of; its own, and those of a module called `forms`."""
    try:
        endpoint, _ = current_app.url_map.bind_to_environ(request.environ).match(urlsplit(address).path, "POST")
    except (HTTPException, RequestRedirect):
        return []
    spoken = vars(sys.modules[current_app.view_functions[endpoint].__module__])
    modules = [vars(value) for value in spoken.values() if isinstance(value, ModuleType) and value.__name__.endswith("forms")]
    return [one for within in (spoken, *modules) for one in within.values() if isinstance(one, type) and issubclass(one, Form)]


def _fields_of_too_large() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The fields of a multipart request too large to take, and the names of its files, whose content is dropped unread."""
    boundary = request.mimetype_params.get("boundary", "").encode("latin-1", "replace")
    if request.mimetype != "multipart/form-data" or not boundary:
        return (), ()
    decoder = MultipartDecoder(boundary, max_form_memory_size=READ_AT_ONCE * 4)
    fields: list[tuple[str, str]] = []
    files: list[str] = []
    left = min(request.content_length or 0, 2 * (request.max_content_length or 0))
    name, value = "", b""
    try:
        while (
            left > 0
            and _is_a_form(fields, files, value)
            and (piece := request.environ["wsgi.input"].read(min(left, READ_AT_ONCE)))
        ):
            left -= len(piece)
            decoder.receive_data(piece)
            while not isinstance(part := decoder.next_event(), NeedData | Epilogue):
                if isinstance(part, Field):
                    name, value = part.name[:LONGEST_NAME], b""
                elif isinstance(part, File):
                    name = ""
                    files.append(part.filename)
                elif isinstance(part, Data) and name:
                    value += part.data
                    if not part.more_data:
                        fields.append((name, value.decode("utf-8", "replace")))
                        name, value = "", b""
    except (HTTPException, ValueError, OSError):
        pass  # what was read so far is still worth showing
    return tuple(fields), tuple(name for name in files if name)


def _is_a_form(fields: list[tuple[str, str]], files: list[str], value: bytes) -> bool:
    """Whether what was read so far may be of a page of ours, so that more of it is read."""
    return len(value) < LARGEST_FIELD and len(fields) + len(files) < MOST_FIELDS
