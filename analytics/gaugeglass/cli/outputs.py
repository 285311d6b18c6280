"""What ``run`` leaves in its folder, and what ingest, learning and detection tell on stderr."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from gaugeglass import __version__
from gaugeglass.attack.navigator import layer
from gaugeglass.behaviour.completeness import Completeness
from gaugeglass.cli.app import App
from gaugeglass.detections.registry import all_detections
from gaugeglass.formats import csv, ecs, jsonl
from gaugeglass.inventory.model import Asset
from gaugeglass.ledger.ingest import Report
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.logs.account import Account
from gaugeglass.pipeline import Detected, Site
from gaugeglass.report import collect
from gaugeglass.report.build import write
from gaugeglass.report.data import ReportData

#: A baseline whose next fact is new with at most this chance is complete enough to judge by.
ENOUGH = 0.01


def tell_ingest(app: App, report: Report, full: bool = True) -> None:
    """The row accounting (per log kind with ``full``), and what could not be read.

    Per file it stands in the report, and in what ``ingest`` writes to stdout.
    """
    accounts = report.accounts
    used = sum(a.used for a in accounts)
    ignored = sum(a.ignored.total() for a in accounts)
    app.say(
        f"{len({a.file for a in accounts})} logs: {used + ignored + report.rejected:,} rows read ="
        f" {used:,} used + {ignored:,} ignored by design + {report.rejected:,} rejected"
    )
    if report.unchanged:
        app.say(f"{report.unchanged} logs hold nothing new since they were last read")
    if full:
        kinds: dict[str, Account] = {}
        for account in accounts:
            kinds.setdefault(account.kind, Account("", account.kind, "")).merge(account)
        for kind in sorted(kinds):
            _tell_account(app, kinds[kind])
    for path, why in report.passed_over[:10]:
        app.say(f"  passed over {path}: {why}")
    for account in accounts:
        for remark in account.remarks:
            app.say(f"  {account.file}: {remark}", "yellow")
        for sample in account.samples[:3]:
            app.say(f"  {sample.file}:{sample.line}: {sample.reason}: {sample.excerpt}", "yellow")


def _tell_account(app: App, account: Account) -> None:
    parts = [f"  {account.kind:<24} read {account.read:>9,}  used {account.used:>9,}"]
    parts += [f"ignored {n:,} ({why})" for why, n in sorted(account.ignored.items())]
    parts += [f"rejected {n:,} ({why})" for why, n in sorted(account.rejected.items())]
    app.say("  ".join(parts))


def tell_detect(app: App, found: Detected) -> None:
    """What detection could not do, and how delivery went."""
    for name, why in found.result.failed:
        app.say(f"detection {name} failed: {why}", "red")
    skipped = [n for n, why in found.result.skipped if why != "disabled"]
    if skipped:
        app.say(f"{len(skipped)} detections need a baseline and did not run: {', '.join(skipped)}")
    for url, delivery in found.deliveries.items():
        app.say(f"{url}: {len(delivery.sent)} alerts delivered")
        if delivery.error:
            app.say(f"{url}: {len(delivery.failed)} alerts not delivered: {delivery.error}", "red")


def report_data(
    site: Site, db: duckdb.DuckDBPyConnection, generated: datetime,
    judged: tuple[datetime, datetime] | None = None,
) -> ReportData:  # fmt: skip
    """Everything the report says, from the state folder."""
    learned = site.baseline()
    manifest = Manifest(site.state)
    try:
        logs, rejects = _accounts(manifest)
    finally:
        manifest.db.close()
    span = (learned[0].start, learned[0].until) if learned else None
    if judged is None:
        first, last = site.span(db)
        judged = (learned[0].until if learned else first, last)
    kinds = {str(row["kind"]) for row in logs}
    return ReportData(
        site=str(site.config.get("site.name")),
        generated=generated,
        version=__version__,
        learned=span,
        judged=judged,
        assets=site.stored_assets(),
        alerts=site.stored_alerts(),
        incidents=site.stored_incidents(),
        conduits=collect.conduits(db),
        logs=logs,
        rejects=rejects,
        decoded=collect.decoded(db, kinds),
        undecoded=collect.undecoded(db),
        unanswered=collect.unanswered(db),
        baseline=_completeness(learned[0].completeness) if learned else [],
        baseline_ok=learned[0].completeness[0].unseen <= ENOUGH if learned else None,
        covered=frozenset(t for d in all_detections() for t in d.techniques),
    )


def _completeness(found: list[Completeness]) -> list[str]:
    """How complete the baseline is: of everything, and of the two services known least."""
    if not found:
        return []
    services = [c for c in found[1:] if c.kind == found[0].kind and c.unseen > ENOUGH]
    worst = sorted(services, key=lambda c: (-c.unseen, c.service or ""))[:2]
    return [f"{s[:1].upper()}{s[1:]}." for s in (c.sentence() for c in (found[0], *worst))]


def _accounts(manifest: Manifest) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    import json

    logs, rejects = [], []
    rows = manifest.db.execute(
        "SELECT file, kind, format, used, ignored, rejected, samples, remarks FROM accounts"
        " ORDER BY run, file, kind"
    )
    for file, kind, fmt, used, ignored, rejected, samples, remarks in rows:
        lost, left = json.loads(rejected), json.loads(ignored)
        read = used + sum(left.values()) + sum(lost.values())
        logs.append(
            {"file": file, "kind": kind, "format": fmt, "read": read, "used": used,
             "ignored": left, "rejected": lost, "remarks": json.loads(remarks)}
        )  # fmt: skip
        rejects += json.loads(samples)
    return logs, rejects[:200]


def write_all(
    site: Site, db: duckdb.DuckDBPyConnection, assets: list[Asset], found: Detected, out: Path,
    generated: datetime,
) -> list[Path]:  # fmt: skip
    """Alerts, assets, the Navigator layer and the report into ``out``; returns the files."""
    out.mkdir(parents=True, exist_ok=True)
    name = str(site.config.get("site.name"))
    by_address = {a: asset for asset in assets for a in (*asset.ips, *asset.macs)}
    worst = str(site.config.get("alerts.min_severity"))
    alerts = site.stored_alerts(worst)
    files = {
        "alerts.jsonl": "".join(jsonl.line(ecs.alert(a, by_address, name)) + "\n" for a in alerts),
        "alerts.csv": csv.alerts(alerts),
        "assets.jsonl": "".join(jsonl.line(ecs.asset(a, name)) + "\n" for a in assets),
        "assets.csv": csv.assets(assets),
        "attack-layer.json": jsonl.line(layer(alerts, f"Gaugeglass: {name}")) + "\n",
    }
    for file, content in files.items():
        (out / file).write_text(content, encoding="utf-8", newline="")
    write(out / "report.html", report_data(site, db, generated, (found.since, found.until)))
    return [out / f for f in (*files, "report.html")]
