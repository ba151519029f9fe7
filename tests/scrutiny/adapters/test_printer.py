"""The printer prints in a process of its own, gives the same bytes as here, and outlives the death of that process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrutiny.adapters.pdf import print_html
from scrutiny.adapters.print_job import AttachedFile, PrintingFailed
from scrutiny.adapters.printer import Printer
from tests.scrutiny.adapters.sample import sample_report
from workflows.refusals import Refused

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
PAGE = '<html lang="en-GB"><head><title>A page</title></head><body><h1>A page</h1></body></html>'


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    made = Printer(seconds=60)
    yield made
    made.close()


def server_of(printer: Printer) -> int:
    assert printer.server.process is not None
    return printer.server.process.pid


def child_of(printer: Printer) -> int:
    """The child that prints just now."""
    server = server_of(printer)
    return int(Path(f"/proc/{server}/task/{server}/children").read_text().split()[0])


def test_the_child_prints_the_same_bytes_as_this_process_and_tells_its_steps(printer: Printer) -> None:
    html, attached = sample_report(2), [AttachedFile("wards.csv", b"ward\nLl\xc5\xb7r\n", "Wards")]
    steps: list[str] = []
    there = printer.print_html(html, created=AT, attachments=attached, progress=steps.append)
    assert there == print_html(html, created=AT, attachments=attached)
    assert steps[0] == "Laying out page 1"
    assert steps[-1] == "Writing the file"


def test_the_server_lives_on_from_page_to_page_even_after_a_refusal(printer: Printer) -> None:
    printer.print_html(PAGE, created=AT)
    first = server_of(printer)
    with pytest.raises(Refused, match="fetches nothing from outside"):
        printer.print_html('<img src="file:///etc/hostname">', created=AT)
    assert printer.print_html(PAGE, created=AT).pages == 1
    assert server_of(printer) == first


def test_a_server_that_was_killed_is_replaced(printer: Printer) -> None:
    printer.print_html(PAGE, created=AT)
    first = server_of(printer)
    os.kill(first, signal.SIGKILL)
    assert printer.print_html(PAGE, created=AT).pages == 1
    assert server_of(printer) != first


def test_a_child_that_dies_over_a_page_is_said_plainly_and_the_next_page_prints(printer: Printer) -> None:
    def kill(step: str) -> None:
        with suppress(IndexError, ProcessLookupError):  # dead already: the steps it had told are still to be heard
            os.kill(child_of(printer), signal.SIGKILL)

    with pytest.raises(PrintingFailed, match="died twice while setting this page"):
        printer.print_html(sample_report(20), created=AT, progress=kill)
    assert printer.print_html(PAGE, created=AT).pages == 1


def test_a_page_half_heard_does_not_answer_the_next(printer: Printer) -> None:
    def give_up(step: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        printer.print_html(sample_report(3), created=AT, progress=give_up)
    assert printer.print_html(PAGE, created=AT).pages == 1


def test_printing_stops_at_its_limit() -> None:
    hasty = Printer(seconds=0.05)
    with pytest.raises(PrintingFailed, match=r"stopped after 0\.05 seconds"):
        hasty.print_html(sample_report(30), created=AT)
    hasty.close()


def test_threads_take_turns(printer: Printer) -> None:
    with ThreadPoolExecutor(4) as pool:
        pages = [PAGE.replace("</h1>", f"</h1><p>{number}</p>") for number in range(8)]
        printed = list(pool.map(lambda page: printer.print_html(page, created=AT).pdf, pages))
    assert len(set(printed)) == 8
    assert printed[3] == print_html(pages[3], created=AT).pdf


PARENT = """
import os, signal, sys
from datetime import UTC, datetime
from scrutiny.adapters.printer import Printer
printer = Printer()
printer.print_html("<h1>x</h1>", created=datetime.now(UTC))
print(printer.server.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_server_ends_with_a_parent_that_was_killed() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.run([sys.executable, "-c", PARENT], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout)
    deadline = time.monotonic() + 10
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_the_child_is_not_told_keys_or_passwords(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden-from-print")
    printer.close()
    printer.print_html(PAGE, created=AT)
    assert b"SECRET_KEY" not in Path(f"/proc/{server_of(printer)}/environ").read_bytes()
