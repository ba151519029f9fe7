"""Every page that links lead somebody to, one address for each endpoint."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.scrutiny.demo.test_crawl import Links

#: People of the demonstration, each with the least number of pages that links lead them to.
READERS = {
    "anybody": ("", 25),
    "a scrutiny officer": ("Olwen Price", 85),
    "a lead inspector": ("Leo Hart", 70),
    "a councillor": ("Cllr Joan Pike", 30),
    "a responder": ("Rhys Cole", 40),
    "a certifier": ("Helen Ormerod", 30),
    "the administrator": ("Ada Winn", 60),
}
#: Given somebody's name, they are signed in, with every page that links lead them to.
Walked = Callable[[str], tuple[FlaskClient, dict[str, str]]]

#: Pages of one endpoint from which links are followed.
ALIKE = 3
#: What is no page of ours, or ends the visit.
NO_PAGE = re.compile(
    r"sign-out|^/static/|^/api/|/evidence/files/|\.(csv|xlsx|pdf|docx|zip|json|gpkg|geojson|ics|atom|xml|pem|png)(\?|$)"
)


def pages_of(app: Flask, client: FlaskClient) -> dict[str, str]:
    """An address of every page that links lead to, by its endpoint; a page like none seen yet is followed first."""
    routes = app.url_map.bind("localhost")
    fresh, again, known = deque(["/", "/home"]), deque[str](), {"/", "/home"}
    opened, found = Counter[str](), dict[str, str]()
    while fresh or again:
        path = (fresh or again).popleft()
        endpoint = endpoint_of(routes, path)
        if not endpoint or opened[endpoint] >= ALIKE:
            continue
        if fresh and opened[endpoint]:
            again.append(path)
            continue
        opened[endpoint] += 1
        with client.get(path) as answer:  # a download that is not read is ended at once
            text = answer.text if answer.mimetype == "text/html" and answer.status_code == 200 else ""
        links = Links()
        links.feed(text)
        if text:
            found.setdefault(endpoint, path)
        for link in [answer.location] if answer.location else links.found:
            there = urldefrag(urljoin(f"http://localhost{path}", link)).url
            onward = there.removeprefix("http://localhost")
            if there != onward and onward not in known and not NO_PAGE.search(onward):
                known.add(onward)
                fresh.append(onward)
    return found


def endpoint_of(routes: MapAdapter, path: str) -> str:
    """The endpoint of an address; '' where there is none."""
    try:
        return str(routes.match(path.partition("?")[0])[0])
    except HTTPException:
        return ""
