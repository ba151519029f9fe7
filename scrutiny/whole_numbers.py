"""Whole numbers as they come from outside: in addresses, in queries and in the hidden fields of forms."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

# The largest that a column of both databases holds; no id, page or version comes near it.
LARGEST = 2**31 - 1


def whole(text: str) -> int:
    """The number a text holds. ValueError for anything else and for what no column holds: so request.args.get falls back."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10) or int(text) > LARGEST:
        raise ValueError("not a whole number of ours")
    return int(text)


def whole_or_none(text: str | int | None) -> int | None:
    """The number a hidden field holds; None where it holds none."""
    try:
        return whole(str(text if text is not None else "").strip())
    except ValueError:
        return None


class WholeNumber(IntegerConverter):
    """The converter of <int:…> in addresses: what no column holds is not there (404)."""

    def __init__(self, url_map: object, *args: object, **kwargs: object) -> None:
        """As Werkzeug's, with a largest."""
        super().__init__(url_map, *args, **{"max": LARGEST, **kwargs})  # type: ignore[arg-type]  # handed on as they came


def init_app(app: Flask) -> None:
    """Read numbers in addresses so; before any address is known."""
    app.url_map.converters["int"] = WholeNumber
