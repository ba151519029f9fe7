"""Files made to harm: each is taken or refused in a sentence within its limits, and none holds up anybody else."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.adapters.sandbox import Failed, Lane, Limits, Stopped
from scrutiny.file_reading import pages, sandbox_lanes
from scrutiny.file_reading.sandbox_lanes import CHECK, LARGE, SHOW, check_file, show
from tests.hostile.files import Hostile, hostile_set, nested_forms, page, stream
from tests.hostile.measuring import MEDIA, Taken, inspect_measured, show_measured
from tests.scrutiny.file_reading.test_inspection import PDF
from workflows.refusals import Refused

#: Pages asked for while hostile files are looked at.
PAGES = 200
#: Made in a moment, one or two of each kind; the whole set is tried by `make proof`.
QUICK = {
    "a part of 2 MB of zeros",
    "one part listed 400 times",
    "50 MB that say they are 100",
    "a workbook in a workbook, ten deep",
    "900000 bytes of <p:sld",
    "250 deep",
    "300000 deep",
    "entities 10 deep in utf-16",
    "an external entity",
    "200,000 attributes",
    "a column as wide as a number goes",
    "a row numbered beyond all counting",
    "one row repeated a billion times",
    "forms 8 deep, each drawn 10 times",
    "forms 30 deep, each drawn 2 times",
    "a form that draws itself",
    "a page of [0 0 1e38 1e38]",
    "a chain of 5,000 filters",
    "a JBIG2 of four billion rows",
    "pages that are their own children",
    "arrays 100,000 deep",
    "a font of noise",
    "a program on opening",
    "65000 by 65000",
    "EXIF that points at itself",
    "a picture and a zip",
    "1000 scans",
    "one line of 20 million commas",
    "a quote that never ends",
    "letters that turn the line about",
    "json a million deep, called text",
}


def tried(lane: Lane, deed: Callable[..., object], file: Hostile, content: bytes) -> Taken:
    """What a lane makes of a file, and what it took."""
    begun = time.monotonic()
    try:
        outcome, seconds, megabytes = lane.run(deed, file.name, files=[content])
    except Stopped as stopped:
        outcome, seconds, megabytes = f"stopped: {stopped.why}", time.monotonic() - begun, 0
    return Taken(file.name, file.what, len(content), outcome, seconds, megabytes)


@pytest.mark.parametrize("file", [one for one in hostile_set() if one.what in QUICK], ids=lambda one: f"{one.name} {one.what}")
def test_a_hostile_file_is_taken_or_refused_in_a_sentence(file: Hostile) -> None:
    """Whatever it is, whoever sent it hears one plain sentence, and the next file is looked at as if nothing had been."""
    outcome = _outcome(file.name, file.make())
    assert outcome.startswith((f"“{file.name}” ", "Inspected(")) or file.name.endswith(".csv")
    assert outcome.endswith((".", ")"))
    assert check_file("plan.pdf", PDF).pages == 1


@pytest.mark.proof
def test_the_whole_set_stays_within_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    """Two seconds and 200 MB, or the lane of what needs more; previews within theirs. The table is printed."""
    lines, beyond = [], []
    checked, queued = [], 0
    for file in hostile_set():
        content = file.make()
        taken = tried(CHECK, inspect_measured, file, content)
        lines.append(f"check  {taken}")
        if taken.outcome.startswith("stopped"):
            queued += 1
            taken = tried(LARGE, inspect_measured, file, content)
            lines.append(f"large  {taken}")
        else:
            checked.append(taken)
            if taken.seconds > CHECK.limits.seconds + 0.2 or taken.megabytes > 200:
                beyond.append(str(taken))
        if taken.outcome.startswith("taken") and file.name.rpartition(".")[2] in ("pdf", *MEDIA):
            shown = tried(SHOW, show_measured, file, content)
            lines.append(f"show   {shown}")
            if not shown.outcome.startswith("stopped") and (shown.seconds > SHOW.limits.seconds + 0.2 or shown.megabytes > 400):
                beyond.append(str(shown))
    seconds, megabytes = (max(getattr(one, what) for one in checked) for what in ("seconds", "megabytes"))
    with capsys.disabled():
        print("\n" + "\n".join(lines))
        print(
            f"{len(checked) + queued} hostile files: {len(checked)} checked at once, the worst with {seconds:.2f} s of "
            f"processor, another with {megabytes} MB; {queued} queued to the lane of what needs more"
        )
    assert len(checked) + queued >= 120
    assert beyond == []


@pytest.mark.proof
def test_a_page_answers_within_half_a_second_while_ten_hostile_files_are_looked_at(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The children stand behind pages in the queue for a processor, and the web process only waits for them."""
    worst = {"three million cells that do not pack", "20000 scans", "1,200,000 objects", "a million names", "40 million quotes"}
    files = [(one.name, one.make()) for one in hostile_set() if one.what in worst] * 2
    looked_at, enough = Counter[str](), threading.Event()

    def send_again_and_again(name: str, content: bytes) -> None:
        while not enough.is_set():
            told = "too many at once" if "Wait a minute" in _outcome(name, content) else "looked at"
            looked_at[told] += 1
            enough.wait(0.1)

    client.get("/")
    times = []
    with ThreadPoolExecutor(len(files)) as pool:
        going = [pool.submit(send_again_and_again, *file) for file in files]
        try:
            while len(times) < PAGES:
                begun = time.monotonic()
                assert client.get("/").status_code == 200
                times.append(time.monotonic() - begun)
                time.sleep(0.05)
        finally:
            enough.set()
    assert [one.result() for one in going] == [None] * len(files)
    times.sort()
    with capsys.disabled():
        print(
            f"\n{len(times)} pages while {len(files)} hostile files were sent again and again ({dict(looked_at)}): "
            f"median {times[len(times) // 2] * 1000:.0f} ms, worst {times[-1] * 1000:.0f} ms"
        )
    assert looked_at["looked at"]
    assert times[-1] < 0.5


