"""The register of jobs: each room enters what it does under the name by which the timetable says when."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol, TypeVar

from workflows.timetable import TIMETABLE


class Work(Protocol):
    """What a job does at a moment (UTC); what it answers, if anything, is kept as the note of the run."""

    def __call__(self, *, at: datetime) -> object: ...


AnyWork = TypeVar("AnyWork", bound=Work)
_REGISTER: Final[dict[str, Work]] = {}


def job(name: str) -> Callable[[AnyWork], AnyWork]:
    """Enter a function in the register under a name; a name taken by another function is refused."""

    def enter(work: AnyWork) -> AnyWork:
        if _REGISTER.setdefault(name, work) is not work:
            raise ValueError(f"two functions are entered as the job {name!r}; give one another name")
        return work

    return enter


def registered() -> Mapping[str, Work]:
    """Every job entered so far, by name."""
    return dict(_REGISTER)


def check_against_timetable() -> list[str]:
    """Every disagreement between register and timetable, each as a sentence; none means they agree."""
    names = [entry.name for entry in TIMETABLE]
    idle = [name for name in names if name not in _REGISTER]
    lost = [name for name in _REGISTER if name not in names]
    return [f"The timetable names the job {name}, which no room has entered." for name in idle] + [
        f"The job {name} is entered but never runs, for the timetable lacks it." for name in lost
    ]
