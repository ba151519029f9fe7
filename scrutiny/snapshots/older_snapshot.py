"""Reading report snapshots of form 1, in which shares, places and rules were written as words; pure, and never writes one."""

from __future__ import annotations

import re
from typing import Any

FORM = "area-scrutiny/report/1"
#: What form 1 wrote of a share that is no round number, and the share that is said so today.
SHARES = {"all": 1.0, "under 1 %": 0.005, "over 99 %": 0.995, "outside its footprint": None, "not known": None}
RULES = {
    "Every body of the review signs": "all-partners",
    "The lead body signs, on behalf of all, with each partner's agreement": "named-signatories",
    "The committee votes, and its chair enters the vote": "committee-vote",
}
DECIDED = {"Corrected": "made", "Corrected in part": "made_in_part", "Left as it was": "not_made"}


def as_of_today(plain: dict[str, Any]) -> dict[str, Any]:
    """The plain values of form 1 under the names and types of today's; its `form` stays what it was."""
    method, scope = plain["method"], plain["scope"]
    signed = {row["body"] for row in plain["signatories"]}
    changed = {
        "method": {**method, "rule": RULES.get(method["sign_off"], method["sign_off"])},
        "bodies": [{**body, "signed": body["name"] in signed} for body in plain["bodies"]],
        "started_on": plain["dates"]["started"],
        "scope": {"reason": scope["reason"], "included": scope["in"], "excluded": scope["out"]},
        "map": map_of(plain["map"]),
        "agencies": [{**row, **_shares(row)} for row in plain["agencies"]],
        "findings": [{**row, "citations": [_citation(c) for c in row["citations"]]} for row in plain["findings"]],
        "replies": [_reply(row) for row in plain["accuracy"]],
        "corrections": [_correction(row) for row in plain["corrections"]],
        "evidence": [{**row, "lodged_on": row["lodged_on"] or None} for row in plain["evidence"]],
        "signatories": [{**row, "vote": _vote(row)} for row in plain["signatories"]],
    }
    return {**plain, **changed}


def share(words: str) -> float | None:
    """A share as form 1 wrote it, '76 %', as a number."""
    return SHARES[words] if words in SHARES else float(words.removesuffix("%").strip()) / 100


def map_of(drawn: dict[str, Any]) -> dict[str, Any]:
    """Maps under today's names; what has them already stays as it is."""
    return {**drawn, "groups": [_group(group) for group in drawn["groups"]]}


def _shares(row: dict[str, Any]) -> dict[str, float | None]:
    if "share_of_people" in row:
        return {}
    return {"share_of_people": share(row["people"]), "share_of_land": share(row["land"])}


def _group(group: dict[str, Any]) -> dict[str, Any]:
    return {"kind": group["kind"], "parts": [{**part, **_shares(part)} for part in group["parts"]]}


def _citation(row: dict[str, Any]) -> dict[str, Any]:
    """'page 3', 'cell Sheet1!B7' or 'written answer'."""
    page = re.fullmatch(r"page (\d+)", row["where"])
    cell = row["where"].removeprefix("cell ") if row["where"].startswith("cell ") else ""
    return {**row, "page": int(page[1]) if page else None, "cell": cell}


def _reply(row: dict[str, Any]) -> dict[str, Any]:
    """Form 1 kept the day on which an agency was shown its extracts, and whether it said that it had finished."""
    state = "answered" if row["finished"] else "silent"
    return {"agency": row["agency"], "state": state, "sent_on": row["sent_on"], "due_on": None, "findings": []}


def _correction(row: dict[str, Any]) -> dict[str, Any]:
    """Form 1 did not keep which words were to be corrected."""
    return {**row, "words": "", "correction": row["said"], "grounds": "", "decided": DECIDED[row["decided"]]}


def _vote(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["votes"] is None:
        return None
    votes_for, against, abstained = row["votes"]
    return {"votes_for": votes_for, "against": against, "abstained": abstained, "meeting_on": row["meeting"] or None}
