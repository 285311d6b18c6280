"""What a worker is asked for one log, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Header, Sniffed


@dataclass(frozen=True)
class Job:
    """One log to read."""

    log: LogFile
    sniffed: Sniffed
    sensor: str
    offset: int = 0
    line: int = 1
    header: Header = field(default_factory=Header)
    skip_kinds: Mapping[str, str] = field(default_factory=dict)
    """Kinds whose rows are ignored by design, and why (superseded or covered)."""
    covered: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Services whose activities ``ot_activity`` tells: from when until when, microseconds."""
    beside: Mapping[str, tuple[LogFile, Sniffed]] = field(default_factory=dict)
    """Sibling logs by kind, for sources that join them."""


@dataclass
class Outcome:
    """What became of a log: accounts per kind, and where a later run resumes."""

    accounts: dict[str, Account]
    consumed: int
    line: int
    header: Header
    refused: bool = False  # the system did not let it be read to its end: worth another try
