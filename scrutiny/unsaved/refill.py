"""Put what was typed back into the form of a page, without changing anything else of the page; pure.

Only what a person types or chooses is put back. Hidden values (tokens, the version that was read) stay as the page has them
now: an old one would be refused again at every try. Where they have moved on, it is said, with what stood in the boxes.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from scrutiny.posted_words import Posted

#: Boxes whose value a person types; everything else that is not chosen or pressed is the page's own.
NOT_FILLED = {"hidden", "submit", "button", "image", "reset", "file", "password"}
#: Hidden values that say how things stood when the page was drawn; any other says what its form is about.
MARK = re.compile(r"(?:^|_)(?:csrf_token|version|seen|asked)(?P<of>_[0-9]+)?$")
#: Of the marks, those that are new on every page.
FRESH = {"csrf_token"}


@dataclass(slots=True)
class Refilled:
    """The page with the words back in it; the names of the boxes that held something else; and the words no box was found for."""

    page: str
    found: bool = False
    changed: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    moved: bool = False  # what the form speaks of has changed since it was drawn for whoever typed
    stood: tuple[tuple[str, str], ...] = ()  # if so, what stands there now, in the boxes that were filled


def refill(page: str, at: str, address: str, posted: Posted) -> Refilled:
    """Fill the form of `page` (shown at the address `at`) that is sent to `address` with what was posted there."""
    look = _Reader(at, address)
    look.feed(page)
    look.close()
    number = _best(look.forms, posted)
    if number is None:
        return Refilled(page, left=posted.fields)
    form = look.forms[number]
    writer = _Writer(number, posted, form.marks_moved(posted))
    writer.feed(page)
    writer.close()
    left = tuple((name, value) for name, values in writer.values.items() if name not in form.names for value in values)
    moved = bool(writer.moved)
    return Refilled("".join(writer.out), True, tuple(writer.changed), left, moved, tuple(writer.stood) if moved else ())


@dataclass(slots=True)
class _Form:
    """A form of a page: whether it is sent to the address asked for, the names of its boxes, and its hidden values."""

    fits: bool
    names: set[str] = field(default_factory=set)
    hidden: set[tuple[str, str]] = field(default_factory=set)
    pressed: set[tuple[str, str]] = field(default_factory=set)

    def marks_moved(self, posted: Posted) -> set[str]:
        """The names of the marks of this form that were others when it was posted."""
        typed = dict(posted.fields)
        return {
            name for name, value in self.hidden if MARK.search(name) and name not in FRESH and typed.get(name, value) != value
        }

    def is_about(self, posted: Posted) -> bool:
        """Whether it speaks of what was posted: every hidden value that is no mark is the same."""
        about = {name for name, _ in self.hidden if not MARK.search(name)}
        return {(name, value) for name, value in posted.fields if name in about} <= self.hidden


def _best(forms: list[_Form], posted: Posted) -> int | None:
    """The form that fits and has most in common with what was posted; None if none fits."""
    names = {name for name, _ in posted.fields}
    scored = [
        (len(names & one.names) + len({*posted.fields} & (one.hidden | one.pressed)), -n)
        for n, one in enumerate(forms)
        if one.fits and one.is_about(posted)
    ]
    return -max(scored)[1] if scored else None


def _path(address: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class _Reader(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, at: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.at, self.address = at, _path(address)
        self.forms: list[_Form] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or one of its boxes."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = _path(urljoin(self.at, values.get("action") or self.at))
            self.forms.append(_Form(values.get("method", "get").lower() == "post" and action == self.address))
            self.inside = True
        elif self.inside and tag in ("input", "textarea", "select", "button") and "name" in values:
            self.forms[-1].names.add(values["name"])
            kind = "pressed" if tag == "button" else values.get("type", "").lower()
            if kind in ("pressed", "hidden"):
                getattr(self.forms[-1], kind).add((values["name"], values.get("value", "")))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        self.inside = self.inside and tag != "form"


class _Writer(HTMLParser):
    """Writes a page again as it stands, but for the boxes of one form."""

    def __init__(self, number: int, posted: Posted, moved: set[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.moved = moved
        #: “_7” where what stands in item 7 has changed: a box ticked for it was ticked for something else.
        self.moved_parts = tuple(found["of"] for name in moved if (found := MARK.search(name)) and found["of"])
        self.stood: list[tuple[str, str]] = []
        self.number, self.form, self.inside = number, -1, False
        self.values: dict[str, deque[str]] = defaultdict(deque)
        for name, value in posted.fields:
            self.values[name].append(value)
        self.chosen = {name: set(values) for name, values in self.values.items()}
        self.out: list[str] = []
        self.changed: dict[str, None] = {}
        self.select = ""  # the name of the list being written
        self.area = ""  # the name of the long text being replaced
        self.swallow: list[str] | None = None  # what stood in the long text being replaced

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Anything that begins; boxes of the form are filled."""
        written = self.get_starttag_text() or ""
        if tag == "form":
            self.form += 1
            self.inside = self.form == self.number
        elif self.inside:
            written = self._filled(tag, {name: value or "" for name, value in attrs}, written)
        self.out.append(written)

    handle_startendtag = handle_starttag

    def _filled(self, tag: str, values: dict[str, str], written: str) -> str:
        """The tag of a box, with what was typed there."""
        name = values.get("name", "")
        kind = values.get("type", "text").lower()
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select in self.values and "value" in values:
            return self._ticked(tag, values, "selected", values["value"] in self.chosen[self.select])
        elif tag == "textarea" and self.values.get(name):
            self.area, self.swallow = name, []
        elif tag == "input" and kind not in NOT_FILLED:
            if kind == "checkbox" and self.moved_parts and name.endswith(self.moved_parts):
                return written
            if kind in ("radio", "checkbox"):
                return self._ticked(tag, values, "checked", values.get("value", "on") in self.chosen.get(name, ()))
            if self.values.get(name):
                typed, stood = self.values[name].popleft(), values.get("value", "")
                if typed != stood:
                    self._replaced(name, stood)
                    return _tag(tag, values | {"value": typed})
        return written

    def _replaced(self, name: str, stood: str) -> None:
        """Remember what stood in a box that is filled."""
        self.changed[name] = None
        if stood.strip():
            self.stood.append((name, stood.strip()))

    def _ticked(self, tag: str, values: dict[str, str], how: str, wanted: bool) -> str:
        """A choice, chosen or not."""
        if wanted != (how in values):
            self.changed[values.get("name", self.select)] = None
        rest = {name: value for name, value in values.items() if name != how}
        return _tag(tag, rest | ({how: ""} if wanted else {}))

    def handle_endtag(self, tag: str) -> None:
        """Anything that ends; a long text is replaced by what was typed."""
        if tag == "textarea" and self.swallow is not None:
            typed, stood = self.values[self.area].popleft(), "".join(self.swallow)
            if _plain(typed) != _plain(stood):
                self._replaced(self.area, _plain(stood))
            self.out.append("\n" + escape(typed, quote=False))
            self.swallow = None
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Text."""
        (self.out if self.swallow is None else self.swallow).append(data)

    def handle_entityref(self, name: str) -> None:
        """&name;"""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """&#number;"""
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        """A comment."""
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """<!doctype html>"""
        self.out.append(f"<!{decl}>")


def _plain(text: str) -> str:
    """A text as it is compared: whatever its line ends and entities."""
    return unescape(text).replace("\r\n", "\n").strip()


def _tag(tag: str, values: dict[str, str]) -> str:
    """A start tag."""
    return f"<{tag}" + "".join(f' {name}="{escape(value)}"' if value else f" {name}" for name, value in values.items()) + ">"
