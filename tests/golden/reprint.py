"""`python -m tests.golden.reprint`: print the kept snapshots again after an intended change of a template; read the diff."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from config.settings import Settings, read_settings
from scrutiny.app import create_app
from scrutiny.snapshots import printing

REPORTS = Path(__file__).parent / "reports"


def main() -> None:
    """Write the HTML of each kept snapshot beside it."""
    with TemporaryDirectory() as folder, create_app(_settings(folder)).app_context():
        for path in sorted(REPORTS.glob("*.json")):
            html = printing.html_of(json.loads(path.read_text(encoding="utf-8")), "0" * 64)
            path.with_suffix(".html").write_text(html, encoding="utf-8")


def _settings(folder: str) -> Settings:
    """An instance that keeps nothing: what is opened goes with the folder."""
    return read_settings(
        {"SECRET_KEY": "golden" * 8, "DATABASE_URL": f"sqlite:///{folder}/unused.db", "FILES_URL": f"file://{folder}"}
    )


if __name__ == "__main__":
    main()
