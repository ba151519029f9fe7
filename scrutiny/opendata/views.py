"""The API, joined to the application: /api/v1, its OpenAPI document, and plain errors."""

from __future__ import annotations

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Api
from werkzeug.exceptions import UnprocessableEntity

from scrutiny.doors import public
from scrutiny.opendata import areas_views, burden_views, challenges_views, reviews_views, rules_views
from scrutiny.opendata.schemas import FaultOut

TITLE = "Area Scrutiny"
ABOUT = (
    "Who answers for a place, what was asked, what was found and what was done. Read-only. Without a key it gives what "
    "anybody may see; with a key of your account (Authorization: Bearer …) what you may see, and no more."
)


class PlainApi(Api):
    """flask-smorest without error pages of its own: `errors.py` answers, and keeps Allow and Retry-After."""

    ERROR_SCHEMA = FaultOut

    def _register_error_handlers(self) -> None:
        """Nothing: the application has its own."""

    @public
    def _openapi_json(self) -> ResponseReturnValue:
        """The OpenAPI document, for anyone."""
        return super()._openapi_json()


def init_app(app: Flask) -> None:
    """Join the API to the application."""
    app.config.update(
        API_TITLE=TITLE, API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api/v1", OPENAPI_JSON_PATH="openapi.json"
    )
    keys = {"key": {"type": "http", "scheme": "bearer"}}
    options = {"info": {"description": ABOUT}, "components": {"securitySchemes": keys}, "security": [{}, {"key": []}]}
    api = PlainApi(app, spec_kwargs=options)
    for views in (areas_views, reviews_views, burden_views, rules_views, challenges_views):
        api.register_blueprint(views.blueprint)
    app.register_error_handler(UnprocessableEntity, _not_understood)


def _not_understood(error: UnprocessableEntity) -> ResponseReturnValue:
    """What of a question could not be understood, field by field."""
    faults = getattr(error, "data", {}).get("messages", {}).get("query", {})
    said = "; ".join(f"{name}: {' '.join(map(str, words))}" for name, words in faults.items())
    message = f"This could not be understood: {said}" if said else "This could not be understood"
    return jsonify({"code": 422, "message": message, "errors": faults}), 422
