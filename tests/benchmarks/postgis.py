"""A PostGIS of this run's own, as the yardstick of looking points up: its layers subdivided and under a GiST index."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import shapely

#: points a part may have: between 64 and 256 it makes no difference
MOST_POINTS = 128
#: as a person who knows PostgreSQL would set one up for reading on this machine
SETTINGS = (
    "shared_buffers=1GB",
    "work_mem=256MB",
    "maintenance_work_mem=256MB",
    "random_page_cost=1.1",
    "effective_cache_size=4GB",
    "max_parallel_workers_per_gather=2",
    "fsync=off",
    "synchronous_commit=off",
    "jit=off",
    "listen_addresses=127.0.0.1",
)


def programs() -> Path | None:
    """Where the newest PostgreSQL installed has its programs; None where there is none with PostGIS."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    for path in reversed(found):
        if Path(f"/usr/share/postgresql/{path.parts[-3]}/extension/postgis.control").is_file():
            return path.parent
    return None


@contextmanager
def served(programs: Path) -> Iterator[str]:
    """A server on a free port of the loopback, gone afterwards; its connection string. Root runs it as `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="postgis-"))
    root = os.geteuid() == 0
    if root:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        # Not captured: the server would hold the pipe open.
        with (Path(tempfile.gettempdir()) / f"{folder.name}.log").open("ab") as log:
            subprocess.run(
                ["runuser", "-u", "postgres", "--", *command] if root else command, check=True, stdout=log, stderr=log, cwd="/"
            )

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {one}" for one in (*SETTINGS, f"port={port}", f"unix_socket_directories={folder}"))
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (Path(tempfile.gettempdir()) / f"{folder.name}.log").unlink(missing_ok=True)


def fill(connection: psycopg.Connection[Any], layers: Sequence[tuple[int, Any]], points: Any) -> None:
    """The areas (id, shape) subdivided under a GiST index, and the points (rows of x, y in metres)."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        cursor.execute("DROP TABLE IF EXISTS area, part, point")
        cursor.execute("CREATE UNLOGGED TABLE area (id int, shape geometry(Geometry, 27700))")
        with cursor.copy("COPY area FROM STDIN") as copy:
            for number, shape in layers:
                copy.write_row((number, shapely.to_wkb(shapely.set_srid(shape, 27700), hex=True, include_srid=True)))
        cursor.execute(f"CREATE UNLOGGED TABLE part AS SELECT id, ST_Subdivide(shape, {MOST_POINTS}) AS shape FROM area")
        cursor.execute("CREATE INDEX ON part USING gist (shape)")
        cursor.execute("CLUSTER part USING part_shape_idx")
        cursor.execute("CREATE UNLOGGED TABLE point (id int, x float8, y float8, shape geometry(Point, 27700))")
        with cursor.copy("COPY point (id, x, y) FROM STDIN") as copy:
            for number, (x, y) in enumerate(points.tolist()):
                copy.write_row((number, x, y))
        cursor.execute("UPDATE point SET shape = ST_SetSRID(ST_MakePoint(x, y), 27700)")
        cursor.execute("VACUUM ANALYZE")


def one_by_one(connection: psycopg.Connection[Any], points: Any) -> list[list[int]]:
    """The ids of the areas at each point, asked one at a time by a prepared statement."""
    found = []
    with connection.cursor() as cursor:
        for x, y in points.tolist():
            cursor.execute(
                "SELECT id FROM part WHERE ST_Covers(shape, ST_SetSRID(ST_MakePoint(%s, %s), 27700))", (x, y), prepare=True
            )
            found.append([row[0] for row in cursor.fetchall()])
    return found


def all_at_once(connection: psycopg.Connection[Any]) -> None:
    """The areas at every point, set-based, into the table `found`."""
    connection.execute("DROP TABLE IF EXISTS found")
    connection.execute(
        "CREATE UNLOGGED TABLE found AS SELECT point.id AS point, part.id AS area FROM point JOIN part"
        " ON ST_Covers(part.shape, point.shape)"
    )


def index_points(connection: psycopg.Connection[Any]) -> None:
    """A GiST index on the points too: better than most would have."""
    connection.execute("CREATE INDEX IF NOT EXISTS point_shape_idx ON point USING gist (shape)")
    connection.execute("ANALYZE point")
