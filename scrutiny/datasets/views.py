"""Data that is published, for people and for the harvesters of data portals; the same for whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scrutiny.adapters.shares import TAKING, caller
from scrutiny.datasets import packages, rdf, words
from scrutiny.datasets.fields import FIELDS
from scrutiny.datasets.figures import as_plain, measured, table_of
from scrutiny.datasets.known import Replaced, all_datasets, dataset_of, published_source
from scrutiny.doors import public
from scrutiny.extensions import canonical
from scrutiny.formats import london_day
from scrutiny.pages import now

blueprint = Blueprint("datasets", __name__, url_prefix="/data")
NAME = "Area Scrutiny"
#: What a browser is shown where it asks for everything alike.
PAGE = "text/html"
Made = TypeVar("Made")


@blueprint.get("/catalogue")
@public
def catalogue() -> ResponseReturnValue:
    """Every data set, as a page; or as the RDF that the reader asks for with its Accept header."""
    media = {media: form for form, (media, _) in rdf.FORMS.items()}
    wanted = request.accept_mimetypes.best_match([PAGE, *media], default=PAGE)
    if wanted in media:
        response = redirect(url_for(".harvest", form=media[wanted]), 303)
        response.vary.add("Accept")
        return response
    licence = current_app.config["SETTINGS"].report_licence
    datasets = all_datasets(NAME, licence, london_day(now()))
    return render_template("datasets/catalogue.html", datasets=datasets, words=words, forms=rdf.FORMS)


@blueprint.get("/catalogue.<any(jsonld, ttl, rdf):form>")
@public
def harvest(form: str) -> ResponseReturnValue:
    """The catalogue as DCAT-AP in one of its serialisations."""
    settings = current_app.config["SETTINGS"]
    site = str(settings.public_url).rstrip("/")
    found = all_datasets(NAME, settings.report_licence, london_day(now()))
    media, named = rdf.FORMS[form]
    told = _in_turn(lambda: rdf.catalogue(found, site, NAME).serialize(format=named, encoding="utf-8"))
    return _tagged(Response(told, mimetype=media))


@blueprint.get("/count/<int:source_id>")
@public
def of_source(source_id: int) -> ResponseReturnValue:
    """The figures of one source as a data set: what it covers, its columns, its digest, and where to take it from."""
    source = published_source(source_id)
    dataset = dataset_of(source, london_day(now()))
    return render_template(
        "datasets/dataset.html",
        dataset=dataset,
        source=source,
        table=_in_turn(lambda: measured(source)),
        fields=FIELDS,
        words=words,
    )


@blueprint.get("/count/<int:source_id>/figures.<any(csv, json):form>")
@public
def figures(source_id: int, form: str) -> ResponseReturnValue:
    """The figures themselves."""
    source = published_source(source_id)
    if form == "json":
        response = Response(canonical(_in_turn(lambda: as_plain(source))), mimetype="application/json")
    else:
        response = Response(_in_turn(lambda: table_of(source)).content, mimetype="text/csv")
        described = url_for(".described", source_id=source_id)
        response.headers["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    response.headers["Content-Disposition"] = f'attachment; filename="count-{source_id}-figures.{form}"'
    return _tagged(response)


@blueprint.get("/count/<int:source_id>/datapackage.json")
@public
def package(source_id: int) -> ResponseReturnValue:
    """The figures as a Fiscal Data Package."""
    source = published_source(source_id)
    table = _in_turn(lambda: measured(source))
    told = packages.data_package(dataset_of(source, london_day(now())), table, _site())
    return _tagged(Response(canonical(told), mimetype="application/json"))


@blueprint.get("/count/<int:source_id>/figures.csv-metadata.json")
@public
def described(source_id: int) -> ResponseReturnValue:
    """The columns of the figures as CSVW."""
    told = packages.csvw(dataset_of(published_source(source_id), london_day(now())), _site())
    return _tagged(Response(canonical(told), mimetype="application/csvm+json"))


@blueprint.errorhandler(Replaced)
def replaced(gone: Replaced) -> ResponseReturnValue:
    """The old address of figures that were corrected: gone for good (410), with what replaced them."""
    response = Response(render_template("datasets/replaced.html", source=gone.by), 410)
    response.headers["Link"] = f'<{url_for(".of_source", source_id=gone.by.id)}>; rel="successor-version"'
    return response


def _in_turn(make: Callable[[], Made]) -> Made:
    """What takes long for a large source, made within the share each caller has of such work."""
    leave = TAKING.take(caller())
    try:
        return make()
    finally:
        leave()


def _site() -> str:
    return str(current_app.config["SETTINGS"].public_url).rstrip("/")


def _tagged(response: Response) -> ResponseReturnValue:
    """With a tag of its content, so that who has it already is told so and sent nothing."""
    response.add_etag()
    return response.make_conditional(request)
