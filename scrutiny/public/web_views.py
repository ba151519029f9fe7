"""What machines that read the web ask for: which pages may be listed, which there are, and a feed of what is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.routing import Rule

from scrutiny.audit.signed import is_held, public_keys_here, signed_at, signed_page
from scrutiny.challenges import queries as challenges
from scrutiny.challenges import words as challenge_words
from scrutiny.doors import public
from scrutiny.editions.published import newest_editions, published, withdrawn
from scrutiny.editions.recalling import notice
from scrutiny.pages import now
from scrutiny.rules.queries import methods
from scrutiny.whole_numbers import whole

blueprint = Blueprint("web", __name__)
#: How many reports the feed tells of, newest first.
IN_FEED = 50
PLAIN_PAGES = (
    "public.front",
    "public.report_list",
    "public.method_list",
    "public.data",
    "public.contact",
    "challenges.challenge_list",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the feed: an edition that came out, or the notice of one that was withdrawn."""

    key: str
    title: str
    address: str
    at: datetime | None
    words: str
    authors: tuple[str, ...] = ()


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Every page anyone may read may be listed; forms, and what is behind a sign-in, are left alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in not_listed(list(current_app.url_map.iter_rules())))]
    return Response("\n".join([*lines, f"Sitemap: {_address('.sitemap')}", ""]), mimetype="text/plain")


@blueprint.get("/trail")
@public
def trail() -> ResponseReturnValue:
    """Where the audit trail stood, each time with a signature by a key kept elsewhere."""
    page = max(1, request.args.get("page", 1, type=whole))
    heads, pages = signed_page(page)
    if page > pages:
        abort(404)
    return render_template("public/trail.html", heads=heads, page=page, pages=pages, keys=public_keys_here())


@blueprint.get("/trail/<int:number>/<any(head, signature):part>")
@public
def signed_part(number: int, part: str) -> ResponseReturnValue:
    """What was signed, or its signature, byte for byte; the newest where two keys signed the same row."""
    found = next((one for one in signed_at(number) if is_held(one)), None) or abort(404)
    kind, name = (
        ("application/json", f"head-{number}.json") if part == "head" else ("application/octet-stream", f"head-{number}.sig")
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(getattr(found, part), mimetype=kind, headers=headers)


@blueprint.get("/trail/keys.pem")
@public
def trail_keys() -> ResponseReturnValue:
    """The public keys those signatures are made with."""
    return Response(public_keys_here() or abort(404), mimetype="application/x-pem-file")


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """The plain pages, the methods, each report that is out, and the places that have one."""
    editions = newest_editions()
    newest: dict[str, datetime | None] = {_address(endpoint): None for endpoint in PLAIN_PAGES}
    newest |= {_address("public.method", key=key): None for key in methods()}
    for edition in reversed(editions):  # of several reports on a place the newest counts
        newest[_address("public.place_page", key=edition.report.place.slug)] = edition.released_at
        newest[_address("public.report_page", reference=edition.report.reference)] = edition.released_at
    return Response(render_template("public/sitemap.xml", pages=newest), mimetype="application/xml")


@blueprint.get("/reports.atom")
@public
def feed() -> ResponseReturnValue:
    """Reports as they come out, corrected and withdrawn, as an Atom feed (RFC 4287)."""
    entries = sorted([*_editions(), *_notices()], key=lambda entry: entry.at or now(), reverse=True)[:IN_FEED]
    page = render_template(
        "public/feed.xml",
        entries=entries,
        updated=entries[0].at if entries else now(),
        address=_address(".feed"),
        page=_address("public.report_list"),
        title=gettext("Area Scrutiny: published reports and corrections"),
    )
    return Response(page, mimetype="application/atom+xml")


@blueprint.get("/challenges.atom")
@public
def challenge_feed() -> ResponseReturnValue:
    """Challenges as they are published and answered, as an Atom feed."""
    entries = sorted(_challenges(), key=lambda entry: entry.at or now(), reverse=True)[:IN_FEED]
    page = render_template(
        "public/feed.xml",
        entries=entries,
        updated=entries[0].at if entries else now(),
        address=_address(".challenge_feed"),
        page=_address("challenges.challenge_list"),
        title=gettext("Area Scrutiny: challenges and their answers"),
    )
    return Response(page, mimetype="application/atom+xml")


def not_listed(every: list[Rule]) -> list[str]:
    """The paths search engines leave alone: whole parts of the service without an open page, and forms among open pages."""
    opened = {_first(rule) for rule in every if _is_open(rule)}
    closed = [rule for rule in every if not _is_open(rule)]
    parts = {_first(rule) for rule in closed} - opened
    # A path stands for all that begin so; where an open one does, it is said with its end.
    found = [f"/{part}{end}" for part in parts for end in (("$", "/") if any(one.startswith(part) for one in opened) else ("",))]
    found += [re.sub(r"<[^<>]+>", "*", rule.rule) + "$" for rule in closed if _first(rule) in opened and rule.rule != "/"]
    return sorted(set(found))


def _is_open(rule: Rule) -> bool:
    """Whether an address is a page to read that anyone may open."""
    if rule.endpoint == "static":
        return True
    door = getattr(current_app.view_functions[rule.endpoint], "door", None)
    return door == "public" and "GET" in (rule.methods or ()) and "POST" not in (rule.methods or ())


def _first(rule: Rule) -> str:
    """The first part of an address."""
    return rule.rule.split("/")[1]


def _editions() -> Iterator[Entry]:
    """The newest edition of each report."""
    for one in published(kind=None, limit=IN_FEED):
        edition = one.edition
        # The editions of an area report are its months: a later one corrects nothing.
        corrected = edition.number > 1 and edition.report.kind == "review"
        address = _address("public.report_page", reference=edition.report.reference)
        title = gettext("Corrected: %(title)s", title=one.title) if corrected and edition.why else one.title
        words = f"{edition.why} {one.summary}".strip() if corrected else one.summary
        yield Entry(f"{address}?edition={edition.number}", title, address, edition.released_at, words, one.bodies)


def _notices() -> Iterator[Entry]:
    """The notice of each edition that was withdrawn; it names nothing that the edition said."""
    for edition in withdrawn(limit=IN_FEED):
        address = _address("public.report_page", reference=edition.report.reference)
        title = gettext("Withdrawn: report %(reference)s", reference=edition.report.reference)
        key = f"{address}?edition={edition.number}#withdrawn"
        yield Entry(key, title, _address("public.report_list"), edition.recalled_at, f"{notice(edition)}.")


def _challenges() -> Iterator[Entry]:
    """Each published challenge, and each answer."""
    for one in challenges.published(challenges.Filter(), IN_FEED).rows:
        address = _address("challenges.challenge", reference=one.reference)
        title = challenge_words.title_of(one)
        yield Entry(address, gettext("Challenge: %(title)s", title=title), address, one.published_at, one.wrong)
        for answer in one.answers:
            outcome = challenge_words.outcome_of(answer.outcome)
            said = gettext("Answered: %(title)s", title=title)
            words = f"{outcome}. {answer.words}".strip()
            yield Entry(f"{address}#answer-{answer.id}", said, address, answer.at, words, (answer.author,))


def _address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, under PUBLIC_URL."""
    return str(current_app.config["SETTINGS"].public_url).rstrip("/") + url_for(endpoint, **values)
