"""What a room offers the application: its pages, jobs and commands, by name; joined when the application is put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from flask import Blueprint, Flask

#: Where the application keeps the modules by which rooms say what waits in them.
WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Room:
    """Named modules of one package. They are imported by `join`, so that a room's models can be read without its pages."""

    package: str
    #: modules with a `blueprint`
    views: tuple[str, ...] = ()
    #: modules that enter their jobs in the register of the timetable, or what the night's jobs look at
    jobs: tuple[str, ...] = ()
    #: module:group of commands
    commands: tuple[str, ...] = ()
    #: modules with an `init_app(app)`
    starts: tuple[str, ...] = ()
    #: modules whose `needs` say what waits in the room for whoever asks
    waits: tuple[str, ...] = ()

    def join(self, app: Flask) -> None:
        """Register the room's pages, jobs and whatever it sets up for others."""
        for blueprint in self.blueprints():
            app.register_blueprint(blueprint)
        for module in self.jobs:
            self._module(module)
        for module in self.starts:
            self._module(module).init_app(app)
        app.extensions.setdefault(WAITS, []).extend(self._module(module) for module in self.waits)

    def blueprints(self) -> Iterator[Blueprint]:
        """The pages of the room, one blueprint a module."""
        for module in self.views:
            yield self._module(module).blueprint

    def groups(self) -> Iterator[click.Command]:
        """The commands of the room. A group that several modules add to is given by each of them, the same object."""
        for named in self.commands:
            module, name = named.split(":")
            yield getattr(self._module(module), name)

    def _module(self, name: str) -> Any:
        return import_module(f"{self.package}.{name}")
