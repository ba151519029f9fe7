"""Pages of agendas: of a place, for anybody; of a body or an agency; each as a page, a feed for calendars, CSV and JSON."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agenda import access, presenters
from scrutiny.agenda.asked import filter_asked, of_kind, period_asked
from scrutiny.agenda.item import AgendaItem, Period, Reader
from scrutiny.agenda.items import agenda_of
from scrutiny.agenda.scope import Scope, of_agency, of_body, of_place
from scrutiny.doors import actor, public
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.pages import now, today
from scrutiny.public.access import place_to_show
from scrutiny.whole_numbers import whole_or_none
from scrutiny.worklist import feed_days, feeds
from workflows.roles import ANYONE, Actor

blueprint = Blueprint("agenda", __name__)
FORMS = "<any(csv, json, ics):form>"


@blueprint.get("/places/<key>/agenda")
@public
def of_a_place(key: str) -> ResponseReturnValue:
    """Everything that falls in a place, planned and past, as far as the reader may know."""
    shown = place_to_show(key, None, today())
    return _page(of_place(shown.name, shown.areas, shown.on), key=shown.key)


@blueprint.get(f"/places/<key>/agenda.{FORMS}")
@public
def of_a_place_as(key: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    shown = place_to_show(key, None, today())
    return _file(of_place(shown.name, shown.areas, shown.on), form)


@blueprint.get("/agenda")
@public
def of_somebody() -> ResponseReturnValue:
    """The agenda of a body or an agency: those of the address, else the one acted for; a stranger is asked for a place."""
    scope = _asked()
    return redirect(url_for("public.front")) if scope is None else _page(scope)


@blueprint.get(f"/agenda.{FORMS}")
@public
def of_somebody_as(form: str) -> ResponseReturnValue:
    """The same as a file."""
    scope = _asked()
    return redirect(url_for("public.front")) if scope is None else _file(scope, form)


def _asked() -> Scope | None:
    """The body or agency of the address, else the one acted for; None for nobody's."""
    by = actor()
    agency_id = whole_or_none(request.args.get("agency", ""))
    if slug := request.args.get("body", ""):
        return of_body(access.body_shown(slug))
    if agency_id is not None:
        return of_agency(access.agency_shown(agency_id), today())
    if by.agency is not None:
        return of_agency(access.agency_shown(by.agency), today())
    return of_body(access.own_body(by.body)) if by.body is not None else None


def _gathered(scope: Scope, by: Actor) -> tuple[list[AgendaItem], Period]:
    """What stands on an agenda for a reader, in the period and of the kind asked for."""
    form = filter_asked()
    period = period_asked(form, today())
    return of_kind(agenda_of(scope, period, Reader(by, today())), form), period


def _page(scope: Scope, key: str = "") -> str:
    """An agenda as a page: a chart, then a list by month."""
    found, period = _gathered(scope, actor())
    title = gettext("Agenda of %(name)s", name=scope.name)
    wide, left_out = presenters.chart(found, title, today())
    kept = {name: value for name, value in request.args.items() if name in ("body", "agency", "from", "to", "period", "kind")}
    if not key:  # a file is asked for by whoever has its address: it names whose agenda it is
        kept |= {"body": scope.body.slug} if scope.body is not None else {"agency": str(scope.agency.id)} if scope.agency else {}
    address = partial(url_for, ".of_a_place_as", key=key) if key else partial(url_for, ".of_somebody_as")
    asked = f"?{urlencode(kept)}" if kept else ""
    return render_template(
        "agenda/agenda.html",
        title=title,
        scope=scope,
        key=key,
        form=filter_asked(),
        months=presenters.by_month(found, period.first),
        found=found,
        wide=wide,
        narrow=presenters.chart(found, title, today(), narrow=True)[0],
        left_out=left_out,
        present=presenters,
        period=period,
        carried={name: value for name, value in kept.items() if name in ("body", "agency")},
        may_plan=access.may_plan(actor()),
        codes=", ".join(sorted(scope.codes)) if key else None,
        files={form: address(form=form) + asked for form in ("ics", "csv", "json")},
    )


def _file(scope: Scope, form: str) -> Response:
    """An agenda as a file."""
    # A calendar program asks as nobody, later: what is taken today is what it will be sent then.
    found, period = _gathered(scope, ANYONE if form == "ics" else actor())
    name = re.sub(r"[^A-Za-z0-9]+", "-", scope.name).strip("-").lower()[:60] or "agenda"
    if form == "ics":
        days = [
            feeds.Day(one.key, one.starts_on, one.title, _described(one), feed_days.address(one.href), until=one.ends_on)
            for one in found
        ]
        return feed_days.answered(days, f"agenda-{name}", gettext("Agenda of %(name)s", name=scope.name), now())
    if form == "json":
        items = [presenters.plain(one) for one in found]
        told = {"of": scope.name, "from": period.first.isoformat(), "to": period.last.isoformat(), "items": items}
        response = Response(canonical(told), mimetype="application/json")
    else:
        response = Response(write_csv(presenters.COLUMNS, map(presenters.cells, found)), mimetype="text/csv")
    on = london_day(now())
    response.headers["Content-Disposition"] = f'attachment; filename="agenda-{name}-{on:%Y-%m-%d}.{form}"'
    return response


def _described(item: AgendaItem) -> str:
    """What a calendar says of an item beside its title."""
    return "; ".join(part for part in (item.kind_label, presenters.who(item), presenters.where(item), item.state) if part)
