"""The catalogue of what is published, as DCAT-AP 3 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

from scrutiny.datasets.known import MEDIA, Dataset, Distribution
from scrutiny.datasets.licences import licence_address, licence_title

#: The forms a harvester may ask for: the ending of the address, its media type, and rdflib's name of it.
FORMS: Final = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "pretty-xml"),
}
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
#: A term of DCAT 3, which the library does not know yet.
VERSION: Final = URIRef(f"{DCAT}version")
_EU: Final = "http://publications.europa.eu/resource/authority/"
_FREQUENCY: Final = {"annual": "ANNUAL", "quarterly": "QUARTERLY", "monthly": "MONTHLY"}
_FILE_TYPE: Final = {"csv": "CSV", "json": "JSON"}
ABOUT: Final = (
    "Who answers for a place, what was found, what was recommended and done, and what public bodies spend there: "
    "everything this service publishes as data."
)


def catalogue(datasets: Iterable[Dataset], site: str, name: str) -> Graph:
    """The catalogue and everything in it, with whole addresses under `site` (without a slash at its end)."""
    graph = Graph()
    for prefix, namespace in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", VCARD)):
        graph.bind(prefix, namespace)
    about = URIRef(f"{site}/data/catalogue")
    graph.add((about, RDF.type, DCAT.Catalog))
    graph.add((about, DCTERMS.title, Literal(name, lang="en")))
    graph.add((about, DCTERMS.description, Literal(ABOUT, lang="en")))
    graph.add((about, DCTERMS.publisher, _agent(graph, name, URIRef(site))))
    graph.add((about, FOAF.homepage, _document(graph, f"{site}/data")))
    graph.add((about, DCTERMS.language, _concept(graph, "language/ENG", DCTERMS.LinguisticSystem)))
    modified: list[date] = []
    for dataset in datasets:
        graph.add((about, DCAT.dataset, _dataset(graph, dataset, site)))
        modified += [dataset.issued] if dataset.issued else []
    if modified:
        graph.add((about, DCTERMS.modified, _day(max(modified))))
    return graph


def _dataset(graph: Graph, dataset: Dataset, site: str) -> URIRef:
    page = site + dataset.page
    node = URIRef(page if dataset.version else f"{page}#{dataset.key}")
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    graph.add((node, DCTERMS.title, Literal(dataset.title, lang="en")))
    graph.add((node, DCTERMS.description, Literal(dataset.about, lang="en")))
    graph.add((node, DCTERMS.publisher, _agent(graph, dataset.publisher, BNode())))
    graph.add((node, DCAT.contactPoint, _contact(graph, site)))
    graph.add((node, DCAT.landingPage, _document(graph, page)))
    graph.add((node, DCAT.theme, _concept(graph, f"data-theme/{'ECON' if dataset.version else 'GOVE'}")))
    if dataset.issued:
        graph.add((node, DCTERMS.issued, _day(dataset.issued)))
        graph.add((node, DCTERMS.modified, _day(dataset.issued)))
    if dataset.version:
        graph.add((node, VERSION, Literal(dataset.version)))
    if dataset.punctual:
        of = _concept(graph, f"frequency/{_FREQUENCY[dataset.punctual.frequency]}", DCTERMS.Frequency)
        graph.add((node, DCTERMS.accrualPeriodicity, of))
    if dataset.begins and dataset.ends:
        period = BNode()
        graph.add((node, DCTERMS.temporal, period))
        graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
        graph.add((period, DCAT.startDate, _day(dataset.begins)))
        graph.add((period, DCAT.endDate, _day(dataset.ends)))
    for code in dataset.place_codes:
        place = URIRef(f"{site}/places/{code}")
        graph.add((node, DCTERMS.spatial, place))
        graph.add((place, RDF.type, DCTERMS.Location))
        graph.add((place, DCTERMS.identifier, Literal(code)))
    for one in dataset.distributions:
        graph.add((node, DCAT.distribution, _distribution(graph, one, dataset, site)))
    return node


def _distribution(graph: Graph, one: Distribution, dataset: Dataset, site: str) -> URIRef:
    address = URIRef(site + one.path)
    node = URIRef(f"{address}#distribution")
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(f"{dataset.title} ({one.form.upper()})", lang="en")))
    for link in (DCAT.accessURL, DCAT.downloadURL):
        graph.add((node, link, address))
    media = URIRef(f"https://www.iana.org/assignments/media-types/{MEDIA[one.form]}")
    graph.add((media, RDF.type, DCTERMS.MediaType))
    graph.add((node, DCAT.mediaType, media))
    graph.add((node, DCTERMS.format, _concept(graph, f"file-type/{_FILE_TYPE[one.form]}", DCTERMS.MediaTypeOrExtent)))
    if address_of := licence_address(dataset.licence):
        licence = URIRef(address_of)
        graph.add((licence, RDF.type, DCTERMS.LicenseDocument))
        graph.add((licence, DCTERMS.title, Literal(licence_title(dataset.licence), lang="en")))
        graph.add((node, DCTERMS.license, licence))
    if dataset.schema and one.form == "csv":
        standard = URIRef(site + dataset.schema)
        graph.add((standard, RDF.type, DCTERMS.Standard))
        graph.add((node, DCTERMS.conformsTo, standard))
    return node


def _agent(graph: Graph, name: str, node: URIRef | BNode) -> URIRef | BNode:
    graph.add((node, RDF.type, FOAF.Agent))
    graph.add((node, FOAF.name, Literal(name, lang="en")))
    return node


def _contact(graph: Graph, site: str) -> URIRef:
    node = URIRef(f"{site}/contact#who")
    graph.add((node, RDF.type, VCARD.Kind))
    graph.add((node, VCARD.fn, Literal("Whom to write to", lang="en")))
    graph.add((node, VCARD.hasURL, URIRef(f"{site}/contact")))
    return node


def _document(graph: Graph, address: str) -> URIRef:
    node = URIRef(address)
    graph.add((node, RDF.type, FOAF.Document))
    return node


def _concept(graph: Graph, key: str, kind: URIRef | None = None) -> URIRef:
    """A term of the European authority tables, which DCAT-AP asks for."""
    node = URIRef(_EU + key)
    if kind is not None:
        graph.add((node, RDF.type, kind))
    return node


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date)
