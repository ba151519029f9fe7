"""The files of sources are in use for as long as their rows are there, whatever became of the source."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from scrutiny.ledger.models import LedgerSource
from scrutiny.stored_files import stored


def init_app(app: Flask) -> None:
    """Say which stored bytes the ledger uses."""
    stored.counts_as_use(app, lambda: select(LedgerSource.sha256).where(LedgerSource.sha256.is_not(None)))