def _outcome(name: str, content: bytes) -> str:
    try:
        return str(check_file(name, content))
    except Refused as refused:
        return refused.sentence


def test_what_takes_long_holds_up_only_its_like() -> None:
    """While one lane is full, a harmless file is checked and a page is drawn; the next of that lane is told at once."""
    begun, hold = threading.Event(), threading.Event()
    lane = Lane(sandbox_lanes.SERVER, Limits(), at_once=1, waiting=0)

    def wait_in_lane(step: str) -> None:
        begun.set()
        hold.wait(30)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: lane.run(tell_and_end, files=[], progress=wait_in_lane))
        assert begun.wait(30)
        with pytest.raises(Stopped, match="Wait a minute") as stopped:
            lane.run(tell_and_end, files=[])
        assert stopped.value.why == "busy"
        assert check_file("plan.pdf", PDF).pages == 1
        assert pages.page_image(PDF, 1).startswith(b"\x89PNG")
        hold.set()
        assert first.result() == "done"


def tell_and_end(progress: Callable[[str], None] = print) -> str:
    """A piece of work that tells one step."""
    progress("begun")
    return "done"


def test_a_page_that_took_too_long_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who opens it over and over costs the service one try in an hour."""
    slow = nested_forms(11, 12)
    lane = Lane(sandbox_lanes.SERVER, Limits(seconds=0.3), at_once=1)
    monkeypatch.setattr(sandbox_lanes, "SHOW", lane)
    for _ in range(2):
        with pytest.raises(Refused, match="takes too long to show here"):
            show(pages.draw_page, 1, 1200, file=slow, known_as="slow")
        monkeypatch.setattr(lane, "run", None)  # a second try would fail otherwise


def test_an_unforeseen_fault_in_a_child_is_a_refusal_with_its_cause_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """A library that stumbles over a file is no fault of the service."""
    with pytest.raises(Failed, match="ZeroDivisionError"):
        CHECK.run(divide_by_nothing, files=[])
    with pytest.raises(Refused, match="takes too long to show"):
        show(divide_by_nothing, file=b"x")
    assert "ZeroDivisionError" in caplog.text


def divide_by_nothing(*_: object) -> float:
    """A fault nobody foresaw."""
    return 1 / 0


def test_a_child_reaches_nothing_and_its_answer_is_never_run() -> None:
    """No network, no programs; an answer that is no record of ours is refused by whoever asked."""
    for reach in (call_out, start_program):
        with pytest.raises(Failed, match="not for a child process"):
            CHECK.run(reach, files=[])
    with pytest.raises(Exception, match="is no answer"):
        CHECK.run(answer_with_an_order, files=[])


def call_out() -> None:
    """Try the network."""
    import socket

    socket.create_connection(("127.0.0.1", 9))


def start_program() -> None:
    """Try to begin a program."""
    import subprocess

    subprocess.run(["true"])


class Order:
    """What a captured child might answer with."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("true",)


