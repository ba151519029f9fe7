"""`flask datasets`: the catalogue of what is published, and the package of one source, as the pages give them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from werkzeug.exceptions import NotFound

from scrutiny.datasets import packages, rdf, words
from scrutiny.datasets.figures import measured_of, table_of
from scrutiny.datasets.known import Replaced, all_datasets, dataset_of, published_source
from scrutiny.datasets.views import NAME
from scrutiny.formats import london_day
from scrutiny.pages import now

datasets = AppGroup("datasets", help="Data that is published.")
NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@datasets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_(as_json: bool) -> None:
    """List every data set, and whether the next figures are late."""
    found = all_datasets(NAME, current_app.config["SETTINGS"].report_licence, london_day(now()))
    if as_json:
        rows = [
            {
                "key": one.key,
                "title": one.title,
                "page": one.page,
                "licence": one.licence,
                "issued": one.issued.isoformat() if one.issued else None,
                "days_late": one.punctual.days_late if one.punctual else None,
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.key}: {one.title}. {words.punctual_words(one)}".rstrip())
    click.echo(words.catalogue_words(found))


@datasets.command("catalogue")
@click.option("--form", type=click.Choice(list(rdf.FORMS)), default="ttl", show_default=True, help="Of which form.")
def catalogue_(form: str) -> None:
    """Print the catalogue as DCAT-AP."""
    settings = current_app.config["SETTINGS"]
    found = all_datasets(NAME, settings.report_licence, london_day(now()))
    graph = rdf.catalogue(found, str(settings.public_url).rstrip("/"), NAME)
    click.echo(graph.serialize(format=rdf.FORMS[form][1]))


@datasets.command("package")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.option("--to", type=NEW_FILE, required=True, help="The zip file to write; it must not be there yet.")
def package_(number: int, to: Path) -> None:
    """Write the figures of a published source with their descriptors (Fiscal Data Package and CSVW) into a zip file."""
    try:
        source = published_source(number)
    except Replaced as gone:
        raise click.ClickException(f"Source {number} was corrected. Its figures are now those of source {gone.by.id}.") from gone
    except NotFound as missing:
        raise click.ClickException(f"No published source of the count has the number {number}.") from missing
    site = str(current_app.config["SETTINGS"].public_url).rstrip("/")
    dataset, table = dataset_of(source, london_day(now())), table_of(source)
    try:
        with to.open("xb") as made, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("figures.csv", table.content)
            for name, told in (
                ("datapackage.json", packages.data_package(dataset, measured_of(table), site)),
                ("figures.csv-metadata.json", packages.csvw(dataset, site)),
            ):
                packed.writestr(name, json.dumps(told, ensure_ascii=False, indent=2))
    except FileExistsError as there:
        raise click.ClickException(f"{to} is there already. Choose another name.") from there
    except OSError as fault:
        raise click.ClickException(f"{to} could not be written: {fault.strerror}.") from fault
    click.echo(f"{to}: {words.size_words(len(table.content), table.rows)}, SHA-256 {table.digest}")
