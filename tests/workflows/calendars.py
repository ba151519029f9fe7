"""The real calendars of config/holidays, read once for the tests of this folder."""

from pathlib import Path

from workflows.workdays import Calendars, read_calendars

FOLDER = Path(__file__).parents[2] / "config" / "holidays"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}
CALENDARS: Calendars = read_calendars(TEXTS)