def answer_with_an_order() -> Order:
    """Answer with something that runs when it is read the careless way."""
    return Order()


def test_memory_and_output_have_limits_of_their_own() -> None:
    """Each end has its own reason, and the lane goes on."""
    lane = Lane(sandbox_lanes.SERVER, Limits(seconds=2, memory=50_000_000, output=1_000_000))
    for deed, why in ((take_memory, "memory"), (take_time, "time"), (say_much, "output")):
        with pytest.raises(Stopped) as stopped:
            lane.run(deed, files=[])
        assert stopped.value.why == why
    assert lane.run(tell_and_end, files=[]) == "done"


def take_memory() -> int:
    """More than there is."""
    return len(b"x" * 200_000_000)


def take_time() -> None:
    """For ever."""
    while True:
        pass


def say_much() -> bytes:
    """Two megabytes."""
    return b"x" * 2_000_000


def test_an_upload_that_is_stopped_is_said_on_the_page_and_loses_nothing(
    asked_item: SimpleNamespace, signed_in: Callable[..., FlaskClient], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The typed answer is there, the good file beside it is kept, and the sentence names the bad one."""
    import io

    monkeypatch.setattr(sandbox_lanes, "CHECK", Lane(sandbox_lanes.SERVER, Limits(seconds=0.2)))
    monkeypatch.setattr(sandbox_lanes, "LARGE", Lane(sandbox_lanes.SERVER, Limits(seconds=0.3)))
    slow = next(one for one in hostile_set() if one.what == "1000 scans").make()
    files = [(io.BytesIO(PDF), "plan.pdf"), (io.BytesIO(slow), "scans.jpg")]
    client = signed_in("responder")
    form = {"version": asked_item.version, "marking": "open", "then": "next", "text": "What I typed", "files": files}
    address = f"/answering/items/{asked_item.id}"
    answer = client.post(address, data=form, content_type="multipart/form-data", follow_redirects=True)
    assert "“scans.jpg” was not kept: checking it takes more time or memory than one file may." in answer.text
    again = client.get(address).text
    assert "What I typed" in answer.text + again
    assert "plan.pdf" in answer.text + again


@pytest.fixture
def asked_item(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """An item the police are asked for."""
    from scrutiny.transaction import commit
    from tests.scrutiny.requests.answering_scene import ask

    with app.app_context():
        item = ask(cast).items[0]
        commit()
        return SimpleNamespace(id=item.id, version=item.version)


def test_a_plain_page_is_no_form_within_forms() -> None:
    """A drawing program's few levels are taken; the set above is what is refused."""
    taken = check_file("plan.pdf", nested_forms(6, 1))
    assert taken.pages == 1
    assert check_file("plan.pdf", page(stream(b"0 0 9 9 re f"))).pages == 1
