"""The features of a window: one entry says everything about one, from SQL to the words for it.

A feature is computed for an entity (an address as client or as server, or a conduit: one client,
one server, one service) in one window. In its SQL the rows are the entity's activity rows in the
window; ``peer`` is the other end, ``sent`` and ``received`` are bytes from the entity's point of
view, ``count`` is how many events a row stands for, ``low`` and ``top`` the point addresses its
object spans (-1: none), ``step_us`` the window's length and ``span_us`` the row's, but no less.
Counts are turned into rates per minute, so that a model's normal reads the
same whatever the window is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gaugeglass.behaviour.files import fingerprint


@dataclass(frozen=True)
class Feature:
    """One feature. ``floor`` is the smallest change worth noticing, in model units.

    Model units are ``log1p(value * unit_scale)`` where ``heavy``, ``asinh(value)`` where
    ``signed``, else the value. ``direction``
    says which side of normal is worse: ``high`` or ``both``. ``edge`` features mean nothing in a
    window that the sensor saw only in part. ``where`` picks the rows that are its evidence.
    """

    name: str
    unit: str
    doc: str
    phrase: str
    sql: str
    floor: float
    direction: str = "high"
    heavy: bool = False
    per_minute: bool = False
    unit_scale: float = 1.0
    edge: bool = False
    where: str = "TRUE"
    signed: bool = False


def number(value: float) -> str:
    """A number as a person writes it: three significant digits, no exponent below a million."""
    if not math.isfinite(value):
        return "an unknown number of"
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _count(name: str, phrase: str, doc: str, where: str = "TRUE") -> Feature:
    return Feature(
        name, "per minute", doc, f"{phrase} per minute",
        f'coalesce(sum("count") FILTER (WHERE {where}), 0)', 0.15,
        heavy=True, per_minute=True, where=where,
    )  # fmt: skip


def _action(name: str, phrase: str, *actions: str) -> Feature:
    said = ", ".join(f"'{a}'" for a in actions)
    doc = f"Events of the actions {', '.join(actions)}, per minute."
    return _count(name, phrase, doc, f"action IN ({said})")


def _distinct(name: str, phrase: str, doc: str, key: str, where: str = "TRUE") -> Feature:
    return Feature(
        name, "per window", doc, phrase,
        f"count(DISTINCT {key}) FILTER (WHERE {where})", 0.15, heavy=True, where=where,
    )  # fmt: skip


#: Events (or gaps) that a share, a mean or an entropy needs to be worth anything: one unanswered
#: request of two is no "half of all".
_SEVERAL = 5


def _share(name: str, phrase: str, doc: str, where: str) -> Feature:
    return Feature(
        name, "share of 1", doc, phrase,
        f'CASE WHEN sum("count") >= {_SEVERAL} THEN'
        f' coalesce(sum("count") FILTER (WHERE {where}), 0)::DOUBLE / sum("count") END', 0.1,
        where=where,
    )  # fmt: skip


#: A connection is logged once, when it began, with all that it ever carried: one that lasted for
#: days is held to what it carried in a window's time, else its first minute would be a flood.
_PACED = " * step_us // span_us"


def _bytes(name: str, phrase: str, doc: str, column: str, where: str, share: str = "") -> Feature:
    return Feature(
        name, "bytes per minute", doc, f"{phrase} per minute",
        f"coalesce(sum({column}::HUGEINT{share}) FILTER (WHERE {where}), 0)", 0.2,
        heavy=True, per_minute=True, unit_scale=0.001, where=f"{where} AND {column} > 0",
    )  # fmt: skip


def _end(name: str, phrase: str, doc: str, sql: str, where: str) -> Feature:
    return Feature(
        name, "address", doc, phrase, f"({sql} FILTER (WHERE {where}))", 0.1, "both",
        heavy=True, where=where,
    )  # fmt: skip


def _value(name: str, phrase: str, doc: str, sql: str) -> Feature:
    where = "action IN ('write', 'command') AND value_min IS NOT NULL"
    return Feature(
        name, "as written", doc, phrase, f"({sql} FILTER (WHERE {where}))", 0.05, "both",
        signed=True, where=where,
    )  # fmt: skip


_SESSION = "action = 'connect'"
_TALK = "action <> 'connect'"
#: Gaps are told apart down to some hundredths of a second: below lie networks, not polls.
_PACE = 10.0
_N, _S, _Q = "sum(gap_count)", "sum(gap_sum)::DOUBLE", "sum(gap_sq)::DOUBLE"

FEATURES: tuple[Feature, ...] = (
    _count("events", "events", "All events of the entity, per minute."),
    _action("reads", "reads", "read"),
    _action("writes", "writes", "write"),
    _action("commands", "commands to the process", "command"),
    _action(
        "controls", "program, mode, firmware or restart requests",
        "program", "mode", "firmware", "restart", "suppress",
    ),
    _action("probes", "identification and diagnosis requests", "identify", "discover", "diagnose"),
    _action("logins", "logins", "authenticate"),
    _action("files", "file operations", "file"),
    _action("reports", "unasked reports", "report"),
    _action("sessions", "connections", "connect"),
    _distinct(
        "peers", "different peers",
        "Fan-out of a client, fan-in of a server: distinct addresses at the other end.", "peer",
    ),
    _distinct("services", "different services", "Distinct application protocols.", "service"),
    _distinct("ports", "different server ports", "Distinct server ports.", "port"),
    _distinct("units", "different units", "Distinct sub-addresses (unit, device, path).",
              "hash(peer, service, unit)", "unit IS NOT NULL"),
    _distinct("operations", "different operations", "Distinct functions of the protocols.",
              "hash(service, operation)", _TALK),
    _distinct("objects", "different objects", "Distinct object ranges, per unit and peer.",
              "hash(peer, service, unit, object)", "object IS NOT NULL"),
    Feature(
        "operation_entropy", "bit", "Shannon entropy of the operations, weighted by events.",
        "bits of variety in the operations",
        f'CASE WHEN sum("count") >= {_SEVERAL} THEN any_value(entropy) END', 0.3, edge=True,
    ),
    Feature(
        "action_entropy", "bit", "Shannon entropy of the actions, weighted by events.",
        "bits of variety in the kinds of action",
        f'CASE WHEN sum("count") >= {_SEVERAL} THEN any_value(action_entropy) END', 0.3, edge=True,
    ),
    _share("write_ratio", "share of events that write or command",
           "Share of events of the actions write and command.", "action IN ('write', 'command')"),
    _end("object_low", "lowest address touched", "Lowest point address of any object.",
         "min(low)", "low >= 0"),
    _end("object_high", "highest address touched", "Highest point address of any object.",
         "max(top)", "low >= 0"),
    _value("written_low", "smallest value written", "Smallest value written.", "min(value_min)"),
    _value("written_high", "largest value written", "Largest value written.", "max(value_max)"),
    _share("error_ratio", "share of events refused or failed",
           "Share of events whose outcome is an error; unanswered ones not counted.",
           "outcome NOT IN ('ok', 'no_reply', 'unknown')"),
    _share("no_reply_ratio", "share of events unanswered",
           "Share of events without an answer.", "outcome = 'no_reply'"),
    _bytes("bytes_sent", "bytes sent in requests and replies",
           "Bytes the entity sent in decoded messages.", "sent", _TALK),
    _bytes("bytes_received", "bytes received in requests and replies",
           "Bytes the entity received in decoded messages.", "received", _TALK),
    _bytes("session_bytes_sent", "bytes sent in connections",
           "Bytes sent in connections that began here, at each one's mean pace.",
           "sent", _SESSION, _PACED),
    _bytes("session_bytes_received", "bytes received in connections",
           "Bytes received in connections that began here, at each one's mean pace.",
           "received", _SESSION, _PACED),
    Feature(
        "gap_mean", "s", "Mean time between two like events.",
        "seconds between like events",
        f"CASE WHEN {_N} >= {_SEVERAL} THEN {_S} / {_N} / 1e6 END", 0.15, "both",
        heavy=True, unit_scale=_PACE, edge=True, where="gap_count > 0",
    ),
    Feature(
        "gap_cv", "ratio",
        "Coefficient of variation of those times, from 50 ms on: 0 is clockwork, 1 is chance.",
        "as variation of the time between like events",
        f"CASE WHEN {_N} >= {_SEVERAL} AND {_S} / {_N} >= 50000 THEN"
        f" sqrt(greatest({_Q} / {_N} - ({_S} / {_N}) * ({_S} / {_N}), 0)) / ({_S} / {_N}) END",
        0.2, "both", edge=True, where="gap_count > 0",
    ),
)  # fmt: skip

NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES)
BY_NAME: dict[str, Feature] = {f.name: f for f in FEATURES}

#: Changes whenever a feature's numbers change: a model only fits where this is the same.
VERSION = fingerprint(
    [
        (
            f.name,
            f.sql,
            f.per_minute,
            f.heavy,
            f.signed,
            f.unit_scale,
            f.floor,
            f.direction,
            f.edge,
        )
        for f in FEATURES
    ]
)
