"""The server process of `sandbox`: loads libraries once, forks a child for each piece of work, and tells how it ended."""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import select
import signal
import socket
import struct
import sys
import warnings
from contextlib import suppress
from operator import attrgetter
from typing import IO, Any

from scrutiny.adapters.sandbox import FAILED, HEAD, REFUSED, RESULT, STEP, Limits, Work
from workflows.refusals import Refused

MOST_FILES = 16
CONNECTIONS = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto")
PROGRAMS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system")
MOST_MEMORY = 4_000_000_000


def serve(control: socket.socket) -> None:
    """Fork a child for whatever comes, and tell of its end, until the other side goes away."""
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    telling: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([control.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _tell_of_the_ended(telling)
        if control.fileno() in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 1, MOST_FILES)
            if not message:
                for pid in telling:
                    os.kill(pid, signal.SIGKILL)
                return
            line, told, *files = descriptors
            pid = os.fork()
            if pid == 0:
                _be_child(control, [ended, wake, told, *telling.values()], line, files)
            telling[pid] = told
            for descriptor in (line, *files):
                os.close(descriptor)


def _tell_of_the_ended(telling: dict[int, int]) -> None:
    while telling:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        told = telling.pop(pid)
        with suppress(OSError):  # nobody may be waiting to hear it any more
            os.write(told, struct.pack("!i", status))
        os.close(told)


def _be_child(control: socket.socket, others: list[int], line_number: int, files: list[int]) -> None:
    """The whole life of a child: its one piece of work, then its end; nothing of the server's loop runs in it."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        for descriptor in others:
            os.close(descriptor)
        # A library may warn of each of ten thousand parts of a file, and the log would keep them all.
        warnings.simplefilter("ignore")
        with socket.socket(fileno=line_number) as line:
            _work(line, files)
        code = 0
    except (BrokenPipeError, ConnectionResetError):
        pass  # nobody is listening any more
    finally:
        os._exit(code)


def _work(line: socket.socket, descriptors: list[int]) -> None:
    with line.makefile("rb") as told, line.makefile("wb") as stream:
        (size,) = struct.unpack("!Q", told.read(8))
        work: Work = pickle.loads(told.read(size))  # from our own parent, never from a child
        files = [os.fdopen(descriptor, "rb") for descriptor in descriptors]
        try:
            function = attrgetter(work.name)(importlib.import_module(work.module))
            steps = {"progress": lambda words: _answer(stream, STEP, words.encode())} if work.tells else {}
            _limit(work.limits)
            answer = RESULT, function(*files, *work.arguments, **steps)
        except MemoryError:
            resource.setrlimit(resource.RLIMIT_AS, (_most_memory(), _most_memory()))  # enough to say so
            answer = FAILED, "MemoryError"
        except Refused as refused:
            answer = REFUSED, (type(refused).__module__, type(refused).__qualname__, refused.said)
        except Exception as error:  # whatever a file does to a library must be told, not lost
            answer = FAILED, f"{type(error).__name__}: {error}"
        _answer(stream, answer[0], pickle.dumps(answer[1]))


def _answer(stream: IO[bytes], kind: bytes, content: bytes) -> None:
    stream.write(HEAD.pack(kind, len(content)) + content)
    stream.flush()


def _most_memory() -> int:
    """The most that any child may ever take: ours, or less where the whole service was given less."""
    given = resource.getrlimit(resource.RLIMIT_AS)[1]
    return MOST_MEMORY if given == resource.RLIM_INFINITY else min(MOST_MEMORY, given)


def _limit(limits: Limits) -> None:
    """From here on, so much processor and time, and so much memory beyond what the libraries take; the kernel sees to it."""
    memory = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + limits.memory  # noqa: SIM115  # closed with the child
    most = _most_memory()
    resource.setrlimit(resource.RLIMIT_AS, (min(memory, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    # Both end the process where it stands, in whatever library it is.
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    signal.setitimer(signal.ITIMER_REAL, limits.patience)


def _refuse_what_reaches_out(event: str, arguments: tuple[Any, ...]) -> None:
    """No child opens a connection or begins a program, whatever a library does with what a file says."""
    if event in (*CONNECTIONS, *PROGRAMS):
        raise PermissionError(f"{event} is not for a child process")


def main() -> None:
    """Serve on the descriptor named first, so far back in the queue for a processor, with the modules named loaded."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.nice(int(sys.argv[2]))
    for module in sys.argv[3:]:
        with suppress(OSError):  # WeasyPrint without Pango: said when something is to be printed
            importlib.import_module(module)
    sys.addaudithook(_refuse_what_reaches_out)
    serve(control)


if __name__ == "__main__":
    main()
