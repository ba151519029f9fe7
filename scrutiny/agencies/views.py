"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("agencies", __name__)
