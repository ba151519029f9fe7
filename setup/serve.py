"""How `make run` serves: one process of many threads, which also runs the scheduler; for this machine alone.

Waitress takes in each request whole, headers and body, before a thread works on it: whoever sends slowly holds a connection,
and never a thread.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scrutiny import scheduler
from setup.connections import server_of
from wsgi import app

# More than may wait for a file to be looked at (scrutiny/file_reading/sandbox_lanes.py), so that pages always find one free.
THREADS = 32


def main() -> None:
    """Serve until stopped; what is being answered then is answered first."""
    port = int(os.environ.get("PORT", "8000"))
    server = server_of(app, port=port, threads=THREADS, largest=app.config["MAX_CONTENT_LENGTH"] + 1_000_000)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    scheduler.start(app)
    address = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{port}")
    print(f"\nArea Scrutiny is ready at {address}  (stop it with Ctrl+C)\n", flush=True)
    server.run()


if __name__ == "__main__":
    main()
