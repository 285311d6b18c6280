"""The whole way: logs to ledger, ledger to assets, baseline and models, to findings and alerts.

One :class:`Site` is one state folder with its configuration. Every step reads what the earlier
ones committed and can be run on its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import duckdb

from gaugeglass.alerts import planned
from gaugeglass.alerts import store as alert_store
from gaugeglass.alerts.build import to_alert
from gaugeglass.alerts.model import Alert, Incident
from gaugeglass.behaviour.baseline import Baseline, learn
from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.completeness import Completeness
from gaugeglass.behaviour.judge import Accepted, Judgement
from gaugeglass.behaviour.learn import Behaviour, learn_behaviour
from gaugeglass.behaviour.upkeep import aftermath, decisions, learnable, maintenance, versions
from gaugeglass.behaviour.upkeep import modes as operating_modes
from gaugeglass.behaviour.upkeep.learnable import LeftOut
from gaugeglass.behaviour.upkeep.modes import Modes
from gaugeglass.config import Config
from gaugeglass.detections.context import make_context
from gaugeglass.detections.registry import RunResult, run
from gaugeglass.errors import Told
from gaugeglass.inventory import store as asset_store
from gaugeglass.inventory.build import build
from gaugeglass.inventory.local import LocalNetworks
from gaugeglass.inventory.model import Asset
from gaugeglass.ledger import ingest as ledger_ingest
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.ledger.store import connect
from gaugeglass.sinks.base import Context as SinkContext
from gaugeglass.sinks.base import Delivery, open_sink
from gaugeglass.sinks.deliver import deliver

_T = TypeVar("_T")


class NothingToDo(Told, RuntimeError):
    """A step lacks what it works on; the message says what to run first."""


@dataclass
class Learned:
    """What learning gave."""

    baseline: Baseline
    models: Behaviour
    completeness: list[Completeness]
    version: versions.Version
    modes: Modes
    left_out: LeftOut


@dataclass
class Detected:
    """What detection gave. ``since`` and ``until`` bound the judged span (UTC)."""

    since: datetime
    until: datetime
    alerts: list[Alert]
    incidents: list[Incident]
    result: RunResult
    judgement: Judgement | None = None  # what the models say of the span
    verdicts: dict[str, str] = field(default_factory=dict)  # standing decisions, by alert id
    deliveries: dict[str, Delivery] = field(default_factory=dict)


class Site:
    """A state folder and its settings."""

    def __init__(self, state: Path, config: Config) -> None:
        self.state, self.config = state, config
        self.window = int(config.get("ingest.window_seconds"))

    # -- logs to ledger -------------------------------------------------------------------------

    def ingest(
        self, paths: Sequence[Path], progress: ledger_ingest.Progress | None = None
    ) -> ledger_ingest.Report:
        """Read logs into the ledger; raises StateError."""
        settings = self.config["ingest"]
        return ledger_ingest.ingest(
            list(paths), self.state, window_seconds=self.window, workers=settings["workers"],
            memory_mb=settings["memory_mb"], sensor=settings["sensor"], progress=progress,
        )  # fmt: skip

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The ledger's views, with the stored assets and alerts beside them."""
        if not (self.state / "manifest.sqlite").exists():
            raise NothingToDo(f"{self.state}: no ledger here yet; run `gaugeglass ingest` first")
        return connect(self.state)

    def span(self, db: duckdb.DuckDBPyConnection) -> tuple[datetime, datetime]:
        """First window's start and last window's end of the activity in the ledger (UTC)."""
        rows = db.execute('SELECT min("window"), max("window") FROM activity').fetchall()
        first, last = rows[0]
        if first is None:
            raise NothingToDo("the ledger holds no activity; ingest logs that have some")
        return first, last + timedelta(seconds=self.window)

    # -- ledger to assets -----------------------------------------------------------------------

    def inventory(self, db: duckdb.DuckDBPyConnection) -> list[Asset]:
        """Build, store and register the assets."""
        assets = build(db, self.config)
        manifest = Manifest(self.state)
        try:
            with manifest.transaction() as tx:
                asset_store.save(tx, assets)
        finally:
            manifest.db.close()
        asset_store.register(db, assets, LocalNetworks.of(db, self.config))
        return assets

    # -- baseline and models --------------------------------------------------------------------

    def learnable(
        self, db: duckdb.DuckDBPyConnection, since: datetime, until: datetime
    ) -> learnable.LeftOut:
        """Make the view ``learnable`` of [since, until), and tell what was left out of it."""
        manifest = Manifest(self.state)
        try:
            return learnable.create(db, manifest, since, until, self.config)
        finally:
            manifest.db.close()

    def learn(
        self, db: duckdb.DuckDBPyConnection, since: datetime | None, until: datetime | None
    ) -> Learned:
        """Learn the baseline and the models from [since, until); store both as a new version.

        Without ``until`` the first part of the span is learned (``behaviour.learn_fraction``).
        """
        first, last = self.span(db)
        since = since or first
        if until is None:
            share = float(self.config.get("behaviour.learn_fraction"))
            windows = int((last - since).total_seconds() * share // self.window)
            until = since + timedelta(seconds=windows * self.window)
        left_out = self.learnable(db, since, until)
        source = "learnable"
        baseline = learn(db, since, until, self.config, source)
        if baseline.empty:
            why = (
                "nothing happened that may be learned from" if left_out.rows else "nothing happened"
            )
            raise NothingToDo(f"{why} from {since} to {until}. {left_out.sentence()}".rstrip(" ."))
        models = learn_behaviour(db, since, until, self.config, self.window, source)
        settings = self.config["behaviour"]
        modes = operating_modes.learn(db, baseline.start, baseline.until, settings, source)
        version = versions.save(self.state, baseline, models, modes, left_out=left_out.rows)
        return Learned(baseline, models, baseline.completeness, version, modes, left_out)

    def baseline(self, folder: Path | None = None) -> tuple[Baseline, Behaviour | None] | None:
        """The baseline and models in force (of another state folder), None where none is."""
        version = versions.current(folder or self.state)
        return versions.load(version, self.window) if version is not None else None

    # -- detection ------------------------------------------------------------------------------

    def detect(
        self, db: duckdb.DuckDBPyConnection, assets: Sequence[Asset], *,
        baseline: Path | None = None, since: datetime | None = None,
        until: datetime | None = None, sinks: Sequence[str] = (),
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Detected:  # fmt: skip
        """Judge what came after the learned span; store the alerts; send news to the sinks."""
        first, last = self.span(db)
        learned = self.baseline(baseline)
        models = None
        start = first
        if learned is not None:
            learned[0].register(db)
            models = learned[1]
            version = versions.current(baseline or self.state)
            operating_modes.register(db, versions.load_modes(version) if version else None)
            # another site's (or an older) baseline may have been learned at any time
            if first <= learned[0].until <= last and baseline is None:
                start = learned[0].until
        # planned work and decisions count from the end of learning on
        changes: tuple[Change, ...] = ()
        accepted: tuple[Accepted, ...] = ()
        if learned is not None:
            changes, accepted = self._upkeep(db, start, until or last)
        start, end = since or start, until or last
        context = make_context(db, start, end, self.config, models, changes, accepted)
        result = run(context, self.config, progress=progress)
        by_address = {address: a for a in assets for address in (*a.ips, *a.macs)}
        sensor = str(self.config.get("ingest.sensor")) or self._sensor(db)
        windows = maintenance.declared(self.config["behaviour"])
        findings = planned.merged(db, windows, result.findings)
        found = [to_alert(f, d, sensor, by_address) for d, f in findings]
        manifest = Manifest(self.state)
        try:
            with manifest.transaction() as tx:
                alert_store.upsert(tx, found)
                gap = float(self.config.get("alerts.incident_gap_minutes"))
                incidents = alert_store.regroup(tx, gap, by_address)
            alerts = alert_store.load(manifest.db)
            verdicts = {i: d.verdict for i, d in decisions.standing(manifest.db).items()}
            detected = Detected(start, end, alerts, incidents, result, context.judgement, verdicts)
            for url in sinks:
                detected.deliveries[url] = self._deliver(manifest.db, url, by_address)
        finally:
            manifest.db.close()
        return detected

    def _upkeep(
        self, db: duckdb.DuckDBPyConnection, since: datetime, until: datetime
    ) -> tuple[tuple[Change, ...], tuple[Accepted, ...]]:
        """Let planned work and decisions change the registered baseline, and tell what of them is
        no news to the models."""
        settings = self.config["behaviour"]
        windows = maintenance.declared(settings)
        maintenance.admit(db, windows, since, until)
        manifest = Manifest(self.state)
        try:
            decisions.apply(db, manifest)  # the analyst has the last word
            accepted = tuple(decisions.accepted(manifest.db))
        finally:
            manifest.db.close()
        settle = maintenance.settling(settings)
        return aftermath.changes(db, windows, since, until, settle), accepted

    def _sensor(self, db: duckdb.DuckDBPyConnection) -> str:
        rows = db.execute("SELECT DISTINCT sensor FROM activity ORDER BY 1").fetchall()
        return ",".join(str(r[0]) for r in rows[:4])

    def _deliver(self, db: sqlite3.Connection, url: str, assets: dict[str, Asset]) -> Delivery:
        sink = open_sink(url)
        try:
            context = SinkContext(str(self.config.get("site.name")), assets)
            return deliver(db, sink, context, str(self.config.get("alerts.min_severity")))
        finally:
            sink.close()

    # -- what is stored -------------------------------------------------------------------------

    def stored_assets(self) -> list[Asset]:
        """The assets as of the last inventory."""
        return self._stored(asset_store.load)

    def stored_alerts(self, min_severity: str | None = None) -> list[Alert]:
        """The alerts of all runs."""
        return self._stored(lambda db: alert_store.load(db, min_severity))

    def verdicts(self) -> dict[str, str]:
        """What was decided about alerts (``approved``, ``rejected``), by id, where it stands."""
        return self._stored(lambda db: {i: d.verdict for i, d in decisions.standing(db).items()})

    def stored_incidents(self, min_severity: str | None = None) -> list[Incident]:
        """The incidents of all runs."""
        return self._stored(lambda db: alert_store.incidents(db, min_severity))

    def _stored(self, load: Callable[[sqlite3.Connection], _T]) -> _T:
        if not (self.state / "manifest.sqlite").exists():
            raise NothingToDo(f"{self.state}: no state here yet; run `gaugeglass run` first")
        manifest = Manifest(self.state)
        try:
            return load(manifest.db)
        finally:
            manifest.db.close()
