"""The application, put together: a table of contents."""

from __future__ import annotations

import os
import secrets
import sys

from flask import Flask, abort, current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import PROJECT_ROOT, Settings, SettingsWrong, read_settings
from scrutiny import cli, doors, errors, formats, languages, pages, scheduler, transaction, widgets
from scrutiny.accounts import security
from scrutiny.accounts.views import blueprint as accounts
from scrutiny.adapters.antivirus import scanner_of
from scrutiny.adapters.files import FileStore
from scrutiny.adapters.fitted import fit
from scrutiny.adapters.mail import mailer_of
from scrutiny.adapters.printer import Printer
from scrutiny.agencies import jobs as agencies_jobs
from scrutiny.agencies.views import blueprint as agencies
from scrutiny.areas.views import blueprint as areas
from scrutiny.audit import service as audit
from scrutiny.bodies import queries as bodies_queries
from scrutiny.bodies.views import blueprint as bodies
from scrutiny.conduct.views import blueprint as conduct
from scrutiny.correspondence import jobs as correspondence_jobs
from scrutiny.correspondence.views import blueprint as correspondence
from scrutiny.evidence import jobs as evidence_jobs
from scrutiny.evidence.views import blueprint as evidence
from scrutiny.extensions import csrf, db, migrate
from scrutiny.findings.accuracy_views import blueprint as accuracy
from scrutiny.findings.reading_views import blueprint as reading
from scrutiny.findings.views import blueprint as findings
from scrutiny.opendata.views import init_app as init_opendata
from scrutiny.public.apportion_views import blueprint as apportioning
from scrutiny.public.codes_views import blueprint as codes
from scrutiny.public.many_views import blueprint as many
from scrutiny.public.taking_views import blueprint as taking
from scrutiny.public.views import blueprint as public
from scrutiny.recommendations import jobs as recommendations_jobs
from scrutiny.recommendations.views import blueprint as recommendations
from scrutiny.reorganisation import jobs as reorganisation_jobs
from scrutiny.reorganisation.views import blueprint as reorganisation
from scrutiny.reports import jobs as reports_jobs
from scrutiny.reports.views import blueprint as reports
from scrutiny.requests import jobs as requests_jobs
from scrutiny.requests.answering_sending_views import blueprint as answering_sending
from scrutiny.requests.answering_views import blueprint as answering
from scrutiny.requests.asking_views import blueprint as asking
from scrutiny.requests.attending_views import blueprint as attending
from scrutiny.requests.chasing_views import blueprint as chasing
from scrutiny.requests.matrix_views import blueprint as matrix
from scrutiny.requests.register_views import blueprint as register
from scrutiny.requests.views import blueprint as requests
from scrutiny.reviews.opening_views import blueprint as opening
from scrutiny.reviews.views import blueprint as reviews
from scrutiny.rules import service as rules
from scrutiny.upkeep import jobs as upkeep_jobs
from scrutiny.upkeep import service as upkeep_service
from scrutiny.upkeep.holiday_views import blueprint as holidays
from scrutiny.upkeep.views import blueprint as upkeep
from scrutiny.worklist import hub
from scrutiny.worklist.delay_views import blueprint as delays
from scrutiny.worklist.feed_views import blueprint as feeds
from scrutiny.worklist.pack_views import blueprint as pack
from scrutiny.worklist.views import blueprint as worklist

# Importing a room's jobs enters them in the register that the timetable is checked against.
JOBS = (
    agencies_jobs,
    correspondence_jobs,
    evidence_jobs,
    reorganisation_jobs,
    recommendations_jobs,
    requests_jobs,
    reports_jobs,
    upkeep_jobs,
)
ROOMS = (
    taking,
    codes,
    apportioning,
    public,
    many,
    worklist,
    accounts,
    areas,
    agencies,
    bodies,
    correspondence,
    opening,
    reviews,
    requests,
    asking,
    attending,
    chasing,
    matrix,
    answering,
    answering_sending,
    evidence,
    findings,
    reading,
    accuracy,
    recommendations,
    reports,
    pack,
    upkeep,
    holidays,
    reorganisation,
    delays,
    register,
    conduct,
    feeds,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with its settings read from the environment unless given; stops on one screen if they are wrong."""
    if settings is None:
        try:
            settings = read_settings(os.environ)
        except SettingsWrong as wrong:
            sys.exit("Area Scrutiny cannot start:\n" + "\n".join(f"  - {fault}" for fault in wrong.faults))
    app = Flask("scrutiny", root_path=str(PROJECT_ROOT / "scrutiny"), template_folder=str(PROJECT_ROOT / "templates"))
    _configure(app, settings)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PROJECT_ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    languages.init_app(app, PROJECT_ROOT)
    widgets.init_app(app)
    rules.init_app(app, settings)
    fit(
        app,
        mailer=mailer_of(settings.mail_url),
        files=FileStore(settings.files_url, max_upload_mb=settings.max_upload_mb),
        printer=Printer(),
        scanner=scanner_of(settings.antivirus_url),
    )
    security.init_app(app)
    pages.init_app(app)
    errors.register_errors(app)
    transaction.set_steps(before=[audit.chain], after=[_wake_jobs], undone=[audit.forget])
    for room in ROOMS:
        app.register_blueprint(room)
    hub.init_app(app)
    init_opendata(app)
    app.before_request(_keep_invention_apart)
    app.before_request(_name_the_actor)
    app.before_request(doors.guard)
    app.after_request(pages.set_headers)
    cli.register(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings, from ours."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # A fault of the database is logged without the values of its statement: they may be words of an answer.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.database_url.startswith("sqlite"), "hide_parameters": True},
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024 + 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_NAME="area_scrutiny",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        SETTINGS=settings,
    )
    app.jinja_env.filters.update(
        day=formats.day,
        iso_day=formats.iso_day,
        short_day=formats.short_day,
        moment=formats.moment,
        number=formats.number,
        percent=formats.percent,
        square_km=formats.square_km,
        size=formats.size,
    )
    app.jinja_env.globals.update(plural=formats.plural, listed=formats.listed, days_from=formats.days_from)
    if settings.database_url.startswith("sqlite:///"):
        os.makedirs(os.path.dirname(settings.database_url.removeprefix("sqlite:///")) or ".", exist_ok=True)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]  # as Werkzeug advises


def _wake_jobs(session: Session) -> None:
    """Hand the names of the jobs a deed asked for to the engine, now that its rows are kept."""
    scheduler.wake_soon(session.info.pop("soon", set()))


def _keep_invention_apart() -> None:
    """Invented data is never served as if it were real; looked up once, at the first request."""
    if "demo_checked" not in current_app.extensions:
        if upkeep_service.is_demo() and not current_app.config["SETTINGS"].demo:
            abort(503, "This database holds invented demonstration data: set DEMO=1 to serve it, or DATABASE_URL to another")
        current_app.extensions["demo_checked"] = True


def _name_the_actor() -> ResponseReturnValue | None:
    """Who is asking, and in which capacity: the same for pages, keys and feeds."""
    g.nonce = secrets.token_urlsafe(16)
    today = pages.today()
    g.actor = bodies_queries.actor_of(security.person_asking(), acting_for=security.acting_for(), on=today)
    security.check_capacity(g.actor)
    return None
