"""The rules in force, and the editions kept of those that were used."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app

from scrutiny.rules.files import Rules
from scrutiny.rules.models import MethodEdition
from workflows.methods import Method, read_method


def rules() -> Rules:
    """The rules this instance started with."""
    found: Rules = current_app.extensions["rules"]
    return found


def method_of(edition: MethodEdition) -> Method:
    """The method as its kept edition has it, whatever the files say today."""
    return _read(edition.digest, edition.text, f"{edition.key}-{edition.version}.toml")


@lru_cache(maxsize=64)
def _read(digest: str, text: str, name: str) -> Method:
    """Read a kept text once."""
    return read_method(text, name)
