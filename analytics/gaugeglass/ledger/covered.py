"""Services that ``ot_activity.log`` tells of, and since when: what other logs of the same sensor
say of the same PDUs must not count again.

A package may be installed on a sensor that logged for years, and be removed again, so a service is
covered from its first row in ``ot_activity.log`` until that log ends. Only those spans are looked
for here, before anything is read; the log is small by design.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gaugeglass.ledger.job import Job
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.logs.stream import Stream

KIND = "ot_activity"

#: The sensor writes polls when their interval ends, other logs at once; so the end lies ahead.
LAG = 15 * 60 * 1_000_000

MAX_LINE = 1 << 20
MAX_SERVICES = 1000  # of one sensor: the names are only as honest as the log
LAST = 1 << 56  # microseconds; what is later is damaged

Spans = dict[str, tuple[int, int]]
"""Service to its first and last time, microseconds since 1970."""


def spans(job: Job) -> Spans:
    """The services in one log, from where it will be read on."""
    found: Spans = {}
    for row in _rows(job):
        service = row.get("service")
        first = _micros(row.get("first") or row.get("ts"))
        last = _micros(row.get("last") or row.get("ts"))
        if not isinstance(service, str) or first is None or last is None:
            continue
        if service in found or len(found) < MAX_SERVICES:
            since, until = found.get(service, (first, last))
            found[service] = min(since, first), max(until, last)
    return found


def merged(one: Mapping[str, tuple[int, int]], other: Mapping[str, tuple[int, int]]) -> Spans:
    """Both together: a service from its earliest to its latest time."""
    both = dict(one)
    for service, (since, until) in other.items():
        known = both.get(service, (since, until))
        both[service] = min(known[0], since), max(known[1], until)
    return both


def lasting(found: Mapping[str, tuple[int, int]]) -> Spans:
    """Spans for rows of other logs: a service that is quiet for hours is still covered as long
    as the log goes on with others."""
    end = max((until for _, until in found.values()), default=0) + LAG
    return {service: (since, end) for service, (since, _) in found.items()}


def load(manifest: Manifest) -> dict[str, Spans]:
    """What earlier runs found, by sensor."""
    kept = json.loads(manifest.get("covered") or "{}")
    return {s: {k: (v[0], v[1]) for k, v in spans.items()} for s, spans in kept.items()}


def save(manifest: Manifest, found: Mapping[str, Spans]) -> None:
    """Keep it for later runs."""
    manifest.set("covered", json.dumps(found, sort_keys=True))


def _rows(job: Job) -> Iterator[Mapping[str, Any]]:
    header = job.header if job.header.fields else job.sniffed.header
    tsv, mixed = job.sniffed.format == "zeek_tsv", job.sniffed.mixed
    for line in _lines(job):
        if tsv and line.startswith(b"#"):
            header = header.feed(line)
        elif tsv:
            values = line.decode("utf-8", "replace").split(header.separator)
            yield dict(zip(header.fields, values, strict=False))
        elif not mixed or KIND.encode() in line:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue  # the reader will say so
            if isinstance(row, dict) and (not mixed or row.get("_path") == KIND):
                yield row


def _lines(job: Job) -> Iterator[bytes]:
    rest = b""
    for chunk in Stream(job.log.path, job.log.compression, job.offset):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.rstrip(b"\r") for line in whole if line)
        if len(rest) > MAX_LINE:
            rest = b""
    # What no line end follows yet is read in a later run.


def _micros(value: object) -> int | None:
    try:
        if isinstance(value, str) and "T" in value:
            seconds = datetime.fromisoformat(value).timestamp()
        else:
            seconds = float(value)  # type: ignore[arg-type]
        micros = round(seconds * 1_000_000)
    except (TypeError, ValueError, OverflowError):
        return None
    return micros if 0 <= micros < LAST else None
