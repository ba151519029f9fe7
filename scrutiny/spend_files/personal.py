"""Whether a payee may be a person: named as one, trading alone, or left out because it is one. Doubt counts as yes."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

REDACTED = re.compile(
    r"\b(redact\w*|withheld|personal (data|info\w*|details|payment)|name removed|removed|confidential|gdpr|data protection|"
    r"foi exempt\w*|exempt|anonymi[sz]ed|private individual|individuals?|sole trader|self[- ]employed|foster\w*|"
    r"kinship|carer|adopter\w*|service user|client payment|direct payment\w*|not disclosed|undisclosed)\b|\*{3,}|x{4,}",
    re.IGNORECASE,
)
TITLED = re.compile(
    r"^(mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|sir|dame|lady|lord|messrs|cllr|exec\w* of)\b\.?|"
    r"\b(mr|mrs|ms|miss|dr)\b\.?$",
    re.IGNORECASE,
)
#: Words that only something which is no single person is called by.
BODY = re.compile(
    r"\b(ltd|limited|plc|llp|lp|inc|llc|cic|cio|co|corp|company|group|council|borough|county|trust|nhs|hmrc|hm|university|college|"
    r"school|academy|church|charity|foundation|association|assoc|society|club|centre|center|services?|solutions?|systems?|"
    r"consult\w*|partners?\w*|bank|authority|department|office|agency|housing|homes?|care|energy|electric\w*|gas|water|"
    r"construction|contract\w*|engineer\w*|build\w*|plumb\w*|garage|motors?|taxis?|cabs?|travel|transport|coach\w*|hotel|"
    r"restaurant|cafe|catering|foods?|stores?|shop|supermarkets?|media|press|publish\w*|software|technolog\w*|digital|design\w*|"
    r"legal|solicitors?|surveyors|architects?|accountants?|insurance|finance|financial|fund|holdings?|international|uk|gb|"
    r"europe|global|and sons?|& sons?|bros|brothers|festival|events?|theatre|museum|library|hospital|surgery|clinic|dental|"
    r"pharmacy|medical|health|farm|nursery|nurseries|gardens?|landscap\w*|security|cleaning|training|recruitment|supplies|supply|"
    r"trading|products?|industries|works|rentals?|hire|leasing|estates?|properties|property|lettings?|management|project\w*|"
    r"enterprises?|network|federation|forum|union|institute|mission|house|villas?|lodge|court|hall|view|road|street|"
    r"www|com|org)\b|\d|&|@|/",
    re.IGNORECASE,
)
#: J Smith, A. B. Jones, Smith J, SMITH, JOHN
INITIALED = re.compile(r"([A-Z]\.? ?){1,3} [A-Z][\w'’-]+( [A-Z][\w'’-]+)?|[A-Z][\w'’-]+,? ([A-Z]\.? ?){1,3}")
TWO_WORDS = re.compile(r"[A-Z][a-zA-Z'’-]+,? [A-Z][a-zA-Z'’-]+( [A-Z][a-zA-Z'’-]+)?")
FORENAMES = frozenset((Path(__file__).parent / "forenames.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=100_000)
def may_be_a_person(supplier: str) -> bool:
    """Whether a payee is to be treated as a person."""
    name = supplier.strip()
    if REDACTED.search(name) or TITLED.search(name):
        return True
    if not name or BODY.search(name):
        return False
    if INITIALED.fullmatch(name.upper() if name.isupper() else name):
        return True
    words = [word.strip(",").casefold() for word in name.split()]
    return TWO_WORDS.fullmatch(name) is not None and any(word in FORENAMES for word in words)
