"""Long work that goes on in a process of its own, and says on its Progress row how far it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext

from scrutiny.extensions import db
from scrutiny.transaction import undo, writes_now
from scrutiny.work import claims
from scrutiny.work.claims import Progress
from scrutiny.work.clock import Clock
from workflows.refusals import Refused


def start_child(*command: str) -> None:
    """Start a command of `flask` as a process that outlives the page, on the settings of this one."""
    settings = current_app.config["SETTINGS"]
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.replace("postgresql+psycopg://", "postgresql://"),
        "FILES_URL": settings.files_url,
        "SECRET_KEY": settings.secret_key,
        "PLACE_CRS": settings.place_crs,
        "METHODS_DIR": str(settings.methods_dir),
        "DEMO": "1" if settings.demo else "0",
    }
    subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "scrutiny.app", *command],
        cwd=Path(current_app.root_path).parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


class Teller:
    """Says how far the work is, at most twice a second, and keeps the claim alive."""

    def __init__(self, progress_id: int, token: str, clock: Clock, lease: timedelta) -> None:
        self.progress_id, self.token, self.clock, self.lease = progress_id, token, clock, lease
        self.last = 0.0

    def __call__(self, share: float, doing: str) -> None:
        if time.monotonic() - self.last < 0.5:
            return
        self.last = time.monotonic()
        with writes_now():
            if not claims.renew(Progress, self.progress_id, self.token, at=self.clock(), lease=self.lease):
                raise Refused(gettext("Another process took this work over; its result counts"))
            say(self.progress_id, done=int(share * 100), doing=doing)


def is_kept(progress_id: int) -> bool:
    """Wait for the page's transaction to be kept, ten seconds at most."""
    for _ in range(100):
        if db.session.get(Progress, progress_id) is not None:
            return True
        undo()
        time.sleep(0.1)
    return False


def say(progress_id: int, **values: Any) -> None:
    """Write what the page shows."""
    row = db.session.get_one(Progress, progress_id)
    for key, value in values.items():
        setattr(row, key, value)
