"""`python -m tests.golden.reprint`: print the kept snapshots again after an intended change of a template; read the diff."""

from __future__ import annotations

import json
from pathlib import Path

from config.settings import read_settings
from scrutiny.app import create_app
from scrutiny.reports import printing

REPORTS = Path(__file__).parent / "reports"


def main() -> None:
    """Write the HTML of each kept snapshot beside it."""
    settings = read_settings({"SECRET_KEY": "golden" * 8, "DATABASE_URL": "sqlite:///unused.db"})
    with create_app(settings).app_context():
        for path in sorted(REPORTS.glob("*.json")):
            html = printing.html_of(json.loads(path.read_text(encoding="utf-8")), "0" * 64)
            path.with_suffix(".html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
