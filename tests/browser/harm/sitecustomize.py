"""Read by the Python of a served instance that is to be harmed: what SQLite may do is read from a file, at each transaction.

The file, named by HARM, holds pragmas, one a line: a database that may not grow (a full disk), less patience with a lock.
Python reads one module of this name, so this one reads the guard of the network too.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

runpy.run_path(str(Path(__file__).parents[2] / "network" / "sitecustomize.py"))


@event.listens_for(Pool, "checkout")
def _harm(connection: Any, record: Any, proxy: Any) -> None:
    path = Path(os.environ["HARM"])
    for pragma in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        connection.execute(f"PRAGMA {pragma}")
