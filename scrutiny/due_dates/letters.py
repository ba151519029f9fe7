"""The letters about days that became known or moved; the day before is named beside the new one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from scrutiny.correspondence.models import Letter
from scrutiny.requests.letter_values import item_values
from scrutiny.requests.letters import send
from scrutiny.requests.models import EvidenceRequest, Item


def dates_recounted(
    request: EvidenceRequest, began: str, on: date, moved: Iterable[tuple[Item, date | None]], *, at: datetime
) -> list[Letter]:
    """That the day which starts a clock is known now, and what is due when; the day before is named beside it."""
    rows = {item: item_values(item) | {"before": before} for item, before in moved}
    occasion = f"{at.isoformat()}"
    return send("dates_recounted", request, at=at, occasion=occasion, rows=rows, began=began, on=on)


def due_date_moved(item: Item, before: object, *, at: datetime, not_before: datetime | None = None) -> list[Letter]:
    """That a holiday learnt of late moved a due date; both dates are named. It waits for an open day."""
    occasion, values = f"{item.number}.{item.due_on}", dict[str, Any](item=item_values(item), before=before)
    return send("due_date_moved", item.request, at=at, occasion=occasion, not_before=not_before, concerned=[item], **values)
