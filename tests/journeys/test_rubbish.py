"""What the application is made of is not looked through for rubbish while somebody holds the write lock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNT = "import gc, wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"


def test_the_server_sets_aside_what_was_made_at_its_start(tmp_path: Path) -> None:
    """Every later look of the collector is at what requests made alone: a full one took a third of a second."""
    said = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/one.db",
        "FILES_URL": f"file://{tmp_path}/files",
        "MAIL_URL": str(tmp_path / "mail"),
    }
    environment = os.environ | said | {"SECRET_KEY": "k" * 40, "DEMO": "0"}
    done = subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    frozen, left = map(int, done.stdout.split())
    assert frozen > 100_000
    assert left < frozen / 20
