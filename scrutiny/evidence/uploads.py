"""Files sent with a form: permitted, inspected and kept before the writing begins, so that no write waits for a scan."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import g, request
from werkzeug.datastructures import FileStorage

from scrutiny.evidence.intake import Received, receive
from scrutiny.transaction import undo
from workflows.refusals import Refused

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
    """Each file inspected on its own: one bad file loses none of the others."""
    found = Uploads()
    # Nothing of the database is held while files are looked at.
    undo()
    for file in files:
        if not file.filename:
            continue
        try:
            found.received.append(receive(file.filename, file.stream))
        except Refused as refused:
            found.faults.append(refused.sentence)
    return found
