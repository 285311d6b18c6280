"""``gaugeglass detect``: judge what happened since learning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from gaugeglass.behaviour.upkeep.decisions import APPROVED
from gaugeglass.cli.alerts import listed
from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.outputs import tell_detect
from gaugeglass.cli.show import format_option, rows
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.pipeline import Detected, Site


def fail_on(severity: str | None, found: Detected) -> None:
    """Exit with 3 where an alert that nobody approved is at least this severe."""
    if severity is None:
        return
    least = SEVERITIES.index(severity)
    open_ = [a for a in found.alerts if found.verdicts.get(a.id) != APPROVED]
    if any(SEVERITIES.index(a.severity) >= least for a in open_):
        raise click.exceptions.Exit(3)


@click.command(name="detect")
@click.option("--since", type=Moment(), help="Judge from here on. [default: the end of learning]")
@click.option("--until", type=Moment(), help="Judge up to here. [default: the ledger's end]")
@click.option(
    "--baseline", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Use the baseline of this other state folder.",
)  # fmt: skip
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
@format_option
@click.pass_obj
def command(
    app: App, since: datetime | None, until: datetime | None, baseline: Path | None,
    sinks: tuple[str, ...], severity: str | None, fmt: str,
) -> None:  # fmt: skip
    """Run every detection over what came after the learned span; store and list the alerts.

    \b
    Example:  gaugeglass detect --fail-on high --sink syslog+tls://siem.example:6514
    """
    site = Site(app.state, app.config)
    db = site.connect()
    with app.progress("detecting") as bar:
        assets = site.inventory(db)
        found = site.detect(
            db, assets, baseline=baseline, since=since, until=until, sinks=sinks,
            progress=lambda name, done, total: bar(done, total, name),
        )  # fmt: skip
    if not any(url.startswith("stdout") for url in sinks):
        items, columns = listed(found.alerts, found.verdicts)
        whole = [{**a.as_dict(), "decision": found.verdicts.get(a.id)} for a in found.alerts]
        rows(items, columns, fmt, whole)
    tell_detect(app, found)
    if any(d.error for d in found.deliveries.values()) or found.result.failed:
        raise click.exceptions.Exit(1)
    fail_on(severity, found)
