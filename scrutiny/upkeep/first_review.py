"""What a first review needs, each with its state as the rows of today have it; nothing here is ticked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import func, select

from scrutiny.agencies import queries as agencies
from scrutiny.areas import queries as areas
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.letterheads import correspondent_of, missing_from
from scrutiny.bodies.models import Body
from scrutiny.correspondence.models import Posting
from scrutiny.extensions import db
from scrutiny.formats import listed
from scrutiny.formats import moment as moment_in_words
from scrutiny.reviews.service import why_not
from scrutiny.rules.queries import methods as methods_here
from workflows.methods import Method
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER

#: How many names a hint says before it counts the rest.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One thing a first review needs: whether it is done, what there is or is missing, and where it is done."""

    key: str
    title: str
    hint: str
    done: bool
    href: str


def tasks(on: date) -> list[Task]:
    """Everything a first review needs on a day, in the order in which it is best done."""
    asking = bodies.bodies_by_name(on=on)
    return [_body(asking), _letterheads(asking), _boundaries(on), *_agencies(on), _people(asking, on), _method(asking), _mail()]


def _body(asking: list[Body]) -> Task:
    """A body that asks."""
    hint = _named([body.name for body in asking]) or gettext("Add the committee or inspectorate that leads the review")
    address = url_for("bodies.bodies") if asking else url_for("bodies.add_body")
    return Task("body", gettext("Add a body that asks"), hint, bool(asking), address)


def _letterheads(asking: list[Body]) -> Task:
    """Who signs, and whom a reader may ask: for every body that asks."""
    lacking = [(body, missing) for body in asking if (missing := missing_from(correspondent_of(body)))]
    title = gettext("Say who signs letters and whom to ask")
    if not asking:
        return Task("letterhead", title, gettext("Add a body first"), False, url_for("bodies.bodies"))
    if not lacking:
        return Task("letterhead", title, gettext("Given for every body"), True, url_for("bodies.bodies"))
    body, missing = lacking[0]
    hint = gettext("The letters of %(body)s do not yet say %(missing)s.", body=body.name, missing=listed(missing))
    if others := len(lacking) - 1:
        hint += " " + ngettext("The same of %(num)d more body.", "The same of %(num)d more bodies.", others)
    return Task("letterhead", title, hint, False, url_for("letterheads.letterhead", body_id=body.id))


def _boundaries(on: date) -> Task:
    """Boundaries that hold today."""
    kinds = [one for one in areas.kinds_loaded(on) if one.areas]
    hint = _named([one.label for one in kinds]) or gettext("Load the areas that your reviews are about")
    address = url_for("areas.boundaries") if kinds else url_for("areas.load")
    return Task("boundaries", gettext("Load boundaries"), hint, bool(kinds), address)


def _agencies(on: date) -> Iterator[Task]:
    """Agencies that serve an area today; and that each of them can be written to."""
    serving = agencies.count_serving(on)
    titles = gettext("Make agencies from areas, with their days"), gettext("Give agencies an address")
    if not serving:
        yield Task("agencies", titles[0], gettext("No agency serves an area today"), False, url_for("agencies.from_areas"))
        yield Task("addresses", titles[1], gettext("Make agencies first"), False, url_for("agencies.agencies"))
        return
    count = ngettext("%(num)d agency serves an area today", "%(num)d agencies serve an area today", serving)
    yield Task("agencies", titles[0], count, True, url_for("agencies.agencies"))
    without = agencies.without_address(on)
    hint = gettext("Each has an email address or somebody who can answer")
    if without:
        names = _named([agency.name for agency in without])
        hint = gettext("We have no address for anybody at %(names)s", names=names)
    address = url_for("agencies.agency", agency_id=without[0].id) if without else url_for("agencies.agencies")
    yield Task("addresses", titles[1], hint, not without, address)


def _people(asking: list[Body], on: date) -> Task:
    """Somebody in every body who can open a review and send its requests."""
    title = gettext("Invite people")
    if not asking:
        return Task("people", title, gettext("Add a body first"), False, url_for("bodies.people"))
    staffed = bodies.with_members(on, (SCRUTINY_OFFICER, LEAD_INSPECTOR))
    without = [body for body in asking if body.id not in staffed]
    if without:
        names = _named([body.name for body in without])
        hint = gettext("No scrutiny officer or lead inspector at %(names)s", names=names)
        return Task("people", title, hint, False, f"{url_for('bodies.invite')}?for={without[0].reference}")
    hint = gettext("Every body has a scrutiny officer or lead inspector")
    return Task("people", title, hint, True, url_for("bodies.people"))


def _method(asking: list[Body]) -> Task:
    """A method that one of the bodies may lead, on its own or with others of them."""
    title, address = gettext("Choose a first method"), url_for("methods.methods")
    if not asking:
        return Task("method", title, gettext("Add a body first"), False, address)
    usable = [method.title for method in methods_here().values() if _is_usable(method, asking)]
    hint = gettext("Your bodies can use %(names)s", names=_named(usable))
    return Task(
        "method", title, hint if usable else gettext("No method can be led by a body added so far"), bool(usable), address
    )


def _is_usable(method: Method, asking: list[Body]) -> bool:
    """Whether one of the bodies may make a review under a method, with as many of the others as it needs."""
    joiners = [body for body in asking if not method.why_not_join(body.kind)][: method.least_bodies + 1]
    leads = (body for body in asking if not method.why_not_lead(body.kind))
    return any(not why_not(method, body, [other for other in joiners if other != body]) for body in leads)


def _mail() -> Task:
    """That emails leave this machine: the last one tried was accepted by a mail server."""
    title, address = gettext("Check that emails are sent"), url_for("setup.mail")
    failed = db.session.scalar(select(func.count()).select_from(Posting).where(Posting.state == "failed")) or 0
    last = last_posted()
    if not is_sent_by_server():
        hint = gettext("Emails are kept in a folder and not sent: set MAIL_URL on the server")
    elif failed:
        hint = ngettext("%(num)d email could not be posted", "%(num)d emails could not be posted", failed)
    elif last is None:
        hint = gettext("No email has been sent yet")
    else:
        hint = gettext("A mail server accepted the last email on %(when)s", when=moment_in_words(last))
    return Task("mail", title, hint, is_sent_by_server() and not failed and last is not None, address)


def is_sent_by_server() -> bool:
    """Whether emails go to a mail server, and not into a folder."""
    return "://" in current_app.config["SETTINGS"].mail_url


def last_posted() -> datetime | None:
    """When an email was last accepted; None where none was."""
    return db.session.scalar(select(func.max(Posting.posted_at)).where(Posting.state == "posted"))


def _named(names: list[str]) -> str:
    """The first names, and how many more; '' where there are none."""
    more = len(names) - NAMED
    if more <= 0:
        return listed(names)
    return listed([*names[:NAMED], ngettext("%(num)d more", "%(num)d more", more)])
