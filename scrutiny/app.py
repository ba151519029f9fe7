"""The application, put together: a table of contents."""

from __future__ import annotations

import os
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path

from flask import Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import PROJECT_ROOT, Settings, SettingsWrong, read_settings
from scrutiny import (
    cli,
    doors,
    due_step_words,
    due_words,
    errors,
    form_limits,
    formats,
    kernel_words,
    languages,
    legal_words,
    pages,
    phase_words,
    scheduler,
    transaction,
    typed_text,
    whole_numbers,
    widgets,
)
from scrutiny.accounts import security, security_pages
from scrutiny.adapters.antivirus import scanner_of
from scrutiny.adapters.files import FileStore
from scrutiny.adapters.fitted import Adapters, fit
from scrutiny.adapters.mail import mailer_of
from scrutiny.adapters.mailbox import Mailbox, why_not_mailbox
from scrutiny.adapters.printer import Printer
from scrutiny.addresses import why_not_sender
from scrutiny.audit import service as audit_service
from scrutiny.audit.signed import why_not_keys
from scrutiny.bodies import queries as bodies_queries
from scrutiny.extensions import csrf, db, migrate
from scrutiny.ladder import ROOMS
from scrutiny.rules import service as rules_service
from scrutiny.upkeep import service as upkeep_service
from scrutiny.work.limits import Gate
from workflows.refusals import Refused

#: What is known to be wrong with the value of a setting: (value, our host) → why, or ''.
CHECKS = {
    "MAIL_FROM": why_not_sender,
    "REPLY_ADDRESS": why_not_sender,
    "MAILBOX_URL": lambda url, _host: why_not_mailbox(url),
    "TRAIL_KEYS": why_not_keys,
}

