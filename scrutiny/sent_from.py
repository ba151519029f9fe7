"""The page that a form was sent from: its address, and what the choices on it say."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from scrutiny.pages import SECRET_PARTS, own_path

#: Pages nobody is sent back to.
NOT_A_PLACE = ("/sign-out", "/unsaved", "/api/")


def page_sent_from() -> str:
    """Where the form that was sent stands: the page that sent it, else its own address; '' where neither can be opened."""
    referer = urlsplit(request.headers.get("Referer", ""))
    sent_from = referer.path + (f"?{referer.query}" if referer.query else "") if referer.netloc == request.host else ""
    pages = own_path(without_key(sent_from)), own_path(address_sent_to())
    return next((page for page in pages if page and _can_be_opened(page)), "")


def address_sent_to() -> str:
    """Where the form was sent to."""
    return without_key(request.full_path.rstrip("?"))


def without_key(address: str) -> str:
    """An address without the key of kept words."""
    parts = urlsplit(address)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "kept"])
    return parts.path + (f"?{query}" if query else "")


def _can_be_opened(page: str) -> bool:
    """Whether an address of ours shows a page."""
    path = urlsplit(page).path
    if path.startswith(NOT_A_PLACE):
        return False
    try:
        endpoint, parts = current_app.url_map.bind_to_environ(request.environ).match(path, "GET")
    except (HTTPException, RequestRedirect):
        return False
    view = current_app.view_functions.get(endpoint)
    return getattr(view, "door", None) is not None and not SECRET_PARTS & {*parts}


def choices_on(page: str) -> dict[str, dict[str, str]]:
    """What each choice on a page says, by the name of its box and its value, as whoever asks would see the page now.

    Nothing where it cannot be drawn for them: an error is being told of already, and is not made worse.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
    headers = {"Cookie": request.headers.get("Cookie", "")}
    try:
        # A context of its own: neither `g` nor the session of the request that failed is touched.
        with app.app_context(), app.test_request_context(page, base_url=request.host_url, headers=headers):
            refused = app.preprocess_request()
            answer = app.make_response(app.dispatch_request() if refused is None else refused)
            drawn = answer.get_data(as_text=True) if (answer.status_code, answer.mimetype) == (200, "text/html") else ""
    except Exception as error:  # whatever it is, the page of the first error is shown
        app.logger.info("the choices of a page could not be read: %r", error)
        return {}
    reader = _Reader()
    reader.feed(drawn)
    reader.close()
    return reader.choices()


class _Reader(HTMLParser):
    """Reads the choices of a page, and their labels."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.boxes: list[tuple[str, str, str]] = []  # name, value and id of each box to tick
        self.options: list[tuple[str, str, list[str]]] = []  # name, value and words of each choice of a list
        self.labels: dict[str, list[str]] = {}
        self.select = ""
        self.words: list[str] | None = None  # where the words read now belong

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A box, a list, one of its choices, or a label begins."""
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type") in ("radio", "checkbox"):
            self.boxes.append((values.get("name", ""), values.get("value", "on"), values.get("id", "")))
        elif tag == "select":
            self.select = values.get("name", "")
        elif tag == "option":
            self.words = []
            self.options.append((self.select, values.get("value", ""), self.words))
        elif tag == "label":
            self.words = self.labels.setdefault(values.get("for", ""), [])

    def handle_endtag(self, tag: str) -> None:
        """What was read is over."""
        if tag in ("option", "label", "select"):
            self.words = None

    def handle_data(self, data: str) -> None:
        """Words, of a label or a choice."""
        if self.words is not None:
            self.words.append(data)

    def choices(self) -> dict[str, dict[str, str]]:
        """What each choice says, by the name of its box and its value."""
        found: dict[str, dict[str, str]] = {}
        ticked = [(name, value, self.labels.get(number, [])) for name, value, number in self.boxes]
        for name, value, words in ticked + self.options:
            if said := " ".join("".join(words).split()):
                found.setdefault(name, {})[value] = said
        return found
