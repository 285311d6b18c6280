"""What a detection is: a question to the ledger, its ATT&CK for ICS ids and its response card.

A detection file in this folder defines ``DETECTION``, a :class:`Detection`. ``find`` gets a
:class:`Context` and yields :class:`Finding` objects; it never writes and never sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import duckdb

from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.episodes import HOLE
from gaugeglass.behaviour.judge import Judgement
from gaugeglass.behaviour.learn import Behaviour

SEVERITIES: tuple[str, ...] = ("info", "low", "medium", "high", "critical")


@dataclass(frozen=True)
class Card:
    """What a person on shift needs: meaning on the plant floor, what to check, what not to do."""

    meaning: str
    check: tuple[str, ...]
    avoid: tuple[str, ...]


class Event(NamedTuple):
    """A part of the ledger; None stands for anything."""

    client: str | None = None
    server: str | None = None
    service: str | None = None
    port: int | None = None
    operation: str | None = None

    def meets(self, other: Event) -> bool:
        """Whether some activity may belong to both."""
        return all(a is None or b is None or a == b for a, b in zip(self, other, strict=True))


@dataclass(frozen=True)
class Finding:
    """One thing a detection found. ``key`` is its identity: the same key is the same alert."""

    key: tuple[str, ...]
    summary: str  # one sentence with the addresses, in the field's words
    first: datetime
    last: datetime
    count: int = 1
    client: str | None = None
    server: str | None = None
    service: str | None = None
    port: int | None = None
    operation: str | None = None
    object: str | None = None
    assets: tuple[str, ...] = ()  # addresses involved, actor first; default client, server
    observed: str = ""  # what was seen, in words
    normal: str = ""  # what the baseline says is normal
    uids: tuple[str, ...] = ()
    severity: str | None = None  # overrides the detection's
    techniques: tuple[str, ...] | None = None  # overrides the detection's
    score: float | None = None  # 0..1, higher is worse, where a model gave one
    rule: str | None = None  # the sensor's own rule or notice name, for passed-through ones
    card: Card | None = None  # overrides the detection's
    covers: tuple[Event, ...] = ()  # events this finding tells about; see Detection.rank

    def events(self) -> tuple[Event, ...]:
        """What this finding tells about: ``covers``, or what its own fields say."""
        if self.covers or self.client is None or self.server is None:
            return self.covers
        own = Event(self.client, self.server, self.service, None, self.operation)
        session = Event(self.client, self.server, None, self.port, "connection")
        return (own, session) if self.port is not None else (own,)


@dataclass(frozen=True)
class Context:
    """What a detection may ask.

    ``db`` has views: ``activity`` (everything), ``judged`` (activity in [since, until)), ``claims``
    and ``notices`` (everything) and ``judged_claims`` (claims with first in the judged span),
    ``judged_notices``; the baseline's tables ``known_asset(address, mac)``,
    ``known_conduit(client, server, service, port)``,
    ``known_operation(client, server, service, operation, action)``,
    ``known_object(client, server, service, unit, operation, object)`` (objects are merged ranges:
    ask ``object_known(client, server, service, unit, operation, object)``, do not compare text),
    ``known_action(client, service, action)``, ``known_rate(client, server, service, operation,
    windows, mean, max)`` (events per window seen while learning, windows = windows with events),
    ``known_poll(client, server, service, windows, span_windows, max_gap_seconds, last)``;
    and ``address(address, asset_id, label, role, level, local)`` (the inventory, by address).
    SQL macros: ``is_local(ip)``; ``is_group(ip)`` for broadcast and multicast addresses.
    With a baseline also ``object_known(...)``. Ports and units may be NULL: compare them with
    IS NOT DISTINCT FROM.
    """

    db: duckdb.DuckDBPyConnection
    since: datetime
    until: datetime
    config: Mapping[str, Any] = field(default_factory=dict)
    models: Behaviour | None = None
    judgement: Judgement | None = None  # what the models say of the judged span
    changes: tuple[Change, ...] = ()  # planned ones
    learned: bool = False  # whether there is a baseline to compare with
    told: tuple[Event, ...] = ()  # what findings of a lower rank already tell
    spans: Mapping[Event, tuple[tuple[datetime, datetime], ...]] = field(default_factory=dict)
    # when what is told was: first and last of each finding that tells it

    def is_told(self, event: Event) -> bool:
        """Whether a more specific detection already reported on ``event`` or a part of it."""
        return any(event.meets(other) for other in self.told)

    def is_told_of(self, event: Event, first: datetime, last: datetime) -> bool:
        """Whether a more specific detection reported on ``event`` at that time (or nearly): what
        the same hosts did last week tells nothing of what they do today."""
        return any(
            start <= last + HOLE and first <= end + HOLE
            for other, spans in self.spans.items()
            if event.meets(other)
            for start, end in spans
        )

    def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        """Run ``sql`` and give rows as dictionaries.

        ``params`` are its ``?`` in order, or one mapping for ``$name`` parameters.
        """
        named = len(params) == 1 and isinstance(params[0], Mapping)
        cur = self.db.execute(sql, dict(params[0]) if named else list(params))
        names = [d[0] for d in cur.description or []]
        return [dict(zip(names, row, strict=True)) for row in cur.fetchall()]

    def option(self, name: str, default: Any) -> Any:
        """A ``[detections.<detection>]`` option from the configuration."""
        return self.config.get(name, default)


@dataclass(frozen=True)
class Detection:
    """One detection: what it asks, how bad it is, which techniques it shows."""

    name: str  # snake_case, equals the file's name
    title: str
    severity: str
    techniques: tuple[str, ...]  # ATT&CK for ICS v19.1 ids; may be empty for passed-through ones
    card: Card
    find: Callable[[Context], Iterable[Finding]]
    needs_baseline: bool = False  # skipped (and said so) while nothing was learned
    needs_models: bool = False  # the same for behaviour models
    budgeted: bool = False  # what it finds is news only where the models find it strange enough to
    # keep to the accepted number of false alerts
    options: Mapping[str, Any] = field(default_factory=dict)  # name -> default
    rank: int = 0
    """Detections run from the lowest rank up. A finding owns its events: a detection of a higher
    rank (a more general one) sees them in ``Context.told`` and leaves them out, so that one thing
    that happened is one alert."""
