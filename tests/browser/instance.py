"""A whole instance for a browser to visit: served as `make run` serves it, its letters posted to a real mail server."""

from __future__ import annotations

import email
import email.policy
import os
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from config.settings import PROJECT_ROOT, read_settings
from scrutiny.app import create_app
from scrutiny.extensions import db
from tests import cast

BIN = PROJECT_ROOT / ".venv" / "bin"
PATIENCE_SECONDS = 30
#: The server starts while other tests keep both processors busy.
START_SECONDS = 180
#: What puts right whatever a harmed instance was told.
HALE = ("busy_timeout=30000", "max_page_count=1073741823")


class Postbox:
    """Takes every letter that is posted to it, and finds the one that is waited for."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the letter; called by the mail server's own thread."""
        content = envelope.original_content or b""
        self.letters.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 kept"

    def letter(self, to: str, subject: str, after: int = 0) -> EmailMessage:
        """The first letter to an address with these words in its subject, leaving out the `after` oldest; waits for it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            for one in self.letters[after:]:
                if one["To"].addresses[0].addr_spec == to and subject in one["Subject"]:
                    return one
            time.sleep(0.1)
        told = [(str(one["To"]), str(one["Subject"])) for one in self.letters[after:]]
        raise AssertionError(f"no letter to {to} with “{subject}” came; what came: {told}")


class Instance:
    """Where it is, what it posted, and how its commands are run."""

    def __init__(self, folder: Path, mail_port: int, postbox: Postbox) -> None:
        self.folder, self.postbox, self.port = folder, postbox, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "SECRET_KEY": "browser-tests-" + "y" * 40,
            "DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
            "FILES_URL": f"file://{folder / 'files'}",
            "MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "PUBLIC_URL": self.address,
            "METHODS_DIR": str(folder / "methods"),
            "MAX_UPLOAD_MB": "2",
            "DEMO": "0",
            "PORT": str(self.port),
            "PYTHONPATH": str(PROJECT_ROOT / "tests" / "browser" / "harm"),
            "HARM": str(folder / "harm"),
        }

    @contextmanager
    def harmed(self, *pragmas: str) -> Iterator[sqlite3.Connection]:
        """Every transaction of what is served begins with these pragmas of SQLite; gives a connection of somebody else's."""
        path = Path(self.environment["HARM"])
        path.write_text("\n".join(pragmas), encoding="utf-8")
        try:
            with closing(sqlite3.connect(self.folder / "served.db", isolation_level=None)) as other:
                yield other
        finally:
            path.write_text("\n".join(HALE), encoding="utf-8")

    def flask(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run one of the product's commands on this instance, with what is piped into it."""
        done = subprocess.run(
            [BIN / "flask", *arguments],
            cwd=PROJECT_ROOT,
            env=os.environ | self.environment,
            input=stdin,
            capture_output=True,
            check=False,
        )
        said = done.stdout.decode()
        assert done.returncode == 0, said + done.stderr.decode()
        return said

    def bring_forward_release(self) -> None:
        """Move what is scheduled to come out later today or tomorrow to this very minute; the timetable does the rest."""
        now = datetime.now(UTC).replace(tzinfo=None)
        engine = create_engine(self.environment["DATABASE_URL"])
        with engine.begin() as connection:
            moved = connection.execute(
                text("UPDATE edition SET release_at = :now WHERE state = 'scheduled'"), {"now": now.isoformat(" ")}
            )
            assert moved.rowcount == 1
        engine.dispose()

    @contextmanager
    def served(self) -> Iterator[Instance]:
        """Serve it until the tests are over."""
        log = (self.folder / "served.log").open("w")
        command: list[str | Path] = [BIN / "python", "setup/serve.py"]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=os.environ | self.environment, stdout=log, stderr=log)
        try:
            self._wait_until_ready(process)
            yield self
        finally:
            process.terminate()
            process.wait(30)
            log.close()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/health/live", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the instance did not start:\n" + (self.folder / "served.log").read_text())


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def instance_in(folder: Path) -> Iterator[Instance]:
    """An instance with the cast of all tests, served, beside a mail server."""
    postbox = Postbox()
    server = Controller(postbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        instance = Instance(folder, server.port, postbox)
        app = create_app(read_settings(instance.environment))
        with app.app_context():
            upgrade()
            cast.write()
            db.session.remove()
            db.engine.dispose()
        with instance.served():
            yield instance
    finally:
        server.stop()