#: Calls of the API from one network address; whoever needs more takes the files whole.
CALLS_A_MINUTE = 600


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with its settings read from the environment unless given; stops on one screen if they are wrong."""
    if settings is None:
        try:
            settings = read_settings(os.environ, checks=CHECKS)
            _check_address(settings)
        except SettingsWrong as wrong:
            sys.exit("Area Scrutiny cannot start:\n" + "\n".join(f"  - {fault}" for fault in wrong.faults))
    app = Flask("scrutiny", root_path=str(PROJECT_ROOT / "scrutiny"), template_folder=str(PROJECT_ROOT / "templates"))
    _configure(app, settings)
    whole_numbers.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PROJECT_ROOT / "migrations"), render_as_batch=True)
    form_limits.init_app(app)
    # Before the check against forgery, so that its refusal is a whole page and knows who is asking.
    app.before_request(_keep_invention_apart)
    app.before_request(_limit_calls)
    app.before_request(_name_the_actor)
    csrf.init_app(app)
    app.extensions["api_gate"] = Gate(CALLS_A_MINUTE)
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
    security_pages.init_app(app)
    pages.init_app(app)
    errors.register_errors(app)
    transaction.set_steps(before=[audit_service.chain], after=[_wake_jobs], undone=[audit_service.forget])
    for room in ROOMS:
        room.join(app)
    app.before_request(doors.guard)
    app.after_request(pages.set_headers)
    app.after_request(pages.keep_on_site)
    cli.register(app, ROOMS)
    return app


def _check_address(settings: Settings) -> None:
    """Refuse an address of a database that cannot be read as one, without a word of it: it may hold a password."""
    try:
        make_url(settings.database_url)
    except (ArgumentError, ValueError):
        said = "DATABASE_URL cannot be read as an address: in a password write @ as %40, : as %3A, / as %2F and # as %23"
        raise SettingsWrong([said]) from None


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
            "connect_args": _patience(settings.database_url),
        },
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024 + 1024 * 1024,
        # Words that are too many are refused by their field, in the form, and not with the form.
        MAX_FORM_MEMORY_SIZE=5_000_000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        # On https the browser itself then keeps it to this host: no other one, and no page over http, can set it.
        SESSION_COOKIE_NAME="__Host-area_scrutiny" if settings.secure else "area_scrutiny",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        SETTINGS=settings,
    )
    app.jinja_env.filters.update(
        day=formats.day,
        due_why=due_words.why,
        why_step=due_step_words.why_step,
        phase_why=phase_words.phase_why,
        provisional=due_words.is_provisional,
        iso_day=formats.iso_day,
        short_day=formats.short_day,
        moment=formats.moment,
        month=formats.month,
        plain_day=formats.plain_day,
        number=formats.number,
        full_stop=formats.full_stop,
        law_in_full=legal_words.in_full,
        rule_in_words=kernel_words.rule_in_words,
        in_words=kernel_words.in_words,
        percent=formats.percent,
        square_km=formats.square_km,
        blocks=typed_text.blocks,
        size=formats.size,
    )
    app.jinja_env.globals.update(plural=formats.plural, listed=formats.listed, days_from=formats.days_from, span=formats.span)
    if settings.database_url.startswith("sqlite:///"):
        _keep_to_owner(Path(settings.database_url.removeprefix("sqlite:///")))
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]  # as Werkzeug advises


def _patience(address: str) -> dict[str, int]:
    """How many seconds a server of a database is waited for, unless its address says so: one that is silent is away."""
    return {} if address.startswith("sqlite") or "connect_timeout=" in address else {"connect_timeout": 10}


def _keep_to_owner(database: Path) -> None:
    """The file of a database, readable by its owner alone; what SQLite writes beside it takes its mode."""
    if database.name == ":memory:":
        return
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Refused("DATABASE_URL: %(folder)s is a file, so no database can be in it", folder=database.parent) from error
    if database.is_file() and database.stat().st_uid == os.getuid():
        for file in database.parent.glob(f"{database.name}*"):
            if file.name.removeprefix(database.name) in ("", "-wal", "-shm", "-journal"):
                with suppress(FileNotFoundError):  # SQLite drops those beside it when it likes
                    file.chmod(file.stat().st_mode & ~0o077)
    elif not database.exists():
        os.close(os.open(database, os.O_CREAT | os.O_WRONLY, 0o600))


def _wake_jobs(session: Session) -> None:
    """Hand the names of the jobs a deed asked for to the engine, now that its rows are kept."""
    scheduler.wake_soon(session.info.pop("soon", set()))


def _keep_invention_apart() -> None:
    """Invented data is never served as if it were real, and real data never as if it were invented; looked up once.

    What is open in a demonstration asks `pages.is_demo`, which the database has answered here.
    """
    if pages.DEMO not in current_app.extensions:
        is_demo = upkeep_service.is_demo()
        if is_demo and not current_app.config["SETTINGS"].demo:
            abort(
                503,
                gettext("This database holds invented demonstration data: set DEMO=1 to serve it, or DATABASE_URL to another"),
            )
        if current_app.config["SETTINGS"].demo and not is_demo:
            abort(
                503,
                gettext("DEMO is set, but this database is not the demonstration: unset DEMO, or set DATABASE_URL to another"),
            )
        current_app.extensions[pages.DEMO] = is_demo


def _limit_calls() -> None:
    """One network does not take the API from the others."""
    gate: Gate | None = current_app.extensions["api_gate"]
    if gate is None or not request.path.startswith("/api/"):
        return
    wait = gate.seconds_to_wait(request.remote_addr or "", time.monotonic())
    if wait:
        said = gettext(
            "More than %(a_minute)s calls a minute have come from your network: wait %(wait)s seconds",
            a_minute=gate.a_minute,
            wait=wait,
        )
        raise TooManyRequests(said, retry_after=wait)


def _name_the_actor() -> ResponseReturnValue | None:
    """Who is asking, and in which capacity: the same for pages, keys and feeds."""
    g.nonce = secrets.token_urlsafe(16)
    asking = security.person_asking()
    security.keep_session_alive()
    g.actor = bodies_queries.actor_of(asking, acting_for=security.acting_for(), on=pages.today())
    security.check_capacity(g.actor)
    return None
