"""The application under test, a fresh database for each test, and people signed in."""

from __future__ import annotations

import copy
import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import hypothesis
import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from config.settings import Settings, read_settings
from scrutiny.adapters import shares
from scrutiny.app import create_app
from scrutiny.extensions import db
from setup import postgres
from tests import cast as the_cast
from tests import databases as kinds
from tests.sharing import Sharing, longest_first

# Properties are held whatever else the machine does meanwhile: how long one takes is for tests/benchmarks.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much]
)
hypothesis.settings.load_profile("house")

#: The moment tests stand at, unless they say otherwise: Monday 2 March 2026, half past nine in London.
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


#: What the builder of a scene gives.
Built = TypeVar("Built")

#: How a throwaway server is stopped, where this run started one.
_STOP = pytest.StashKey[Callable[[], None]]()


#: Python reads the guard of the network there as it starts: this process now, its children by PYTHONPATH.
_GUARD = Path(__file__).parent / "network"
if str(_GUARD) not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_GUARD), os.environ.get("PYTHONPATH")]))
runpy.run_path(str(_GUARD / "sitecustomize.py"))


def pytest_configure(config: pytest.Config) -> None:
    """Find the server of a run on PostgreSQL, or start one; the workers of a parallel run find its address in the environment."""
    if kinds.kind() != kinds.POSTGRESQL or hasattr(config, "workerinput"):
        return
    address = postgres.find(os.environ)
    if address is None:
        started = postgres.start()
        if started is None:
            raise pytest.UsageError(postgres.MISSING)
        address, config.stash[_STOP] = started
    os.environ["TEST_DATABASE_URL"] = address


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server this run started."""
    config.stash.get(_STOP, lambda: None)()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """How tests are shared between workers."""
    return Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database is run: the rest says the same on both, and is run on SQLite."""
    longest_first(items)
    if kinds.kind() != kinds.POSTGRESQL:
        left = [item for item in items if item.get_closest_marker("postgresql_only")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
        return
    asks = [item for item in items if "databases" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asks)])
    items[:] = asks
    for item in items:
        only = item.get_closest_marker("sqlite_only")
        if only is not None:
            item.add_marker(pytest.mark.skip(reason=f"SQLite only: {only.args[0]}"))


@pytest.fixture(scope="session")
def databases() -> Iterator[kinds.Databases]:
    """Where databases of the kind of this run come from; asking for it makes a test one of those run on both kinds."""
    made: kinds.Databases = kinds.Server(os.environ["TEST_DATABASE_URL"]) if kinds.kind() == kinds.POSTGRESQL else kinds.Files()
    yield made
    made.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, databases: kinds.Databases) -> Settings:
    """Settings of an instance of its own: a database, files and mail that go with the run."""
    folder = tmp_path_factory.mktemp("instance")
    return read_settings(
        {
            "SECRET_KEY": "tests-only-" + "x" * 40,
            "DATABASE_URL": databases.new(folder, "test"),
            "FILES_URL": f"file://{folder / 'files'}",
            "MAIL_URL": str(folder / "mail"),
            "PUBLIC_URL": "http://localhost",
            "METHODS_DIR": str(folder / "methods"),
            "MAX_UPLOAD_MB": "5",
        }
    )


def leaves_nothing(response: Response) -> Response:
    """No request may end with changes that were neither kept nor undone: a page that only looks changes nothing."""
    session = db.session()
    left = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    assert not left, f"{request.method} {request.path} left unsaved changes of {left}"
    return response


@pytest.fixture(scope="session")
def the_app(settings: Settings, databases: kinds.Databases) -> Flask:
    """One application for the whole run, with a template of its database: the tables and the cast."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["api_gate"] = None  # a matrix of all that is read would pass it; its own test sets it
    app.after_request(leaves_nothing)
    with app.app_context():
        db.create_all()
        the_cast.write()
        db.session.remove()
        db.engine.dispose()
    databases.keep_template(settings.database_url)
    app.extensions["when made"] = {"when made", *app.extensions}
    return app


@pytest.fixture
def app(the_app: Flask, settings: Settings, databases: kinds.Databases) -> Iterator[Flask]:
    """The application on a fresh copy of the database; nothing a test keeps reaches the next."""
    with the_app.app_context():
        db.session.remove()
        databases.let_go(db.engine)
    databases.renew(settings.database_url)
    # What the process keeps of the database before: its newest loading may well have the same number.
    for name in the_app.extensions.keys() - the_app.extensions["when made"]:
        del the_app.extensions[name]
    for folder in _folders(settings):
        shutil.rmtree(folder, ignore_errors=True)
    for share in (one for one in vars(shares).values() if isinstance(one, shares.Share)):
        share._at_work.clear()  # a client of tests that does not close what it was sent holds its place
    yield the_app
    with the_app.app_context():
        db.session.remove()


def _folders(settings: Settings) -> tuple[Path, Path]:
    """Where an instance of tests keeps files, and letters that were sent."""
    return Path(settings.files_url.removeprefix("file://")), Path(settings.mail_url)


@pytest.fixture(scope="session")
def kept_scenes() -> dict[str, Any]:
    """What the builders of scenes gave, by their names."""
    return {}


@pytest.fixture
def as_built(
    app: Flask, cast: SimpleNamespace, settings: Settings, databases: kinds.Databases, kept_scenes: dict[str, Any]
) -> Callable[[Callable[[SimpleNamespace], Built]], Built]:
    """Builds a scene once in a run, and for every later test brings its database, files and letters back.

    Its builder is a function of the cast, told apart by its name, that leaves everything committed and gives plain values:
    ids and references, never records. It runs, and is brought back, before anything else has touched the database.
    """

    def bring(build: Callable[[SimpleNamespace], Built]) -> Built:
        name = f"{build.__module__}.{build.__qualname__}"
        stands = Path(settings.mail_url).parent / "scenes" / name
        if name not in kept_scenes:
            with app.app_context():
                built = build(cast)
        with app.app_context():
            db.session.remove()
            databases.let_go(db.engine)
        if name in kept_scenes:
            databases.renew(settings.database_url, name)
            for number, folder in enumerate(_folders(settings)):
                shutil.copytree(stands / str(number), folder, dirs_exist_ok=True)
        else:
            databases.keep_template(settings.database_url, name)
            for number, folder in enumerate(_folders(settings)):
                folder.mkdir(exist_ok=True)
                shutil.copytree(folder, stands / str(number))
            kept_scenes[name] = built
        return copy.deepcopy(kept_scenes[name])

    return bring


@pytest.fixture
def cast(app: Flask) -> SimpleNamespace:
    """The ids of the people, bodies, agencies and areas every test shares: cast.officer, cast.police …"""
    with app.app_context():
        return the_cast.ids()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests of services and queries (never around a client)."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, cast: SimpleNamespace) -> Callable[..., FlaskClient]:
    """A client signed in as one of the cast: signed_in('officer'); `acting_for` names a capacity, body:1."""

    def sign_in(who: str, acting_for: str | None = None) -> FlaskClient:
        acting = {"acting_for": acting_for} if acting_for else {}
        return the_cast.sign_in(app, app.test_client(), the_cast.uniquifier(who), **acting)

    return sign_in
