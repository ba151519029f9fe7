"""Whatever room keeps a file has said so: bytes that nobody says they use are gone in the night."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Column

from scrutiny.extensions import db

#: Digests that keep no bytes alive: the row of the bytes itself, what a quotation is pinned to, a file that is read once.
NO_USE = {
    "ledger_source.cells_sha256",
    "ledger_source.skipped_sha256",
    "stored_file.sha256",
    "citation.sha256",
    "area_load.sha256",
}


def test_every_column_of_digests_is_a_use_or_is_known_to_be_none(app: Flask) -> None:
    with app.app_context():
        tables = db.metadata.tables.values()
        columns = {f"{table.name}.{column.name}" for table in tables for column in table.columns if "sha256" in column.name}
        said = {
            f"{column.table.name}.{column.name}"
            for use in app.extensions["stored_uses"]
            for column in use().selected_columns
            if isinstance(column, Column)
        }
    assert said == columns - NO_USE
