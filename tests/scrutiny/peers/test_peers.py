"""A place beside its peers: each to the penny as its own count has it, like with like alone, and nothing of too few."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from scrutiny.agencies.models import Agency, Footprint
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.ledger import service
from scrutiny.ledger.counting import count
from scrutiny.peers.comparing import Compared, compare
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
OWN = "E07900011"
PAGE = f"/places/{OWN}/count/peers"


def publish(agency_id: int, text: str, committee: int, *, phase: str = "outturn") -> None:
    source = keep(agency_id, f"service,amount,transfer_to,transfer_from\n{text}\n", body_id=committee)
    source.phase = phase
    service.publish(source, by=acting("officer"), at=NOW)


def district(number: int, like: Area) -> int:
    """A district of its own on the land of another, of 1,000 people for each of its number, with its council."""
    values = {
        column.key: getattr(like, column.key) for column in Area.__table__.columns if column.key not in ("id", "code", "name")
    }
    code = f"E079000{number}"
    db.session.add(Area(**values | {"people": 1000 * number}, code=code, name=f"District {number}"))
    council = Agency(name=f"District {number} Council", kind="district")
    council.footprint = [Footprint(area_kind="district", area_code=code)]
    db.session.add(council)
    db.session.flush()
    return council.id


@pytest.fixture
def peers(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """Seven districts, of which six councils are counted and one of them by its budget; no other body serves them."""
    with app.app_context():
        like = db.session.scalars(select(Area).where(Area.code == "E07900001")).one()
        councils = {number: district(number, like) for number in range(11, 18)}
        for number in range(11, 17):
            publish(councils[number], f"housing,{number}00.00,,", cast.committee, phase="budget" if number == 16 else "outturn")
        db.session.commit()
    return SimpleNamespace(committee=cast.committee, councils=councils, cast=cast)


def compared(code: str, who: str = "officer") -> Compared:
    area = db.session.scalars(select(Area).where(Area.code == code, Area.kind == "district")).one()
    found = compare(area, 2024, on=NOW.date(), by=acting(who))
    assert found is not None
    return found


def test_each_peer_is_to_the_penny_what_its_own_count_gives(app: Flask, peers: SimpleNamespace) -> None:
    """Also where money of a larger area is shared out by people, and transfers are netted."""
    cast = peers.cast
    with app.app_context():
        publish(cast.county_council, "education,1000.01,,\npublic-health,200.33,Loamshire Police,", peers.committee)
        publish(cast.police, "03.1,777.77,,\n03.1,200.33,,Loamshire County Council", peers.committee)
        found = compared("E07900001")
        assert {peer.area.code for peer in found.peers} >= {"E07900002", "E07900003", OWN}
        for one in (found.own, *found.peers):
            own = count("x", [one.area], 2024, on=NOW.date(), by=acting("officer"))
            assert own is not None
            assert (one.net, dict(one.by_service)) == (own.net, dict(own.by_service))
            assert (one.bodies, one.not_counted) == (len(own.bodies), len(own.not_counted))
        assert "county" in found.own.shared


def test_like_is_compared_with_like_and_too_few_with_nothing(app: Flask, peers: SimpleNamespace, client: FlaskClient) -> None:
    """Four peers are counted by outturn: one too few. With the fifth a median is told; the one counted by its budget never."""
    page = client.get(PAGE).text
    assert "4 places can be compared; we need 5" in page
    assert "No: the figures are of another kind or cover another part" in page
    with app.app_context():
        publish(peers.councils[17], "housing,17000.00,,", peers.committee)
        db.session.commit()
    rows = {row["part"]: row for row in csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv").text))}
    told = rows["all"]
    assert (told["pence_per_head"], told["median_pence_per_head"], told["places_compared"]) == ("10", "10", "5")
    assert (told["lowest_pence_per_head"], told["highest_pence_per_head"]) == ("10", "100")
    plain = json.loads(client.get(f"{PAGE}.json").text)
    ran = app.test_cli_runner().invoke(args=["peers", OWN, "--year", "2024", "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout) == plain, ran.output
    assert "/places/E07900012/count?year=2024" in client.get(PAGE).text


def test_a_kind_of_body_counted_in_part_is_compared_with_nothing(app: Flask, peers: SimpleNamespace, client: FlaskClient) -> None:
    """A second council of the same kind answers here, or at a peer, and nothing of it is loaded."""
    for code, said in (
        ("E07900012", "No: some bodies there are not counted"),
        (OWN, "No: some bodies of District 11 are not counted"),
    ):
        with app.app_context():
            other = Agency(name=f"Another council of {code}", kind="district")
            other.footprint = [Footprint(area_kind="district", area_code=code)]
            db.session.add(other)
            db.session.commit()
        assert said in client.get(PAGE).text
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv").text)))
    assert [row["part"] for row in rows] == ["all", "service"], "no row for a kind that is counted in part"
    assert {row["places_compared"] for row in rows} == {"0"}


def test_what_is_not_published_is_in_no_peer_of_others(
    app: Flask, peers: SimpleNamespace, client: FlaskClient, signed_in: SignIn
) -> None:
    with app.app_context():
        keep(peers.councils[17], "service,amount\nhousing,98765.00\n", body_id=peers.committee)
        db.session.commit()
    assert "District 17" in signed_in("officer").get(PAGE).text
    for form in ("", ".csv", ".json"):
        told = client.get(f"{PAGE}{form}").text
        assert "District 17" not in told
        assert "9876500" not in told


def test_places_of_several_areas_and_years_that_nothing_is_counted_of(peers: SimpleNamespace, client: FlaskClient) -> None:
    both = client.get(f"/places/{OWN}+E07900012/count/peers")
    assert "made of several areas" in both.text
    assert "cannot be compared" in client.get(f"{PAGE}?year=1999").text
    assert client.get(f"{PAGE}.csv?year=1999").status_code == 404
    assert client.get("/places/E99999999/count/peers").status_code == 404


def test_statements_do_not_grow_with_the_peers(app: Flask, peers: SimpleNamespace) -> None:
    few = statements(app)
    with app.app_context():
        like = db.session.scalars(select(Area).where(Area.code == "E07900001")).one()
        for number in range(21, 28):
            publish(district(number, like), f"housing,{number}00.00,,", peers.committee)
        db.session.commit()
    assert len(statements(app)) == len(few)


def statements(app: Flask) -> list[str]:
    """What is asked of the database for one place and its peers."""
    ran: list[str] = []

    def note(*given: object) -> None:
        ran.append(str(given[2]))

    with app.app_context():
        by = acting("officer")
        area = db.session.scalars(select(Area).where(Area.code == OWN)).one()
        event.listen(db.engine, "before_cursor_execute", note)
        compare(area, 2024, on=NOW.date(), by=by)
        event.remove(db.engine, "before_cursor_execute", note)
    return ran
