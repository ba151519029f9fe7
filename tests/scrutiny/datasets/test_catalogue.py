"""The catalogue and packages of what is published: read by others' own readers, the same for everybody, and on time or late."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from frictionless import Package, validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, URIRef

from scrutiny.agencies.models import Footprint
from scrutiny.datasets import figures, rdf
from scrutiny.datasets.fields import COLUMNS
from scrutiny.datasets.known import Dataset, Distribution
from scrutiny.extensions import db
from scrutiny.ledger import figures as ledger_figures
from scrutiny.ledger import service
from scrutiny.ledger.models import LedgerSource
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting
from workflows.frequency import punctuality

SignIn = Callable[..., FlaskClient]
COUNCIL = """service,amount,transfer_to,ring_fence
adult-social-care,"£1,000,000.00",,
public-health,200.00,Loamshire Police,safer streets
Leaf collecting,33.33,,"=HYPERLINK(""x"")"
education,-12.05,,
"""
#: What DCAT-AP 3 makes mandatory or recommends, by class.
WANTED = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset, DCTERMS.language, FOAF.homepage),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.distribution, DCAT.theme),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.format, DCAT.mediaType),
    FOAF.Agent: (FOAF.name,),
}


@pytest.fixture
def sources(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """The council's accounts, published; and a year of the police that is not."""
    with app.app_context():
        council = keep(cast.county_council, COUNCIL, body_id=cast.committee, title="Council accounts")
        service.publish(council, by=acting("officer"), at=NOW)
        police = keep(cast.police, "service,amount\n03.1,900.00\n", body_id=cast.committee, title="Secret police accounts")
        council.licence = "OGL-UK-3.0"
        db.session.commit()
        return SimpleNamespace(council=council.id, police=police.id)


def test_the_catalogue_says_the_same_in_each_of_its_forms_and_what_a_harvester_asks_for(
    sources: SimpleNamespace, client: FlaskClient
) -> None:
    graphs = []
    for form, (media, named) in rdf.FORMS.items():
        answer = client.get(f"/data/catalogue.{form}")
        assert answer.mimetype == media
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        graphs.append(Graph().parse(data=answer.data, format="xml" if form == "rdf" else named))
    assert len({len(graph) for graph in graphs}) == 1
    graph = graphs[0]
    for kind, properties in WANTED.items():
        nodes = set(graph.subjects(RDF.type, kind))
        assert nodes, kind
        for node in nodes:
            assert [one for one in properties if (node, one, None) not in graph] == [], node
    titles = {str(title) for title in graph.objects(None, DCTERMS.title)}
    assert "Council accounts" in titles
    assert not any("Secret" in title for title in titles), "what is not published is in no catalogue"


