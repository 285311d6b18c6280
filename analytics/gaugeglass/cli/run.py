"""``gaugeglass run``: everything, from logs to alerts and report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.detect import fail_on
from gaugeglass.cli.learn import tell_learned
from gaugeglass.cli.outputs import tell_detect, tell_ingest, write_all
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.pipeline import Detected, NothingToDo, Site


def everything(
    app: App, paths: tuple[Path, ...], out: Path, baseline: Path | None = None,
    learn_until: datetime | None = None, sinks: tuple[str, ...] = (), full: bool = True,
) -> Detected:  # fmt: skip
    """Ingest, learn where nothing was learned yet, detect, write the outputs."""
    site = Site(app.given_state or out / "state", app.config)
    with app.progress("reading logs") as bar:
        report = site.ingest(paths, bar)
    tell_ingest(app, report, full)
    db = site.connect()
    with app.progress("judging") as bar:
        bar(0, 4, "assets")
        assets = site.inventory(db)
        if baseline is None and site.baseline() is None:
            bar(1, 4, "learning")
            try:
                tell_learned(app, site.learn(db, None, learn_until))
            except NothingToDo as err:
                app.say(f"not learned: {err}", "yellow")
        found = site.detect(
            db, assets, baseline=baseline, sinks=sinks,
            progress=lambda name, done, total: bar(2 * total + done, 4 * total, name),
        )  # fmt: skip
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        files = write_all(site, db, assets, found, out, now)
    tell_detect(app, found)
    app.say(f"judged {found.since} to {found.until} (UTC)")
    roles: dict[str, int] = {}
    for asset in assets:
        roles[asset.role] = roles.get(asset.role, 0) + 1
    app.say(f"{len(assets)} assets: " + ", ".join(f"{n} {r}" for r, n in sorted(roles.items())))
    worst: dict[str, int] = {}
    for alert in found.alerts:
        worst[alert.severity] = worst.get(alert.severity, 0) + 1
    counts = ", ".join(f"{worst[s]} {s}" for s in reversed(SEVERITIES) if s in worst)
    app.say(f"{len(found.alerts)} alerts in {len(found.incidents)} incidents"
            + (f": {counts}" if counts else ""))  # fmt: skip
    app.say(f"wrote {', '.join(f.name for f in files)} to {out}")
    return found


@click.command(name="run")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for alerts, assets, ATT&CK layer and report.",
)
@click.option(
    "--baseline",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Judge against the baseline of this other state folder; learn nothing.",
)
@click.option(
    "--learn-until", type=Moment(), help="Learn from the start up to here, judge the rest."
)
@click.option(
    "--sink",
    "sinks",
    multiple=True,
    metavar="URL",
    help="Send alerts to file:, stdout:, syslog+tls://... (repeatable).",
)
@click.option(
    "--fail-on",
    "severity",
    type=click.Choice(SEVERITIES),
    help="Exit with 3 if an alert that nobody approved is at least this severe.",
)
@click.pass_obj
def command(
    app: App, paths: tuple[Path, ...], out: Path, baseline: Path | None,
    learn_until: datetime | None, sinks: tuple[str, ...], severity: str | None,
) -> None:  # fmt: skip
    """Do everything: read logs, list assets, learn, detect, write alerts and report.

    A fresh state learns from the first part of the logs (behaviour.learn_fraction) and judges the
    rest; a later run reads what is new and judges it against what was learned. The state lies in
    OUT/state unless --state says otherwise.

    \b
    Example:  gaugeglass run /opt/zeek/logs --out site/ --learn-until 2026-11-21
    """
    found = everything(app, paths, out, baseline, learn_until, sinks)
    if any(d.error for d in found.deliveries.values()) or found.result.failed:
        raise click.exceptions.Exit(1)
    fail_on(severity, found)
