"""Striking names out of letters that are kept: a receipt says what was sent, and a file's name may be what had to go."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select

from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db


def strike_name_above(code: str, instead: str) -> int:
    """Put other words in place of the line that stands above a line with this code, in every letter kept; how many letters.

    What was posted already is with whom it went to; what still waits is posted without the name.
    """
    line = re.compile(rf"^([ \t]*)[^\n]*(\n[^\n]*{re.escape(code)})", re.MULTILINE)
    struck = 0
    for letter in db.session.scalars(select(Letter).where(Letter.text.contains(code)).order_by(Letter.id)):
        text = line.sub(lambda found: found[1] + instead + found[2], letter.text)
        struck += text != letter.text
        letter.text = text
    db.session.flush()
    return struck


def strike_words(reference: str, words: Collection[str], instead: str) -> int:
    """Put other words in place of each line of these words, in letters kept about a record; how many letters.

    A letter gives them as lines of their own, after a colon or in quotation marks: the same letters within another word or
    sentence are somebody else's.
    """
    lines = {line.strip() for text in words for line in text.splitlines() if line.strip()}
    struck = 0
    for letter in db.session.scalars(select(Letter).where(Letter.reference == reference).order_by(Letter.id)):
        text = letter.text
        for line in sorted(lines, key=len, reverse=True):
            given = re.compile(rf"(^[ \t]*|: |“){re.escape(line)}(?=[ \t]*$|”|\.$)", re.MULTILINE)
            text = given.sub(lambda found: found[1] + instead, text)
        struck += text != letter.text
        letter.text = text
    db.session.flush()
    return struck
