"""Which emails go first, and how many go at once: pure, but for the threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition

#: Letters somebody sits and waits for. They leave before all others, by a job of their own that no other letter can hold up.
FIRST = ("sign_in",)
#: So many emails are offered to the mail server at once, and so many of them to one domain: a slow one holds up no other.
SEVERAL, TO_ONE_DOMAIN = 6, 2


@dataclass(frozen=True, slots=True)
class Due:
    """An email to be posted, and the domain it goes to."""

    posting_id: int
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2].lower()


class _Queue:
    """What is left to do, given out in order, but never more than so many of one domain at once."""

    def __init__(self, due: Sequence[Due], to_one_domain: int) -> None:
        self.left = list(due)
        self.most = to_one_domain
        self.busy: Counter[str] = Counter()
        self.changed = Condition()

    def take(self) -> Due | None:
        """The next that may go; waits while all that are left go to domains that are busy. None once nothing is left."""
        with self.changed:
            while self.left:
                for number, due in enumerate(self.left):
                    if self.busy[due.domain] < self.most:
                        self.busy[due.domain] += 1
                        return self.left.pop(number)
                self.changed.wait()
            return None

    def done(self, due: Due) -> None:
        """One of its domain may go now."""
        with self.changed:
            self.busy[due.domain] -= 1
            self.changed.notify_all()


def go_through(
    due: Sequence[Due], work: Callable[[Due], None], *, at_once: int = SEVERAL, to_one_domain: int = TO_ONE_DOMAIN
) -> None:
    """Do the work for each email, in order, several at once; returns when all are done. The work raises nothing."""
    if at_once == 1 or len(due) < 2:
        for one in due:
            work(one)
        return
    queue = _Queue(due, to_one_domain)

    def worker() -> None:
        while (one := queue.take()) is not None:
            try:
                work(one)
            finally:
                queue.done(one)

    with ThreadPoolExecutor(min(at_once, len(due))) as pool:
        for hand in [pool.submit(worker) for _ in range(min(at_once, len(due)))]:
            hand.result()
