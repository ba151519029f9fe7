"""The night's look at every file that is kept."""

from __future__ import annotations

from datetime import datetime

from scrutiny.stored_files import stored
from workflows.jobs import job


@job("check_files")
def check_files(*, at: datetime) -> str:
    """Look whether every stored file is there and whole; what is not is named on the page Jobs, backups and health."""
    read, faulty = stored.check_stored(at=at)
    return f"{read} files read, {faulty} missing or damaged" if faulty else f"{read} files read"
