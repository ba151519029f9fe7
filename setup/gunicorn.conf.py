"""How `make run` serves: one process of eight threads, which also runs the scheduler; for this machine alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from scrutiny import scheduler

load_dotenv(Path(__file__).resolve().parent.parent / ".env")

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 1  # the scheduler lives in it: a second would run every job twice
threads = 8
preload_app = False  # the scheduler's threads would not live through the fork
control_socket_disable = True  # gunicorn's control socket wants a writable home
timeout = 120
graceful_timeout = 20
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Start the timetable in this process, and say where to look."""
    scheduler.start(worker.wsgi)
    address = os.environ.get("PUBLIC_URL", f"http://{bind}")
    print(f"\nArea Scrutiny is ready at {address}  (stop it with Ctrl+C)\n", flush=True)
