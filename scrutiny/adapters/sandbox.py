"""Work on what somebody else made, done in a process of its own with limits of time, memory and output.

A server process loads the libraries once and forks a child for each piece of work (`sandbox_server`), so a child starts in
milliseconds, knows nothing of the file before it, and takes nothing down when it is stopped. Children are told nothing of
the machine but where its programs are, cannot reach the network, and answer only in values and records of our own: an
answer is never run.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, is_dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any

from workflows.refusals import Refused, Sentence

PROJECT_ROOT = Path(__file__).parents[2]
# All a child is told of the machine; keys, passwords and addresses of databases stay here.
TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")
HEAD = struct.Struct("!cQ")
RESULT, REFUSED, FAILED, STEP = b"R", b"X", b"F", b"P"
OUT_OF_TIME = {signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU}


class Stopped(Refused):
    """A child was stopped at one of its limits, or died: `why` is time, memory, output, died or busy."""

    def __init__(self, sentence: str, why: str) -> None:
        super().__init__(sentence)
        self.why = why


class Busy(Refused):
    """Too much of one kind is being worked on just now: the same again in a minute may go well."""


class Failed(Exception):
    """The work raised something that was not foreseen; what it was, in words for the log."""


@dataclass(frozen=True)
class Limits:
    """What one piece of work may take: seconds of processor and by the clock, bytes of memory (beyond the libraries') and out."""

    seconds: float = 2
    memory: int = 200_000_000
    output: int = 32_000_000
    patience: float = 60


@dataclass(frozen=True)
class Work:
    """One piece of work as it travels to the child: the function by module and name, what it is given, and its limits."""

    module: str
    name: str
    arguments: tuple[Any, ...]
    limits: Limits
    tells: bool = False  # whether it says its steps on the way


class Server:
    """The process that children are forked from: begun on first use, and anew where it has died; ends with this process."""

    def __init__(self, *preload: str, niceness: int = 10) -> None:
        """`preload` names the modules whose libraries every child finds loaded; `niceness` puts children behind pages."""
        self.preload = preload
        self.niceness = niceness
        self.process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the process, and with it whatever works in it."""
        with self._lock:
            self._end()

    def hand_over(self, descriptors: Sequence[int]) -> None:
        """Have a child forked that holds these descriptors: the line, the end told, and the files."""
        with self._lock:
            try:
                socket.send_fds(self._running(), [b"w"], descriptors)
            except OSError:
                self._end()
                socket.send_fds(self._running(), [b"w"], descriptors)

    def _running(self) -> socket.socket:
        """The line to the process of this very process (a fork's parent keeps its own), begun if need be."""
        if self._control is None or self.process is None or self._owner != os.getpid() or self.process.poll() is not None:
            self._end()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            environment = {name: os.environ[name] for name in TOLD if name in os.environ}
            with theirs:
                self.process = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "scrutiny.adapters.sandbox_server",
                        str(theirs.fileno()),
                        str(self.niceness),
                        *self.preload,
                    ],
                    stdin=subprocess.DEVNULL,
                    cwd=PROJECT_ROOT,
                    env={**environment, "OPENBLAS_NUM_THREADS": "1"},
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C at the terminal is for the parent; the server ends when its line does
                )
            self._control, self._owner = ours, os.getpid()
            atexit.register(self.close)
        return self._control

    def _end(self) -> None:
        process, control, self.process, self._control = self.process, self._control, None, None
        atexit.unregister(self.close)
        if control is not None:
            control.close()
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()


class Lane:
    """A kind of work with its limits: so many at once, so many waiting, and a sentence at once for whoever comes then."""

    def __init__(self, server: Server, limits: Limits, *, at_once: int = 2, waiting: int = 4) -> None:
        self.server = server
        self.limits = limits
        self._free = threading.BoundedSemaphore(at_once)
        self._admitted = threading.BoundedSemaphore(at_once + waiting)

    def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        files: Sequence[bytes | IO[bytes]] = (),
        progress: Callable[[str], None] | None = None,
    ) -> Any:
        """What the function gives for these files (open to read, from their start) and arguments, worked out in a child.

        Raises what the function refuses; Stopped where it goes beyond its limits or there is too much waiting already.
        """
        work = Work(function.__module__, function.__qualname__, arguments, self.limits, progress is not None)
        if not self._admitted.acquire(blocking=False):
            raise Stopped("Many files are being looked at just now. Wait a minute, then try again.", "busy")
        try:
            if not self._free.acquire(timeout=self.limits.patience):
                raise Stopped("Many files are being looked at just now. Wait a minute, then try again.", "busy")
            try:
                return self._work(work, files, progress)
            finally:
                self._free.release()
        finally:
            self._admitted.release()

    def _work(self, work: Work, files: Sequence[bytes | IO[bytes]], progress: Callable[[str], None] | None) -> Any:
        with ExitStack() as held:
            opened = [held.enter_context(_descriptor(file)) for file in files]
            line, theirs = socket.socketpair()
            held.enter_context(line)
            told, telling = os.pipe()
            held.callback(os.close, told)
            try:
                self.server.hand_over([theirs.fileno(), telling, *opened])
            finally:
                theirs.close()
                os.close(telling)
            stop_at = time.monotonic() + work.limits.patience + 5
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(line, stop_at, pickle.dumps(work))
            answer = _heard(line, stop_at, work.limits.output, progress)
            line.close()  # a child that still works finds nobody listening, and ends by its own limits
            return _meant(answer, lambda: _ending(told))


