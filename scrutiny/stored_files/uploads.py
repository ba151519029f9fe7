"""Files sent with a form: permitted, inspected and kept before the writing begins, so that no write waits for a scan."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import g, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from scrutiny.file_reading.inspection import safe_name
from scrutiny.stored_files.intake import Received, receive
from scrutiny.transaction import undo
from workflows.refusals import Refused

#: What one form may bring: so many files, and so many seconds of looking at them; each is limited by itself besides.
MOST_FILES, MOST_SECONDS = 40, 90.0

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(slots=True)
class Uploads:
    """What came with a form: the files fit to keep, and a sentence for each that was not."""

    received: list[Received] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def receives_files(permit: Callable[..., object], name: str = "files") -> Callable[[View], View]:
    """Above @writes: on a POST, ask `permit` (given the view's arguments; it aborts), then inspect and keep the files."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if request.method == "POST":
                permit(*args, **kwargs)
                g.uploads = _received(request.files.getlist(name))
            return view(*args, **kwargs)

        return wrapped  # type: ignore[return-value]  # functools.wraps keeps the type of what it wraps

    return decorate


def uploads() -> Uploads:
    """The files of this request; none where it brought none."""
    found: Uploads = g.get("uploads") or Uploads()
    return found


def _received(files: list[FileStorage]) -> Uploads:
    """Each file inspected on its own: one bad file loses none of the others.

    Whoever sends many that take long holds up others with large files, so what is left after a while is sent again.
    """
    found = Uploads()
    # Nothing of the database is held while files are looked at.
    undo()
    named = [file for file in files if file.filename]
    until = time.monotonic() + MOST_SECONDS
    for number, file in enumerate(named):
        if number == MOST_FILES or time.monotonic() > until:
            found.faults.append(_left(named[number:], number))
            break
        try:
            found.received.append(receive(file.filename or "", file.stream))
        except Refused as refused:
            found.faults.append(refused.sentence)
    return found


def _left(files: list[FileStorage], before: int) -> str:
    """What is said of the files that one form brought too many of."""
    first = safe_name(files[0].filename or "")
    if before >= MOST_FILES:
        return gettext(
            "You can send %(most)s files at once. “%(first)s” and those after it were not kept. Send them next",
            most=MOST_FILES,
            first=first,
        )
    return gettext("Checking these files takes long. “%(first)s” and those after it were not kept. Send them next", first=first)
