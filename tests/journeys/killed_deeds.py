"""Deeds done by processes that are killed: a process without threads or connections forks one for each, as it is told to.

A fork of the run itself would inherit locks that its threads held at that moment, and hang: a kill of it would prove nothing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from config.settings import PROJECT_ROOT, Settings, read_settings
from scrutiny.adapters.mail import SmtpMailer
from scrutiny.answering import service as answering
from scrutiny.app import create_app
from scrutiny.correspondence.jobs import post_letters
from scrutiny.evidence import service as evidence
from scrutiny.evidence.models import Evidence
from scrutiny.extensions import db
from scrutiny.reports import jobs
from scrutiny.requests.models import Item
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import run
from scrutiny.upkeep import backup
from tests.scrutiny.reviews.acting import acting

BEGUN, DONE = "<", ">"
#: A child ends by itself then, whatever hangs; and so long is waited for what is to be seen of it.
SECONDS, PATIENCE = 60, 5


def text_of(number: int) -> str:
    """An answer that cannot be half there unnoticed."""
    return f"Answer {number} " + "and its words, all of them. " * 200 + f"End of {number}"


def _say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


@contextmanager
def _told(what: object = "") -> Iterator[None]:
    """A deed, with its beginning and its end told: what has been told as done may not be lost."""
    _say(f"{BEGUN}{what}")
    yield
    _say(f"{DONE}{what}")


def save(app: Flask, item: int, last: int, at: datetime) -> None:
    """Answers, one after the other, to one item."""
    for number in range(last + 1, last + 10_000):
        typed = answering.Typed(text=text_of(number))

        def deed(typed: answering.Typed = typed) -> None:
            answering.keep_answer(db.session.get_one(Item, item), typed, by=acting("fire_responder"), at=at)

        with _told(number):
            run(deed)


def upload(app: Flask, evidence_id: int, at: datetime) -> None:
    """Files, one after the other, to one draft; the first is only looked at, so that none waits for libraries to load."""
    receive("first.csv", b"label,value\nx,1\n")
    for number in range(10_000):
        rows = f"label,value\n{os.getpid()}-{number},{number}\n" + "cases,12\n" * 20_000
        name = f"cases-{os.getpid()}-{number}.csv"

        def deed(received: object) -> None:
            evidence.add_received(db.session.get_one(Evidence, evidence_id), received, by=acting("responder"), at=at)

        _say(BEGUN)
        received = receive(name, rows.encode())
        run(lambda received=received: deed(received))  # type: ignore[misc]  # mypy takes a default for no argument
        _say(f"{DONE}{received.sha256}")


@contextmanager
def post_by(app: Flask, port: int) -> Iterator[None]:
    """Letters go to a mail server in the process of the test, which no kill reaches."""
    usual = app.extensions["adapters"]
    app.extensions["adapters"] = replace(usual, mailer=SmtpMailer(f"smtp://127.0.0.1:{port}/?starttls=no"))
    yield
    app.extensions["adapters"] = usual


def post(app: Flask, port: int, at: datetime) -> None:
    """Every letter that is due."""
    with post_by(app, port), _told():
        post_letters(at=at)


def release(app: Flask, at: datetime) -> None:
    """What is to come out by a moment."""
    with _told():
        jobs.release_reports(at=at)


def back_up(app: Flask, path: str, at: datetime) -> None:
    """The same backup again and again; one that is done is put under another name, as no backup takes the place of one."""
    for number in range(10_000):
        with _told(number):
            Path(path).unlink(missing_ok=True)
            backup.back_up(Path(path), at=at, by="operator")
            Path(path).replace(f"{path}.told")


DEEDS: dict[str, Callable[..., None]] = {one.__name__: one for one in (save, upload, post, release, back_up)}


@dataclass
class Tally:
    """What came of the kills of one kind of deed."""

    deed: str
    kills: int = 0
    middle: int = 0
    accepted: int = 0
    lost: int = 0
    half: int = 0
    missing: int = 0
    doubled: int = 0
    doubled_otherwise: int = 0

    def __str__(self) -> str:
        return (
            f"{self.deed:<10}{self.kills:>6} kills, {self.middle:>4} in the middle; {self.accepted:>6} accepted, "
            f"{self.lost} lost, {self.half} half stored, {self.missing} letters missing, {self.doubled} doubled by a kill, "
            f"{self.doubled_otherwise} otherwise"
        )


@dataclass
class Killer:
    """The process that forks; what it tells is read line by line."""

    process: subprocess.Popen[str]
    tally: dict[str, Tally] = field(default_factory=dict)

    def kill(
        self, deed: str, within: float, seed: int, *, after: int = 0, seen: Callable[[], bool] = lambda: True, **arguments: Any
    ) -> list[str]:
        """Have a deed done and kill it at a random moment after it has begun; what it had told as done by then.

        The first of a process is slow, and a kill might only ever meet that: `after` so many are done, and what is to come
        of them has been `seen`.
        """
        pid = self._begin(deed, arguments)
        lines = [self._line()]
        while not lines[-1].startswith(BEGUN) or sum(one.startswith(DONE) for one in lines) < after:
            assert lines[-1].startswith((BEGUN, DONE)), lines
            lines.append(self._line())
        until = time.monotonic() + PATIENCE
        while not seen() and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(random.Random(f"{deed} {seed}").uniform(0, within))  # a moment, not a secret
        with suppress(ProcessLookupError):  # it had ended a moment before
            os.killpg(pid, signal.SIGKILL)
        lines += self._lines()
        status = int(lines.pop().removeprefix("ended "))
        assert os.WIFSIGNALED(status) or status == 0, f"{deed} failed before it was killed: {lines[-3:]}"
        tally = self.of(deed)
        tally.kills += 1
        tally.middle += os.WIFSIGNALED(status) and lines[-1].startswith(BEGUN)
        return [one.removeprefix(DONE) for one in lines if one.startswith(DONE)]

    def leave(self, deed: str, **arguments: Any) -> float:
        """Have a deed done to its end; the seconds it took from its beginning."""
        self._begin(deed, arguments)
        assert self._line().startswith(BEGUN)
        since = time.monotonic()
        assert self._lines()[-1] == "ended 0"
        return time.monotonic() - since

    def of(self, deed: str) -> Tally:
        """What came of the kills of a deed."""
        return self.tally.setdefault(deed, Tally(deed))

    def total(self) -> Tally:
        """What came of all kills."""
        sums = {one.name: sum(getattr(tally, one.name) for tally in self.tally.values()) for one in fields(Tally)[1:]}
        return Tally("in all", **sums)

    def _begin(self, deed: str, arguments: dict[str, Any]) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([deed, arguments], default=datetime.isoformat) + "\n")
        self.process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process that forks has died"
        return line.strip()

    def _lines(self) -> list[str]:
        lines = [self._line()]
        while not lines[-1].startswith("ended "):
            lines.append(self._line())
        return lines


@contextmanager
def killer(settings: Settings) -> Iterator[Killer]:
    """The process that forks, for an instance of tests; its children end by themselves after a minute, whatever hangs."""
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "FILES_URL": settings.files_url,
        "MAIL_URL": settings.mail_url,
        "SECRET_KEY": settings.secret_key,
        "METHODS_DIR": str(settings.methods_dir),
        "MAX_UPLOAD_MB": str(settings.max_upload_mb),
        "DEMO": "0",
    }
    command = [sys.executable, "-m", "tests.journeys.killed_deeds"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Killer(process)
        assert process.stdin is not None
        process.stdin.close()


def _be_child(app: Flask, deed: str, arguments: dict[str, Any]) -> None:
    """The whole life of a child: its deed, then its end."""
    status = 1
    try:
        os.setsid()
        signal.alarm(SECONDS)
        _say(str(os.getpid()))
        arguments["at"] = datetime.fromisoformat(arguments["at"])
        with app.app_context():
            DEEDS[deed](app, **arguments)
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Fork a child for each line that is read, which says its number, and wait until it has ended."""
    app = create_app(read_settings(os.environ))
    app.testing = True
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_child(app, *json.loads(line))
        _, status = os.waitpid(child, 0)
        _say(f"ended {status}")


if __name__ == "__main__":
    main()
