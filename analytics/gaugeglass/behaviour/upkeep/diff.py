"""What changed between two versions of a baseline: facts that came and went, amounts that moved.

Objects are compared point by point: where a range grew, only the new part came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gaugeglass.behaviour.baseline import COLUMNS, Baseline
from gaugeglass.behaviour.upkeep.known import DEEDS, Rows, subtract

CAME, WENT, MOVED = "came", "went", "moved"

#: By how much a rate must differ, and in how many windows of each version it must have been seen.
RATIO, ENOUGH = 1.2, 10
_HOURLY = timedelta(days=3)  # learned of each version, before the time of day means anything


@dataclass(frozen=True)
class Difference:
    """One difference. ``kind``: asset, conduit, operation, object, action, outcome, hour, value,
    rate, pause; ``before`` and ``after`` say how much, where it moved."""

    change: str
    kind: str
    client: str | None
    server: str | None
    service: str | None
    what: str
    before: str = ""
    after: str = ""


def diff(old: Baseline, new: Baseline, ratio: float = RATIO) -> list[Difference]:
    """Every difference from ``old`` to ``new``: by change, then kind, then the table's own order.

    ``ratio`` is by how much an operation's events per window must differ to be told.
    """
    a, b = _rows(old), _rows(new)
    days = min(v.until - v.start for v in (old, new))
    found: list[Difference] = []
    for change, mine, others in ((CAME, b, a), (WENT, a, b)):
        for name in (*DEEDS, *(("known_hour",) if days >= _HOURLY else ())):
            if name == "known_object":
                rows = subtract(mine[name], others[name])
            else:
                seen = {tuple(r) for r in others[name]}
                rows = [r for r in mine[name] if tuple(r) not in seen]
            found += [_fact(change, name, row) for row in _told(name, rows)]
    for name, moved in _MOVES.items():
        found += _moves(name, a[name], b[name], ratio, *moved)
    return found


def _rows(base: Baseline) -> dict[str, Rows]:
    out: dict[str, Rows] = {}
    for name, columns in COLUMNS.items():
        names = [c for c, _ in columns]
        out[name] = [[row[c] for c in names] for row in base.tables[name].to_pylist()]
    return out


def _told(name: str, rows: Rows) -> Iterator[list[Any]]:
    """Hours of one client and action stand together; the rest as it is."""
    if name != "known_hour":
        yield from rows
        return
    hours: dict[tuple[Any, ...], list[str]] = {}
    for client, service, action, hour in rows:
        hours.setdefault((client, service, action), []).append(f"{hour:02d} h")
    for key, told in hours.items():
        yield [*key, ", ".join(told)]


def _fact(change: str, name: str, row: list[Any]) -> Difference:
    kind = name.removeprefix("known_")
    values = dict(zip((c for c, _ in COLUMNS[name]), row, strict=True))
    client, server, service = (values.get(k) for k in ("client", "server", "service"))
    what = {
        "asset": lambda v: f"{v['address']}" + (f" with MAC {v['mac']}" if v["mac"] else ""),
        "conduit": lambda v: f"port {v['port']}" if v["port"] is not None else "no port",
        "operation": lambda v: f"{v['operation']} ({v['action']})",
        "object": lambda v: (
            f"{v['operation']} at {v['object']}" + (f" of unit {v['unit']}" if v["unit"] else "")
        ),
        "action": lambda v: f"{v['action']}",
        "outcome": lambda v: f"{v['operation']} ended as {v['outcome']}",
        "hour": lambda v: f"{v['action']} at {v['hour']} (UTC)",
    }[kind](values)
    return Difference(change, kind, client, server, service, what)


Row = Mapping[str, Any]


def _rate(a: Row, b: Row, ratio: float) -> tuple[str, str] | None:
    low, high = sorted((a["mean"], b["mean"]))
    if min(a["windows"], b["windows"]) < ENOUGH or high < ratio * low:
        return None
    return f"{a['mean']:.3g} a window", f"{b['mean']:.3g} a window"


def _value(a: Row, b: Row, ratio: float) -> tuple[str, str] | None:
    del ratio
    if (a["low"], a["high"]) == (b["low"], b["high"]):
        return None
    return f"{a['low']:g} to {a['high']:g}", f"{b['low']:g} to {b['high']:g}"


def _pause(a: Row, b: Row, ratio: float) -> tuple[str, str] | None:
    low, high = sorted((a["max_gap_seconds"], b["max_gap_seconds"]))
    if high < ratio * low or low == high:
        return None
    return f"{a['max_gap_seconds']} s", f"{b['max_gap_seconds']} s"


_Move = tuple[str, tuple[str, ...], Callable[[Row], str],
              Callable[[Row, Row, float], tuple[str, str] | None]]  # fmt: skip

#: Table -> kind, its key, what to call a row, and whether and how it moved.
_MOVES: dict[str, _Move] = {
    "known_rate": (
        "rate", ("client", "server", "service", "operation"), lambda v: str(v["operation"]), _rate,
    ),
    "known_value": (
        "value", ("client", "server", "service", "unit", "operation", "object"),
        lambda v: f"{v['operation']} at {v['object']}", _value,
    ),
    "known_poll": ("pause", ("client", "server", "service"), lambda _: "longest pause", _pause),
    "known_voice": ("pause", ("address",), lambda v: f"longest pause of {v['address']}", _pause),
}  # fmt: skip


def _moves(
    name: str, old: Rows, new: Rows, ratio: float, kind: str, key: tuple[str, ...],
    what: Callable[[Row], str], moved: Callable[[Row, Row, float], tuple[str, str] | None],
) -> Iterator[Difference]:  # fmt: skip
    names = [c for c, _ in COLUMNS[name]]
    before = {}
    for values in (dict(zip(names, row, strict=True)) for row in old):
        before[tuple(values[k] for k in key)] = values
    for values in (dict(zip(names, row, strict=True)) for row in new):
        was = before.get(tuple(values[k] for k in key))
        words = moved(was, values, ratio) if was is not None else None
        if words is not None:
            client, server, service = (values.get(k) for k in ("client", "server", "service"))
            yield Difference(MOVED, kind, client, server, service, what(values), *words)
