"""JSON that is one line wherever it is pasted, and the time format of every output."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

_MILLISECOND = timedelta(milliseconds=1)
# Legal in JSON, and inert if the line ends up inside HTML.
_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def rfc3339(when: datetime) -> str:
    """``2026-11-22T08:00:00.000000Z``; a time without zone is UTC, as in the ledger."""
    if when.tzinfo is not None:
        when = when.astimezone(UTC).replace(tzinfo=None)
    return when.isoformat(timespec="microseconds") + "Z"


def millis(when: datetime) -> int:
    """Milliseconds since 1970; a time without zone is UTC."""
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // _MILLISECOND


def line(doc: Any) -> str:
    """``doc`` as compact ASCII JSON without a newline. Times become RFC 3339, NaN null."""
    text = json.dumps(
        _plain(doc), ensure_ascii=True, separators=(",", ":"), allow_nan=False, default=_other
    )
    return text.translate(_HTML)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _other(value: object) -> str:
    return rfc3339(value) if isinstance(value, datetime) else str(value)
