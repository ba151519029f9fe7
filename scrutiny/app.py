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
from scrutiny import (
    accounts,
    agencies,
    answering,
    areas,
    audit,
    bodies,
    cli,
    conduct,
    correspondence,
    demo,
    doors,
    errors,
    evidence,
    findings,
    formats,
    languages,
    lineage,
    loading,
    opendata,
    pages,
    public,
    recommendations,
    reorganisation,
    reports,
    requests,
    reviews,
    rules,
    scheduler,
    transaction,
    upkeep,
    whole_numbers,
    widgets,
    worklist,
)
from scrutiny.accounts import security
from scrutiny.adapters.antivirus import scanner_of
from scrutiny.adapters.files import FileStore
from scrutiny.adapters.fitted import Adapters, fit
from scrutiny.adapters.mail import mailer_of
from scrutiny.adapters.mailbox import Mailbox, why_not_mailbox
from scrutiny.adapters.printer import Printer
from scrutiny.addresses import why_not_sender
from scrutiny.audit import service as audit_service
from scrutiny.bodies import queries as bodies_queries
from scrutiny.extensions import csrf, db, migrate
from scrutiny.room import Room
from scrutiny.rules import service as rules_service
from scrutiny.upkeep import service as upkeep_service

#: From the foot of the ladder to its head.
ROOMS: tuple[Room, ...] = tuple(
    package.ROOM
    for package in (
        audit,
        rules,
        correspondence,
        accounts,
        areas,
        lineage,
        loading,
        agencies,
        bodies,
        reviews,
        evidence,
        requests,
        answering,
        findings,
        recommendations,
        reports,
        conduct,
        reorganisation,
        opendata,
        public,
        worklist,
        upkeep,
        demo,
    )
)


#: What is known to be wrong with the value of a setting: (value, our host) → why, or ''.
CHECKS = {"MAIL_FROM": why_not_sender, "REPLY_ADDRESS": why_not_sender, "MAILBOX_URL": lambda url, _host: why_not_mailbox(url)}


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with its settings read from the environment unless given; stops on one screen if they are wrong."""
    if settings is None:
        try:
            settings = read_settings(os.environ, checks=CHECKS)
        except SettingsWrong as wrong:
            sys.exit("Area Scrutiny cannot start:\n" + "\n".join(f"  - {fault}" for fault in wrong.faults))
    app = Flask("scrutiny", root_path=str(PROJECT_ROOT / "scrutiny"), template_folder=str(PROJECT_ROOT / "templates"))
    _configure(app, settings)
    whole_numbers.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PROJECT_ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    languages.init_app(app, PROJECT_ROOT)
    widgets.init_app(app)
    rules_service.init_app(app, settings)
    fit(
        app,
        Adapters(
            mailer=mailer_of(settings.mail_url),
            files=FileStore(settings.files_url, max_upload_mb=settings.max_upload_mb),
            printer=Printer(),
            scanner=scanner_of(settings.antivirus_url),
            mailbox=Mailbox(settings.mailbox_url) if settings.mailbox_url else None,
        ),
    )
    security.init_app(app)
    pages.init_app(app)
    errors.register_errors(app)
    transaction.set_steps(before=[audit_service.chain], after=[_wake_jobs], undone=[audit_service.forget])
    for room in ROOMS:
        room.join(app)
    app.before_request(_keep_invention_apart)
    app.before_request(_name_the_actor)
    app.before_request(doors.guard)
    app.after_request(pages.set_headers)
    cli.register(app, ROOMS)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings, from ours."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # A fault of the database is logged without the values of its statement: they may be words of an answer.
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": not settings.database_url.startswith("sqlite"),
            "hide_parameters": True,
            "max_overflow": 30,  # a connection for each thread that serves (setup/serve.py)
        },
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
        month=formats.month,
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
