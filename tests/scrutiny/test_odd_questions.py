"""Whatever is asked of a page, file or the API in its address is answered or refused in words, and never a fault of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.ledger import service
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting, opened

pytestmark = pytest.mark.slow
SignIn = Callable[..., FlaskClient]
#: Days at the ends of what a date can be, where adding or taking away one more day cannot be worked out.
DAYS = ("9999-12-31", "0001-01-01")
#: Everything that is asked in addresses, all at once: a page reads what it knows and leaves the rest.
NAMES = (
    *("page", "state", "about", "agency", "source", "report", "row", "period", "kind", "body", "by", "place", "years"),
    *("service", "year", "prices", "layer", "at", "zoom", "q", "east", "north", "edition", "clash", "text", "order", "standing"),
    *(
        "code",
        "area",
        "limit",
        "after",
        "version",
        "to",
        "from",
        "on",
        "nation",
        "clock",
        "first",
        "last",
        "power",
        "who",
        "words",
    ),
)
ODD = (
    *("%00", "a%00b", "9" * 30, "-1", "1e999", "nan", "inf", "%D9%A3", "%C2%B2", "a" * 3000, "%ff%fe", "%ED%A0%80", "[]"),
    *(
        "%22%3E%3Cscript%3Ex()%3C/script%3E",
        "%0d%0aX-Injected:%201",
        "../../etc/passwd",
        "2026-13-45",
        "row:1:99999999999999999999",
    ),
    *("figure:-1", "figure:99999999999999999999", "row::", "9223372036854775808", "x&{name}=y&{name}[]=z", *DAYS),
)
#: What is no question to a room.
SPARED = ("static", "dev.", "flask")


def addresses(app: Flask, filled: dict[str, str]) -> list[str]:
    """Every page, file and part of the API that can be asked for, of things that are there."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint.startswith(SPARED):
            continue
        values: dict[str, Any] = {}
        for name in rule.arguments:
            items = getattr(rule._converters[name], "items", None)
            values[name] = next(iter(items)) if items else filled.get(name)
        if None not in values.values():
            with app.test_request_context():
                found.append(app.url_map.bind("localhost").build(rule.endpoint, values))
    return sorted(set(found))


@pytest.fixture
def filled(app: Flask, cast: SimpleNamespace) -> dict[str, str]:
    """What the parts of addresses are filled with."""
    with app.app_context():
        with writes_now():
            review = opened(cast)
            source = keep(cast.ashby_council, "service,amount,stream\n09,100.00,revenue\n")
            service.publish(source, by=acting("officer"), at=NOW)
        place = db.session.get_one(Place, cast.wide_place).slug
        agency = db.session.scalars(select(Agency)).first()
        body = db.session.scalars(select(Body)).first()
        assert agency is not None
        assert body is not None
        known = {"agency_id": str(agency.id), "source_id": str(source.id), "body_id": str(body.id), "code": "E07900001"}
        return known | dict.fromkeys(("key", "slug", "place"), place) | {"reference": review.reference, "number": "1"}


@pytest.mark.parametrize("who", [None, "officer"])
def test_no_question_is_a_fault_of_ours(
    app: Flask, client: FlaskClient, signed_in: SignIn, filled: dict[str, str], who: str | None
) -> None:
    asking, statuses, faults = (signed_in(who) if who else client), Counter[int](), []
    found = addresses(app, filled)
    assert len(found) > 100
    for address in found:
        if asking.get(address).status_code != 200:
            continue
        for odd in ODD if who is None else DAYS:
            query = "&".join(f"{name}={odd.replace('{name}', name)}" for name in NAMES)
            for asked in (
                (query,) if odd not in DAYS else (f"on={odd}", f"from={odd}", f"to={odd}", f"from={odd}&to={odd}", query)
            ):
                try:
                    answer = asking.get(f"{address}?{asked}")
                except Exception as error:  # in tests a fault is raised, not shown
                    faults.append(f"{address} {asked[:40]}: {type(error).__name__}: {str(error)[:90]}")
                    continue
                statuses[answer.status_code] += 1
                if answer.status_code >= 500 and not address.startswith("/health"):
                    faults.append(f"{address} {asked[:40]}: {answer.status_code}")
                if "X-Injected" in answer.headers or (answer.mimetype == "text/html" and "<script>x()" in answer.text):
                    faults.append(f"{address} {asked[:40]}: said back as it came")
    print(f"{len(found)} addresses, {sum(statuses.values())} questions: {dict(statuses)}")
    assert not faults, "\n".join(sorted(set(faults)))


def test_no_address_with_a_character_that_no_text_may_hold_is_a_fault_of_ours(app: Flask, client: FlaskClient) -> None:
    """PostgreSQL refuses it wherever it comes from: each part of each address, and fields of forms that are sent."""
    adapter, tried = app.url_map.bind("localhost"), 0
    for rule in app.url_map.iter_rules():
        parts = {name for name, one in rule._converters.items() if type(one).__name__ == "UnicodeConverter"}
        if not parts or rule.endpoint == "static":
            continue
        given = {name: next(iter(getattr(one, "items", [1]))) for name, one in rule._converters.items()}
        address = adapter.build(rule.endpoint, given | dict.fromkeys(parts, "a\0b"))
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = client.open(address, method=method)
            assert answer.status_code in (302, 400, 401, 404), (address, answer.status_code)
            tried += 1
    assert tried > 100
    for address in ("/search", "/sign-in", "/many"):
        assert client.post(address, data={"q": "a\0b", "email": "a\0b@example.org", "lines": "a\0b"}).status_code < 500
