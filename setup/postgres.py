"""A PostgreSQL server for tests and checks: the one that is there, or a throwaway one of its own.

`python -m setup.postgres COMMAND…` runs a command with TEST_DATABASE_URL set, and stops what it started; with `--database`
before it, the command also gets a new empty database as its DATABASE_URL. Without a command it tells whether there is a
server: its address, or what is missing and exit status 3.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy.engine import make_url

NO_SERVER = 3
#: What is tried where no address is given: the local socket, as the person who asks.
LOCAL = "postgresql:///postgres"
MISSING = (
    "PostgreSQL is missing: set TEST_DATABASE_URL to a server where databases may be created, "
    "or install its programs (apt-get install --no-install-recommends postgresql)"
)
#: A server that is thrown away need not outlive a loss of power.
HASTE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "listen_addresses=")


def find(environment: Mapping[str, str]) -> str | None:
    """The address of a server that answers and lets us create databases; an address given and not answering is an error."""
    given = environment.get("TEST_DATABASE_URL", "").replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(given or LOCAL, connect_timeout=5) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error as error:
        if given:
            raise SystemExit(f"TEST_DATABASE_URL does not answer: {error}") from error
        return None
    if row is None or not row[0]:
        if given:
            raise SystemExit("The user of TEST_DATABASE_URL may not create databases: give it CREATEDB")
        return None
    return given or LOCAL


def start() -> tuple[str, Callable[[], None]] | None:
    """A throwaway server on a socket of its own: its address, and how it is stopped; none where its programs are missing."""
    programs = _programs()
    if programs is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="scrutiny-postgres-"))
    data, log = folder / "data", folder / "log"
    who = _not_root(folder)
    subprocess.run(
        [*who, str(programs / "initdb"), "-D", str(data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    port = _free_port()
    settings = [part for value in (*HASTE, f"unix_socket_directories={folder}", f"port={port}") for part in ("-c", value)]
    ctl = [*who, str(programs / "pg_ctl"), "-D", str(data), "-s", "-w"]
    # Its output goes to the log: a pipe of ours held open by the server would keep whoever waits for its end waiting.
    with suppress(FileNotFoundError):
        log.touch(mode=0o666)
        log.chmod(0o666)
    subprocess.run([*ctl, "-l", str(log), "-o", " ".join(f"'{part}'" for part in settings), "start"], check=True)

    def stop() -> None:
        subprocess.run([*ctl, "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)

    return f"postgresql://tests@/postgres?host={quote(str(folder))}&port={port}", stop


@contextmanager
def server(environment: Mapping[str, str]) -> Iterator[str | None]:
    """The address of a server for as long as it is wanted; none where there is none to be had."""
    address = find(environment)
    if address is not None:
        yield address
        return
    started = start()
    if started is None:
        yield None
        return
    address, stop = started
    try:
        yield address
    finally:
        stop()


def _programs() -> Path | None:
    """Where the server's programs are: the newest of Debian's folders, else wherever the path finds them."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _not_root(folder: Path) -> list[str]:
    """What goes before a command of the server, which refuses to run as root: then it runs as `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise SystemExit("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as")


def _free_port() -> int:
    """A number for the socket's name that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def database(address: str) -> Iterator[str]:
    """A new empty database on a server, dropped after."""
    name = f"scrutiny_check_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'")
        try:
            yield make_url(address).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main(arguments: list[str]) -> int:
    """Run a command beside a server; its exit status."""
    if not arguments:
        return _tell()
    with server(os.environ) as address, ExitStack() as also:
        if address is None:
            print(MISSING, file=sys.stderr)
            return NO_SERVER
        environment = os.environ | {"TEST_DATABASE_URL": address}
        if arguments[0] == "--database":
            environment["DATABASE_URL"] = also.enter_context(database(address))
            arguments = arguments[1:]
        return subprocess.run(arguments, env=environment, check=False).returncode


def _tell() -> int:
    """Say whether there is a server, or the programs to start one."""
    address = find(os.environ)
    if address is None and _programs() is None:
        print(MISSING, file=sys.stderr)
        return NO_SERVER
    print(address or "none answers; one can be started")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
