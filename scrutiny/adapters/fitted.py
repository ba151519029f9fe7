"""The adapters this instance is fitted with; app.py builds each with its own settings."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from scrutiny.adapters.antivirus import Scanner
from scrutiny.adapters.files import FileStore
from scrutiny.adapters.mail import Mailer
from scrutiny.adapters.mailbox import Mailbox
from scrutiny.adapters.printer import Printer


@dataclass(frozen=True, slots=True)
class Adapters:
    """What an instance reaches the world with."""

    mailer: Mailer
    files: FileStore
    printer: Printer
    scanner: Scanner
    mailbox: Mailbox | None = None


def fit(app: Flask, adapters: Adapters) -> None:
    """Fit an instance with its adapters."""
    app.extensions["adapters"] = adapters


def mailer() -> Mailer:
    """What posts letters."""
    return _adapters().mailer


def files() -> FileStore:
    """Where files are kept."""
    return _adapters().files


def printer() -> Printer:
    """What makes PDFs."""
    return _adapters().printer


def scanner() -> Scanner:
    """What looks for viruses."""
    return _adapters().scanner


def mailbox() -> Mailbox | None:
    """The mailbox that bounces and replies come to; None where none is read."""
    return _adapters().mailbox


def _adapters() -> Adapters:
    """Those of the instance at work."""
    adapters: Adapters = current_app.extensions["adapters"]
    return adapters
