"""The printing process: reads jobs from standard input, answers on standard output, ends with its parent."""

from __future__ import annotations

import os
import sys
from typing import IO

from scrutiny.adapters.pdf import print_job
from scrutiny.adapters.print_job import PdfMissing, PrintJob, read_frame, write_frame
from workflows.refusals import Refused


def serve(jobs: IO[bytes], answers: IO[bytes]) -> None:
    """Print whatever comes until the other side goes away."""
    while frame := read_frame(jobs):
        _answer(PrintJob.of_frame(*frame), answers)


def _answer(job: PrintJob, answers: IO[bytes]) -> None:
    """Progress, then one last frame: the file, or why there is none."""
    try:
        printed = print_job(job, lambda words: write_frame(answers, {"progress": words}))
    except PdfMissing as missing:
        write_frame(answers, {"missing": missing.sentence})
    except Refused as refused:
        write_frame(answers, {"refused": refused.sentence})
    except BrokenPipeError:
        raise
    except Exception as error:  # one page that cannot be set must not end the process the next one needs
        write_frame(answers, {"failed": f"{type(error).__name__}: {error}"})
    else:
        write_frame(answers, {"pages": printed.pages, "printer": printed.printer}, [printed.pdf])


def main() -> None:
    """Serve on the standard streams, keeping stray prints of libraries out of the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, answers)
    except BrokenPipeError:
        # The parent has gone: nobody is waiting for this page.
        os._exit(0)


if __name__ == "__main__":
    main()
