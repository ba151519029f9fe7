"""The adapters this instance is fitted with; app.py builds each with its own settings."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

NAMES = ("mailer", "files", "printer", "scanner")


def fit(app: Flask, **adapters: Any) -> None:
    """Fit an instance with its adapters: mailer, files, printer and scanner."""
    app.extensions["adapters"] = adapters


def fitted(name: str) -> Any:
    """The adapter of that name: mailer, files, printer or scanner."""
    return current_app.extensions["adapters"][name]
