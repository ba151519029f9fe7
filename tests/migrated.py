"""Migrations as modules, for tests of what one reads and writes."""

from __future__ import annotations

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"


@cache
def migration(number: str) -> ModuleType:
    """The migration with a number, such as '0032', as a module."""
    (path,) = VERSIONS.glob(f"{number}_*.py")
    spec = spec_from_file_location(f"migration_{number}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
