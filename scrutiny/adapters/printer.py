"""The printer: prints in a process of its own, so that a long report never slows the pages people are reading."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from scrutiny.adapters.print_job import (
    Asset,
    AttachedFile,
    PdfMissing,
    Printed,
    PrintingFailed,
    PrintJob,
    read_frame,
    write_frame,
)
from workflows.refusals import Refused

PROJECT_ROOT = Path(__file__).parents[2]
# All the printing process is told of the machine; keys, passwords and addresses of databases stay here.
TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")


class _ChildDied(Exception):
    """The printing process went away before it had answered."""


class Printer:
    """Prints one page at a time in a long-lived child process: started on first use, ended at its limit, begun anew."""

    def __init__(self, *, seconds: float = 180) -> None:
        """`seconds` is the longest a page may take before its process is ended."""
        self.seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._one_at_a_time = threading.Lock()

    def print_html(
        self,
        html: str,
        *,
        created: datetime,
        attachments: Sequence[AttachedFile] = (),
        assets: Mapping[str, Asset] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Printed:
        """Print one page of HTML. Raises PdfMissing, PrintingFailed, or Refused for a page that would fetch."""
        job = PrintJob(html, created, attachments, assets or {})
        with self._one_at_a_time:
            try:
                return self._print(job, progress)
            except _ChildDied:
                pass  # it may have died of an earlier page (memory, or ended by hand): once more with a new one
            try:
                return self._print(job, progress)
            except _ChildDied:
                raise PrintingFailed(
                    "The printing process died twice while setting this page. Is memory running out? Try again."
                ) from None

    def start(self) -> None:
        """Start the process and have it load its libraries, so that the first page need not wait."""
        self.print_html("<title>First</title>", created=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))

    def close(self) -> None:
        """End the process, if there is one."""
        with self._one_at_a_time:
            self._end()

    def _print(self, job: PrintJob, progress: Callable[[str], None] | None) -> Printed:
        child = self._running()
        overdue = threading.Event()
        limit = threading.Timer(self.seconds, _stop, [child, overdue])
        limit.start()
        answer = None
        try:
            write_frame(cast(IO[bytes], child.stdin), *job.frame())
            answer = _last_frame(cast(IO[bytes], child.stdout), progress)
        except BrokenPipeError:
            pass  # dead already: told below, with the deaths that show only when reading
        finally:
            limit.cancel()
            if answer is None:
                # Dead, stopped, or half read: what is left in the pipe must not answer the next page.
                self._end()
        if answer is not None:
            return _printed(*answer)
        if overdue.is_set():
            raise PrintingFailed(f"Printing was stopped after {self.seconds:g} seconds. Print a shorter report.")
        raise _ChildDied

    def _running(self) -> subprocess.Popen[bytes]:
        """The child of this very process (a fork's parent keeps its own), started if need be."""
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self._end()
            environment = {name: os.environ[name] for name in TOLD if name in os.environ}
            self._child = subprocess.Popen(
                [sys.executable, "-m", "scrutiny.adapters.print_room"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=PROJECT_ROOT,
                env=environment,
                start_new_session=True,  # Ctrl-C at the terminal is for the parent; the child ends when its input does
            )
            self._owner = os.getpid()
            atexit.register(self.close)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        atexit.unregister(self.close)
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with suppress(BrokenPipeError):
                cast(IO[bytes], stream).close()


def _stop(child: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    child.kill()


def _last_frame(
    answers: IO[bytes], progress: Callable[[str], None] | None
) -> tuple[Mapping[str, object], Sequence[bytes]] | None:
    """Pass progress on until the frame that ends the job; None if the process went away before it."""
    while frame := read_frame(answers):
        words = frame[0].get("progress")
        if words is None:
            return frame
        if progress:
            progress(words)
    return None


def _printed(head: Mapping[str, object], blobs: Sequence[bytes]) -> Printed:
    """The last frame as what it says: a file, or the reason there is none."""
    if "missing" in head:
        raise PdfMissing(str(head["missing"]))
    if "refused" in head:
        raise Refused(str(head["refused"]))
    if "failed" in head:
        raise PrintingFailed(f"The page could not be printed ({head['failed']}).")
    return Printed(pdf=blobs[0], pages=int(str(head["pages"])), printer=str(head["printer"]))