def test_every_address_of_the_catalogue_answers(sources: SimpleNamespace, client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/data/catalogue.ttl").data, format="turtle")
    site = "http://localhost"
    for link in (DCAT.downloadURL, DCAT.landingPage, FOAF.homepage, DCTERMS.conformsTo, DCTERMS.spatial):
        addresses = {str(one).partition("#")[0] for one in graph.objects(None, link)}
        assert addresses, link
        for address in addresses:
            assert address.startswith(site)
            assert client.get(address.removeprefix(site)).status_code == 200, address


@pytest.mark.parametrize(
    ("asks", "to"),
    [("text/turtle", "ttl"), ("application/ld+json", "jsonld"), ("application/rdf+xml;q=0.9, text/html;q=0.1", "rdf")],
)
def test_a_harvester_is_sent_to_the_form_it_asks_for(sources: SimpleNamespace, client: FlaskClient, asks: str, to: str) -> None:
    answer = client.get("/data/catalogue", headers={"Accept": asks})
    assert (answer.status_code, answer.location) == (303, f"/data/catalogue.{to}")
    page = client.get("/data/catalogue", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert "Council accounts" in page.text
    assert "Secret" not in page.text


def test_a_package_is_valid_to_frictionless_and_its_digest_is_that_of_its_table(
    sources: SimpleNamespace, app: Flask, tmp_path: Path
) -> None:
    to = tmp_path / "package.zip"
    run = app.test_cli_runner()
    done = run.invoke(args=["datasets", "package", str(sources.council), "--to", str(to)])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(to) as packed:
        packed.extractall(tmp_path)
    told = json.loads((tmp_path / "datapackage.json").read_text())
    assert told.pop("profile") == "fiscal-data-package", "a name that frictionless would look up in the net"
    (tmp_path / "datapackage.json").write_text(json.dumps(told))
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    (table,) = told["resources"]
    content = (tmp_path / "figures.csv").read_bytes()
    assert table["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert table["bytes"] == len(content)
    assert told["fiscalPeriod"] == {"start": "2024-04-01", "end": "2025-03-31"}
    rows = Package(str(tmp_path / "datapackage.json")).resources[0].read_rows()
    assert sum(row["pence"] for row in rows if row["direction"] != "from") == 100_000_000 + 20_000 + 3_333 - 1_205
    assert {str(row["amount"]) for row in rows} == {"1000000.00", "200.00", "33.33", "-12.05"}
    again = run.invoke(args=["datasets", "package", str(sources.council), "--to", str(to)])
    assert "is there already" in again.output
    hidden = run.invoke(args=["datasets", "package", str(sources.police), "--to", str(tmp_path / "x.zip")])
    assert hidden.exit_code == 1
    assert not (tmp_path / "x.zip").exists()


def test_csv_and_json_say_the_same_and_nothing_runs_in_a_spreadsheet(sources: SimpleNamespace, client: FlaskClient) -> None:
    base = f"/data/count/{sources.council}"
    answer = client.get(f"{base}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == COLUMNS
    told = client.get(f"{base}/figures.json").json
    assert [int(row["pence"]) for row in rows] == [one["pence"] for one in told]
    assert rows[2]["ring_fence"].startswith("'=")
    again = client.get(f"{base}/figures.csv", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    described = client.get(f"{base}/figures.csv-metadata.json").json
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(COLUMNS)
    assert described["url"].endswith(f"{base}/figures.csv")


@pytest.mark.parametrize("what", ["", "/figures.csv", "/figures.json", "/datapackage.json", "/figures.csv-metadata.json"])
def test_what_is_not_published_or_was_withdrawn_is_no_data_set_of_anybody(
    sources: SimpleNamespace, app: Flask, client: FlaskClient, signed_in: SignIn, what: str
) -> None:
    officer = signed_in("officer")
    for asking in (client, officer):
        assert asking.get(f"/data/count/{sources.police}{what}").status_code == 404
        assert asking.get(f"/data/count/{sources.council}{what}").status_code == 200
    with app.app_context():
        service.withdraw(db.session.get_one(LedgerSource, sources.council), "Wrong", by=acting("officer"), at=NOW)
        db.session.commit()
    for asking in (client, officer):
        assert asking.get(f"/data/count/{sources.council}{what}").status_code == 404
    assert "Council accounts" not in client.get("/data/catalogue.ttl").text


def test_the_old_address_of_corrected_figures_leads_to_those_that_replaced_them(
    sources: SimpleNamespace, client: FlaskClient, app: Flask, tmp_path: Path
) -> None:
    """Through a chain of corrections, of which only the last stands; one that is withdrawn leads nowhere."""
    ids = [sources.council]
    for amount in ("44.44", "55.55"):
        with app.app_context():
            corrected = db.session.get_one(LedgerSource, ids[-1])
            again = LedgerSource(
                agency_id=corrected.agency_id,
                body_id=corrected.body_id,
                title=f"Corrected to {amount}",
                publisher="",
                year=2024,
                phase="outturn",
                coverage="whole",
                confidence="B",
            )
            read = ledger_figures.read_table(COUNCIL.replace("33.33", amount).encode(), "again.csv", again)
            rows = service.Rows.of(read.cells, read.skipped, content=amount.encode(), replaces=corrected)
            again = service.store(again, rows, by=acting("officer"), at=NOW)
            assert client.get(f"/data/count/{ids[-1]}").status_code == 200, "until the correction is published"
            service.publish(again, by=acting("officer"), at=NOW)
            db.session.commit()
            ids.append(again.id)
    for old in ids[:2]:
        for what in ("", "/figures.csv", "/figures.json", "/datapackage.json", "/figures.csv-metadata.json"):
            gone = client.get(f"/data/count/{old}{what}")
            assert gone.status_code == 410
            assert f'<a class="govuk-link" href="/data/count/{ids[2]}">Corrected to 55.55</a>' in gone.text
            assert gone.headers["Link"] == f'</data/count/{ids[2]}>; rel="successor-version"'
    command = app.test_cli_runner().invoke(args=["datasets", "package", str(ids[0]), "--to", str(tmp_path / "x.zip")])
    assert f"Its figures are now those of source {ids[2]}." in command.stderr
    with app.app_context():
        service.withdraw(db.session.get_one(LedgerSource, ids[2]), "The wrong file again", by=acting("officer"), at=NOW)
        db.session.commit()
    assert client.get(f"/data/count/{ids[0]}").status_code == 404


def test_size_and_digest_are_worked_out_once_and_again_when_a_body_is_renamed(
    sources: SimpleNamespace, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    write = figures.table_of
    monkeypatch.setattr(figures, "table_of", lambda source: (written.append(source.id), write(source))[1])
    page = f"/data/count/{sources.council}"
    for _ in range(3):
        assert client.get(page).status_code == client.get(f"{page}/datapackage.json").status_code == 200
    assert written == [sources.council]
    with app.app_context():
        db.session.get_one(LedgerSource, sources.council).agency.name = "Loamshire Council"
        db.session.commit()
    assert hashlib.sha256(client.get(f"{page}/figures.csv").data).hexdigest() in client.get(page).text
    assert len(written) == 2


def test_the_page_names_licence_digest_and_columns(sources: SimpleNamespace, client: FlaskClient) -> None:
    page = client.get(f"/data/count/{sources.council}").text
    digest = hashlib.sha256(client.get(f"/data/count/{sources.council}/figures.csv").data).hexdigest()
    for words in ("Open Government Licence v3.0", digest, "ring_fence", "Once a year. The next figures are expected by"):
        assert words in page


@pytest.mark.parametrize(
    ("frequency", "today", "late"),
    [
        ("annual", date(2027, 3, 31), 0),
        ("annual", date(2027, 4, 1), 1),
        ("quarterly", date(2026, 6, 30), 0),
        ("quarterly", date(2026, 7, 10), 10),
    ],
)
def test_figures_are_late_from_the_day_after_their_period_ends(frequency: str, today: date, late: int) -> None:
    found = punctuality(frequency, date(2026, 4, 1), today)
    assert (found.days_late, found.is_late) == (late, late > 0)


def test_a_title_cannot_break_the_catalogue() -> None:
    """Titles are others' words: quotes, tags and line ends stay words in every form."""
    title = 'A "title" </rdf:Description> \\ ​<script>\n{"@id": "x"} . <x> <y> <z>'
    dataset = Dataset("k", title, title, "/data", (Distribution("/data/k.csv", "csv"),), title, "no licence known")
    for form, (_, named) in rdf.FORMS.items():
        text = rdf.catalogue([dataset], "http://localhost", "N").serialize(format=named)
        read = Graph().parse(data=text, format="xml" if form == "rdf" else named)
        node = URIRef("http://localhost/data#k")
        assert (node, DCTERMS.title, Literal(title, lang="en")) in read, form


def test_a_data_set_covers_the_areas_its_body_served_in_that_year(app: Flask, cast: SimpleNamespace, client: FlaskClient) -> None:
    """An area taken over later, or given up before, is not one the money was spent in."""
    with app.app_context():
        source = keep(cast.county_council, COUNCIL, body_id=cast.committee)
        service.publish(source, by=acting("officer"), at=NOW)
        for code, from_on, to_on in (("E07900061", date(2026, 1, 1), None), ("E07900062", None, date(2020, 3, 31))):
            db.session.add(
                Footprint(agency_id=cast.county_council, area_kind="district", area_code=code, from_on=from_on, to_on=to_on)
            )
        db.session.commit()
        node = URIRef(f"http://localhost/data/count/{source.id}")
    graph = Graph().parse(data=client.get("/data/catalogue.ttl").data, format="turtle")
    places = {str(place).rpartition("/")[2] for place in graph.objects(node, DCTERMS.spatial)}
    assert places == {"E10900001"}
