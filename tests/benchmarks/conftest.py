"""What the benches share: the country loaded once, a PostGIS beside it, and the table of yardsticks printed at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import country as real
from tests.benchmarks import postgis as peer
from tests.benchmarks.table import ROWS

NEEDS = "PostGIS is not installed: as root, apt-get install postgresql-NN-postgis-3 for the PostgreSQL there is"


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all England and Wales loaded, by a process of its own; or that named in BENCH_COUNTRY, loaded so before."""
    if os.environ.get("BENCH_COUNTRY"):
        return Path(os.environ["BENCH_COUNTRY"])
    if not real.REAL.is_dir():
        pytest.skip(f"no real data at {real.REAL}: set SHARED_DATA")
    folder = tmp_path_factory.mktemp("country")
    subprocess.run([sys.executable, "-m", "tests.benchmarks.country", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    """The connection string of a PostGIS of this run's own."""
    programs = peer.programs()
    if programs is None:
        pytest.skip(NEEDS)
    with peer.served(programs) as address:
        yield address


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of yardsticks, from this one run."""
    if not ROWS:
        return
    terminalreporter.section("areas beside their yardsticks")
    line = "{:<44} {:>16} {:>30} {:>9} {:>9}  {}"
    terminalreporter.write_line(line.format("work", "ours", "yardstick", "country", "county", "must be"))
    for row in ROWS:
        country, county = (f"{n:.1f} ×" if n else "–" for n in (row.times, row.county))
        terminalreporter.write_line(line.format(row.work, row.ours, row.peer, country, county, row.must))
