"""What a fault of ours tells the log, and the person who met it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from scrutiny.extensions import db

WORDS = "a child of nine in Ashby"


def test_a_fault_of_the_database_is_told_without_the_words_it_was_given(context: None) -> None:
    """The log of an instance is read by people who may not read what agencies answered."""
    with pytest.raises(DBAPIError) as fault:
        db.session.execute(text("INSERT INTO no_such_table VALUES (:words)"), {"words": WORDS})
    db.session.rollback()
    assert "no_such_table" in str(fault.value)
    assert WORDS not in str(fault.value)
