"""Decide what to read: sniff every file, find where each was left, leave out what another tells."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gaugeglass.ledger.manifest import Manifest
from gaugeglass.ledger.read import Job
from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile, find
from gaugeglass.logs.header import HEAD, Header, Sniffed, sniff
from gaugeglass.logs.stream import head
from gaugeglass.protocols.registry import sources

HEAD_ID = 1024  # bytes of a log's start that identify it through rotation and compression


@dataclass(frozen=True)
class Planned:
    """A job and the identity under which the manifest will know its log."""

    job: Job
    head_bytes: int
    head_hash: str
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
        start, broken = head(log.path, log.compression, HEAD)
        sniffed = sniff(start, log.kind)
        if not sniffed.format:
            account = Account(str(log.path), log.kind, "")
            account.remarks.append(broken or sniffed.problem)
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
    sizes = manifest.head_sizes()
    planned: set[tuple[int, str]] = set()
    for item in seen:
        job = _job(item, siblings[item.log.siblings], by_sensor[item.sensor])
        entry = _resume(item, job, manifest, sizes)
        if entry is None:
            result.unchanged += 1
        elif (entry.head_bytes, entry.head_hash) in planned:
            result.unchanged += 1  # a copy of a log that is read in this run
        else:
            planned.add((entry.head_bytes, entry.head_hash))
            result.jobs.append(entry)
    return result


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


def _resume(item: _Seen, job: Job, manifest: Manifest, sizes: list[int]) -> Planned | None:
    """The job from where its log was left; None if there is nothing new."""
    for size in sizes:
        if size > len(item.head):
            continue
        state = manifest.find_log(size, _hash(item.head[:size]))
        if state is None:
            continue
        if not item.log.compression:
            available = item.log.path.stat().st_size
            if available <= state.consumed:
                return None
        elif str(item.log.path) == state.path:
            return None  # a compressed log does not grow
        header = Header(**{**state.header, "fields": tuple(state.header.get("fields", ())),
                           "types": tuple(state.header.get("types", ()))})  # fmt: skip
        job = Job(job.log, job.sniffed, job.sensor, state.consumed, state.line, header,
                  job.skip_kinds, job.beside)  # fmt: skip
        return Planned(job, size, _hash(item.head[:size]), item.kinds, state.id)
    size = min(HEAD_ID, len(item.head))
    return Planned(job, size, _hash(item.head[:size]), item.kinds, None)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
