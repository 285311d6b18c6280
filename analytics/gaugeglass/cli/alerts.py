"""``gaugeglass alerts``: list the stored alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from gaugeglass.alerts.model import Alert
from gaugeglass.cli.app import App
from gaugeglass.cli.show import format_option, rows
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.pipeline import Site


def listed(
    alerts: Sequence[Alert], verdicts: Mapping[str, str]
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Alerts as rows of a table, worst first, and the table's columns.

    ``verdicts`` are an analyst's standing decisions, by the alert's id.
    """
    order = sorted(alerts, key=lambda a: (-SEVERITIES.index(a.severity), -a.risk, a.first, a.id))
    items = [
        {"severity": a.severity, "risk": a.risk, "first": a.first, "count": a.count,
         "detection": a.detection, "techniques": " ".join(t.id for t in a.techniques),
         "summary": a.summary, "last": a.last, "incident": a.incident, "id": a.id,
         "decision": verdicts.get(a.id, "")}
        for a in order
    ]  # fmt: skip
    columns = ("severity", "risk", "first", "count", "detection", "techniques", "summary")
    return items, (*columns, "decision") if any(i["decision"] for i in items) else columns


@click.command(name="alerts")
@click.option(
    "--min-severity", type=click.Choice(SEVERITIES), help="Leave out what is less severe."
)
@click.option("--incidents", is_flag=True, help="List incidents (alerts that belong together).")
@format_option
@click.pass_obj
def command(app: App, min_severity: str | None, incidents: bool, fmt: str) -> None:
    """List the stored alerts, worst first.

    \b
    Example:  gaugeglass alerts --min-severity high --format jsonl
    """
    site = Site(app.state, app.config)
    if incidents:
        found = site.stored_incidents(min_severity)
        items = [
            {"severity": i.severity, "risk": i.risk, "first": i.first, "last": i.last,
             "alerts": len(i.alerts), "assets": i.assets, "techniques": " ".join(i.techniques),
             "title": i.title, "id": i.id}
            for i in sorted(found, key=lambda i: (-i.risk, i.first, i.id))
        ]  # fmt: skip
        columns = ("severity", "risk", "first", "last", "alerts", "assets", "techniques", "title")
        rows(items, columns, fmt, [vars(i) for i in found])
        return
    alerts = site.stored_alerts(min_severity)
    verdicts = site.verdicts()
    items, named = listed(alerts, verdicts)
    whole = [{**a.as_dict(), "decision": verdicts.get(a.id)} for a in alerts]
    rows(items, named, fmt, whole)