@contextmanager
def _descriptor(file: bytes | IO[bytes]) -> Iterator[int]:
    """A descriptor of a file, or of bytes held in memory, at its start."""
    if isinstance(file, io.BytesIO):
        file = file.getvalue()
    if isinstance(file, bytes):
        with os.fdopen(os.memfd_create("sent"), "w+b") as held:
            held.write(file)
            held.flush()
            held.seek(0)
            yield held.fileno()
    else:
        file.flush()
        file.seek(0)
        number = file.fileno()  # a spooled file of a form goes to the disk now, where it was not there yet
        yield number
        with suppress(ValueError):
            file.seek(0)


def _send(line: socket.socket, stop_at: float, content: bytes) -> None:
    line.settimeout(max(stop_at - time.monotonic(), 0.1))
    line.sendall(struct.pack("!Q", len(content)) + content)


def _heard(line: socket.socket, stop_at: float, most: int, progress: Callable[[str], None] | None) -> tuple[bytes, bytes] | None:
    """The kind and the content of the child's answer, its steps passed on; None where it ended without one."""
    while True:
        head = _exactly(line, HEAD.size, stop_at)
        if head is None:
            return None
        kind, size = HEAD.unpack(head)
        if size > most:
            raise Stopped("What comes of this is larger than can be shown here. Download it instead.", "output")
        content = _exactly(line, size, stop_at)
        if content is None:
            return None
        if kind != STEP:
            return kind, content
        if progress is not None:
            progress(content.decode("utf-8", "replace"))


def _exactly(line: socket.socket, size: int, stop_at: float) -> bytes | None:
    content = bytearray()
    while len(content) < size:
        line.settimeout(max(stop_at - time.monotonic(), 0.1))
        try:
            piece = line.recv(min(size - len(content), 1 << 20))
        except TimeoutError:
            raise Stopped("This took longer than one piece of work may, and was stopped.", "time") from None
        except ConnectionResetError:
            return None
        if not piece:
            return None
        content += piece
    return bytes(content)


def _ending(told: int) -> int:
    """The signal that ended the child, 0 for none: the server tells it."""
    content = os.read(told, 4)
    status = struct.unpack("!i", content)[0] if len(content) == 4 else signal.SIGKILL
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _meant(answer: tuple[bytes, bytes] | None, ending: Callable[[], int]) -> Any:
    """The result, or the exception that stands for the other ends."""
    if answer is None:
        if ending() in OUT_OF_TIME:
            raise Stopped("This took longer than one piece of work may, and was stopped.", "time")
        raise Stopped("The process that worked on this died. Is memory running out? Try again.", "died")
    kind, content = answer
    value = _Careful(io.BytesIO(content)).load()
    if kind == RESULT:
        return value
    if kind == REFUSED:
        raise _refusal(*value)
    if value == "MemoryError":
        raise Stopped("This needs more memory than one piece of work may take, and was stopped.", "memory")
    raise Failed(value)


class _Careful(pickle.Unpickler):
    """Reads plain values and our own records, and nothing that could do anything: the child may no longer be ours."""

    def find_class(self, module: str, name: str) -> Any:
        """A record (dataclass) or a value of an enumeration of ours, or a day; anything else is refused."""
        known = getattr(sys.modules.get(module), name, None)

        def is_plain(kind: type) -> bool:
            return is_dataclass(kind) or issubclass(kind, Enum)

        ours = module.startswith(("scrutiny.", "workflows.")) and isinstance(known, type) and is_plain(known)
        if ours or (module, name) in (("datetime", "date"), ("datetime", "datetime"), ("decimal", "Decimal")):
            return known
        raise pickle.UnpicklingError(f"{module}.{name} is no answer")


def _refusal(module: str, name: str, said: Sentence) -> Refused:
    """The refusal of that name, where we have one, not yet put into words."""
    kind = getattr(sys.modules.get(module), name, Refused)
    ours = isinstance(kind, type) and issubclass(kind, Refused) and kind is not Stopped
    return (kind if ours else Refused)(said.template, **said.values)
