"""The figures of a source as others' tools read them: a Fiscal Data Package (https://specs.frictionlessdata.io) and CSVW."""

from __future__ import annotations

from scrutiny.datasets.fields import FIELDS, Column
from scrutiny.datasets.figures import Measured
from scrutiny.datasets.known import Dataset
from scrutiny.datasets.licences import licence_address, licence_title

#: Types of Table Schema as CSVW names them (https://www.w3.org/TR/tabular-metadata/#datatypes).
_CSVW = {"integer": "integer", "number": "decimal", "string": "string"}


def data_package(dataset: Dataset, table: Measured, site: str) -> dict[str, object]:
    """The descriptor `datapackage.json`; the table lies beside it. Addresses are whole, under `site`."""
    package: dict[str, object] = {
        "profile": "fiscal-data-package",
        "name": dataset.key,
        "title": dataset.title,
        "description": dataset.about,
        "homepage": site + dataset.page,
        "version": dataset.version,
        "countryCode": "GB",
        "resources": [_resource(table, dataset)],
        "contributors": [{"title": dataset.publisher, "role": "publisher"}],
    }
    if dataset.issued:
        package["created"] = f"{dataset.issued.isoformat()}T00:00:00Z"
    if dataset.begins and dataset.ends:
        package["fiscalPeriod"] = {"start": dataset.begins.isoformat(), "end": dataset.ends.isoformat()}
    if dataset.licence:
        package["licenses"] = [_licence(dataset.licence)]
    if dataset.made_from:
        package["sources"] = [_source(dataset.made_from)]
    return package


def csvw(dataset: Dataset, site: str) -> dict[str, object]:
    """The metadata of the table as CSVW, found beside it under its name and '-metadata.json'."""
    told: dict[str, object] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{site}{dataset.page}/figures.csv",
        "dc:title": dataset.title,
        "dc:description": dataset.about,
        "dc:publisher": dataset.publisher,
        "tableSchema": {"columns": [_column(field) for field in FIELDS], "primaryKey": "figure"},
    }
    if dataset.issued:
        told["dc:issued"] = {"@value": dataset.issued.isoformat(), "@type": "xsd:date"}
    if address := licence_address(dataset.licence):
        told["dc:license"] = {"@id": address}
    return told


def _resource(table: Measured, dataset: Dataset) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": f"{dataset.key}-figures",
        "path": "figures.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.digest}",
        "schema": {"fields": [_field(field) for field in FIELDS], "primaryKey": ["figure"], "missingValues": [""]},
    }


def _field(field: Column) -> dict[str, object]:
    told: dict[str, object] = {"name": field.name, "type": field.kind, "description": str(field.about)}
    if field.fiscal:
        told["columnType"] = field.fiscal
    if field.name == "amount":
        told |= {"currency": "GBP", "decimalChar": "."}
    constraints: dict[str, object] = {"required": True} if field.required else {}
    if field.among:
        constraints["enum"] = list(field.among)
    return told | ({"constraints": constraints} if constraints else {})


def _column(field: Column) -> dict[str, object]:
    return {
        "name": field.name,
        "titles": field.name,
        "dc:description": str(field.about),
        "datatype": _CSVW[field.kind],
        "required": field.required,
    }


def _licence(key: str) -> dict[str, str]:
    told = {"name": key, "title": licence_title(key)}
    return told | ({"path": address} if (address := licence_address(key)) else {})


def _source(made_from: str) -> dict[str, str]:
    """Where it was made from: a document by its name, an address by itself."""
    told = {"title": made_from}
    return told | ({"path": made_from} if made_from.startswith(("https://", "http://")) and " " not in made_from else {})
