"""The served process is killed (SIGKILL) while it releases a report; started again, the report comes out exactly once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from config.settings import PROJECT_ROOT, Settings
from scrutiny.extensions import db
from tests.databases import rows
from tests.scrutiny.reports.story import scheduled

pytestmark = pytest.mark.slow


class Postbox:
    """A real SMTP server's handler that keeps what it is handed."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        """Accept every message."""
        self.messages.append(envelope.content)
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """The postbox, and the port it listens on."""
    box = Postbox()
    with socket.socket() as free:  # the server asks for a port by number, so one that is free is found first
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@contextmanager
def _served(settings: Settings, smtp: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The product as `make run` serves it, on its own port, against the test's database and postbox."""
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "FILES_URL": settings.files_url,
        "MAIL_URL": f"smtp://127.0.0.1:{smtp}/?starttls=no",
        "SECRET_KEY": settings.secret_key,
        "PORT": "0",
        "DEMO": "0",
    }
    command = [sys.executable, "setup/serve.py"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole group: server, worker and printing child."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait(url: str, statement: str, wanted: set[object], log: Path, seconds: float = 60) -> object:
    """Until a value is one of those wanted."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = rows(url, statement)[0][0]
        if value in wanted:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {wanted}, found {value}\n{log.read_text(errors='replace')[-3000:]}")


def test_a_report_killed_on_its_way_out_comes_out_exactly_once(
    app: Flask, cast: SimpleNamespace, settings: Settings, postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    """Killed when sealed and not yet printed; then each letter arrives, at least once, always under one Message-ID."""
    box, port = postbox
    url, log = settings.database_url, tmp_path / "server.log"
    with app.app_context():
        scheduled(cast)
        db.session.remove()
        db.engine.dispose()
    with _served(settings, port, log) as process:
        state = _wait(url, "SELECT state FROM edition", {"sealed", "printed", "released"}, log)
        _kill(process)
    assert state in ("sealed", "printed"), "the kill came too late to prove anything"
    assert rows(url, "SELECT count(*) FROM audit_entry WHERE event = 'report_released'") == [(0,)]

    with _served(settings, port, log):
        _wait(url, "SELECT state FROM edition", {"released"}, log)
        _wait(
            url,
            "SELECT count(*) FROM letter l LEFT JOIN posting p ON p.id = l.posting_id "
            "WHERE l.address != '' AND (p.state IS NULL OR p.state = 'waiting')",
            {0},
            log,
        )
    assert rows(url, "SELECT count(*) FROM audit_entry WHERE event = 'report_released'") == [(1,)]
    assert rows(url, "SELECT count(*) FROM edition WHERE state = 'released'") == [(1,)]
    sent = Counter(str(message_from_bytes(content)["Message-ID"]).strip("<>") for content in box.messages)
    posted = {message for (message,) in rows(url, "SELECT message_id FROM posting WHERE state = 'posted'")}
    assert posted
    assert posted == set(sent)
