"""A claim kept alive from a thread of its own while the work goes on; it runs out only where the process has stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask, current_app

from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work import claims
from scrutiny.work.clock import Clock

log = logging.getLogger(__name__)
#: How often a claim is renewed within its lease: two may fail before it runs out.
BEATS = 4


@contextmanager
def kept_alive(model: Any, row_id: int, token: str, *, clock: Clock, lease: timedelta) -> Iterator[None]:
    """Renew a claim for as long as the block takes. No transaction may be open in it: the renewal is a writing of its own."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the thread pushes a context of its own
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease.total_seconds() / BEATS):
            with app.app_context():
                if not _renewed(model, row_id, token, clock, lease):
                    return

    thread = threading.Thread(target=beat, name=f"claim of {model.__tablename__} {row_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renewed(model: Any, row_id: int, token: str, clock: Clock, lease: timedelta) -> bool:
    """Renew once; False where the claim is another's by now, and there is nothing left to keep alive."""
    try:
        with writes_now():
            return claims.renew(model, row_id, token, at=clock(), lease=lease)
    except Exception:
        log.exception("the claim of %s %d could not be renewed; it is tried again", model.__tablename__, row_id)
        return True
    finally:
        db.session.remove()
