"""A puzzle a browser solves before more is let through from a network that has used up its tries: work that costs whoever sends
thousands of forms, and a visitor a few seconds. ALTCHA's challenges (PBKDF2 with SHA-256), made and checked here: nothing is
fetched from elsewhere, and nobody is watched.

Without scripts there is no puzzle: the page says when to try again, and how to reach whoever runs the service.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import altcha
from flask import current_app, g, request
from sqlalchemy import select

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.extensions import db
from scrutiny.transaction import take_turn
from scrutiny.work.limits import Attempt, Limit, Verdict, may_try

ALGORITHM = "PBKDF2/SHA-256"
#: Rounds of the key for each number tried, of which 256 are wrong on average: a second or two of a laptop, 5 ms of ours.
ROUNDS = 5_000
LASTS = timedelta(minutes=30)
FIELD = "altcha"
LONGEST = 2_000


def puzzle(at: datetime) -> str:
    """A new puzzle, in JSON, signed so that nobody makes an easier one."""
    made = altcha.create_challenge(ALGORITHM, ROUNDS, expires_at=at + LASTS, hmac_secret=_secret())
    return json.dumps(made.to_dict(), separators=(",", ":"))


def solved_here(at: datetime) -> bool:
    """Whether the form sent carries the solution of a puzzle of ours, which it uses up: each opens the way once."""
    answer = request.form.get(FIELD, "")
    if not answer or len(answer) > LONGEST or not altcha.verify_solution(answer, _secret()).verified:
        return False
    who = _mark(answer)
    take_turn(f"puzzle:{who}")
    if db.session.scalar(select(Attempt.id).where(Attempt.who == who).limit(1)) is not None:
        return False
    db.session.add(Attempt(who=who, at=at))
    db.session.flush()
    return True


def may_try_here(limit: Limit, victim: str = "", *, at: datetime) -> Verdict:
    """Count one try of whoever sent this form; where it is refused for its network or in all, its page offers a puzzle."""
    verdict = may_try(limit, victim, request.remote_addr or "", at=at, worked=solved_here(at))
    offer_where_refused(verdict, at)
    return verdict


def offer_where_refused(verdict: Verdict, at: datetime) -> None:
    """Let the page shown for a try that was refused offer a puzzle; against one victim none helps."""
    if verdict.refused in ("network", "all"):
        g.puzzle = puzzle(at)


def _mark(answer: str) -> str:
    """What a used solution is known by: the signature of its puzzle, however the rest is written."""
    signature = altcha.Payload.from_base64(answer).challenge.signature
    return hashlib.sha256(f"puzzle {str(signature).lower()}".encode()).hexdigest()


def _secret() -> str:
    """The key puzzles are signed with, apart from every other use of SECRET_KEY."""
    return keyed_hash(current_app.config["SECRET_KEY"], "puzzle", "signature").hex()
