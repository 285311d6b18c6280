"""Decide what to read: sniff every file, find where each was left, leave out what another tells."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gaugeglass.ledger import covered
from gaugeglass.ledger.job import Job
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile, find
from gaugeglass.logs.header import HEAD, NO_LOG, Header, Sniffed, sniff
from gaugeglass.logs.stream import compression_of, head
from gaugeglass.protocols.registry import sources

HEAD_ID = 1024  # bytes behind the header that identify a log through rotation and compression

#: Names that a log and a tool's own text share, and what the text is.
TOOLS_TEXT = {
    "stats": "Suricata's counters as text", "http": "text, not EVE", "tls": "text, not EVE",
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """What tells a log from every other, wherever it lies and however it is compressed.

    ``key`` is a hash of its header and first row (whose time and uid no other log has); the hash
    of its first ``head_bytes`` confirms it. A log that was known by fewer bytes may have grown.
    """

    key: str
    head_bytes: int
    head_hash: str
    has_row: bool  # without one, equal heads prove nothing


@dataclass(frozen=True)
class Planned:
    """A job and the identity under which the manifest will know its log."""

    job: Job
    identity: Identity
    size: int  # of the file as it lies
    kinds: tuple[str, ...]
    log_id: int | None  # its row in the manifest, if it was read before


@dataclass
class Plan:
    """What to read, and accounts of what can't be."""

    jobs: list[Planned] = field(default_factory=list)
    unread: list[Account] = field(default_factory=list)
    unchanged: int = 0  # files that were read to their end before
    passed_over: list[tuple[Path, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Seen:
    log: LogFile
    sniffed: Sniffed
    head: bytes
    sensor: str

    @property
    def kinds(self) -> tuple[str, ...]:
        if self.sniffed.format == "eve":
            return ("eve",)
        return (self.sniffed.kind,) if self.sniffed.kind else ()


def plan(paths: list[Path], manifest: Manifest, sensor: str = "") -> Plan:
    """Plan the reading of every log under ``paths``."""
    result = Plan()
    logs, result.passed_over = find(paths)
    seen: list[_Seen] = []
    for log in logs:
        log = replace(log, compression=compression_of(log.path, log.compression))
        start, broken = head(log.path, log.compression, HEAD)
        sniffed = sniff(start, log.kind)
        if not sniffed.format:
            if log.kind in TOOLS_TEXT and sniffed.problem == NO_LOG:
                result.passed_over.append((log.path, TOOLS_TEXT[log.kind]))
                continue
            account = Account(str(log.path), log.kind, "")
            account.remark(broken or sniffed.problem)
            result.unread.append(account)
            continue
        seen.append(_Seen(log, sniffed, start, sensor or _sensor(log.root)))
    siblings: dict[tuple[str, str], dict[str, _Seen]] = defaultdict(dict)
    by_sensor: dict[str, set[str]] = defaultdict(set)
    for item in seen:
        siblings[item.log.siblings].setdefault(item.sniffed.kind, item)
        by_sensor[item.sensor].update(item.kinds)
    for name, kinds in by_sensor.items():
        kinds |= manifest.kinds_of(name)
    planned: dict[str, list[bytes]] = defaultdict(list)  # heads of logs read in this run
    for item in seen:
        entry = _resume(item, siblings[item.log.siblings], by_sensor[item.sensor], manifest)
        if entry is None:
            result.unchanged += 1
            continue
        known = planned[entry.identity.key]
        if entry.identity.has_row and any(_same(item.head, other) for other in known):
            result.unchanged += 1  # a copy of a log that is read in this run
            continue
        known.append(item.head)
        result.jobs.append(entry)
    _cover(result, manifest)
    return result


def _cover(found: Plan, manifest: Manifest) -> None:
    """Tell every job which services the sensor's sums tell of, as far as they reach by now."""
    spans = covered.load(manifest)
    before = dict(spans)
    for entry in found.jobs:
        job = entry.job
        if job.sniffed.kind == covered.KIND or job.sniffed.mixed:
            new = covered.spans(job)
            if new:
                spans[job.sensor] = covered.merged(spans.get(job.sensor, {}), new)
    if spans != before:
        covered.save(manifest, spans)
    found.jobs = [
        replace(e, job=replace(e.job, covered=covered.lasting(spans.get(e.job.sensor, {}))))
        for e in found.jobs
    ]


def _same(one: bytes, other: bytes) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _sensor(root: Path) -> str:
    """A sensor's name: the folder given (of a file: the folder it lies in)."""
    folder = root if root.is_dir() else root.parent
    return folder.resolve().name or "sensor"


def _job(item: _Seen, beside: Mapping[str, _Seen], kinds: set[str]) -> Job:
    skip: dict[str, str] = {}
    for kind, source in sources().items():
        better = next((k for k in source.superseded_by if k in beside), None)
        if better is None:
            better = next((k for k in source.covered_by if k in kinds), None)
        if better is not None:
            skip[kind] = f"{better} tells the same in more detail"
    joined: dict[str, tuple[LogFile, Sniffed]] = {}
    own = sources().get(item.sniffed.kind)
    for kind in own.beside if own else ():
        if kind in beside:
            joined[kind] = (beside[kind].log, beside[kind].sniffed)
    return Job(item.log, item.sniffed, item.sensor, skip_kinds=skip, beside=joined)


def _identity(item: _Seen) -> Identity:
    """Identify a log by its first row and what surrounds it."""
    start = item.sniffed.header_bytes
    end = start
    while True:  # empty lines are no rows
        at, end = end, item.head.find(b"\n", end) + 1
        if end == 0 or item.head[at:end].strip():
            break
    size = min(len(item.head), start + HEAD_ID)
    return Identity(_hash(item.head[: end or start]), size, _hash(item.head[:size]), end > 0)


def _resume(
    item: _Seen, beside: Mapping[str, _Seen], kinds: set[str], manifest: Manifest
) -> Planned | None:
    """The job from where its log was left; None if there is nothing new."""
    try:
        size = item.log.path.stat().st_size
    except OSError:
        size = 0  # gone since it was found; reading it will say so
    identity = _identity(item)
    for state in manifest.candidates(identity.key):
        n = state.head_bytes
        if n > len(item.head) or _hash(item.head[:n]) != state.head_hash:
            continue
        if str(item.log.path) == state.path and size == state.size:
            return None
        if not item.log.compression and size <= state.consumed:
            return None
        fields: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in state.header.items()
        }
        job = replace(
            _job(item, beside, kinds),
            offset=state.consumed, line=state.line, header=Header(**fields),
        )  # fmt: skip
        return Planned(job, identity, size, item.kinds, state.id)
    return Planned(_job(item, beside, kinds), identity, size, item.kinds, None)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
