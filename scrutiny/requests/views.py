"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("requests", __name__)
