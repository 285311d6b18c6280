"""Who may change what: what was learned and approved, as the sensor's Input framework reads it.

The file is ``zeek-scripts/detections/allowlist.zeek``'s: tab-separated ``client``, ``server``,
``service``, ``operation``, ``object``, with ``*`` for anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import duckdb

from gaugeglass.ledger.schema import STATE_CHANGING

COLUMNS = ("client", "server", "service", "operation", "object")

#: Actions that the sensor judges: setting a clock changes a device too.
JUDGED = (*STATE_CHANGING, "time")


@dataclass(frozen=True, order=True)
class Entry:
    """One thing that may happen."""

    client: str
    server: str
    service: str
    operation: str
    object: str = "*"


def entries(db: duckdb.DuckDBPyConnection) -> list[Entry]:
    """What the baseline registered in ``db`` knows of changes, decisions included.

    Learned values that would be a wildcard, or break a line, on the sensor are left out.
    """
    rows = db.execute(
        "SELECT DISTINCT client, server, service, operation FROM known_operation"
        " WHERE list_contains($judged, action)",
        {"judged": list(JUDGED)},
    ).fetchall()
    return sorted(Entry(*row) for row in rows if all(_plain(value) for value in row))


def text(found: Iterable[Entry]) -> str:
    """The file."""
    lines = ["#fields\t" + "\t".join(COLUMNS), *("\t".join(astuple(e)) for e in found)]
    return "\n".join(lines) + "\n"


def _plain(value: object) -> bool:
    return (
        isinstance(value, str)
        and value not in ("", "*", "-", "(empty)")
        and value.isprintable()
        and not value.startswith("#")
        and "\\" not in value
    )
