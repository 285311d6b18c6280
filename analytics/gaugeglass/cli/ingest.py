"""``gaugeglass ingest``: read logs into the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from gaugeglass.cli.app import App
from gaugeglass.cli.outputs import tell_ingest
from gaugeglass.cli.show import format_option, rows
from gaugeglass.pipeline import Site


@click.command(name="ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option
@click.pass_obj
def command(app: App, paths: tuple[Path, ...], fmt: str) -> None:
    """Read Zeek and Suricata logs into the ledger.

    PATHS are log files or folders (searched in depth): Zeek TSV or JSON, Suricata EVE, plain, .gz
    or .zst, rotated or current. Rows read before are not read again. On stdout: what became of
    every log's rows.

    \b
    Example:  gaugeglass ingest /opt/zeek/logs /var/log/suricata/eve.json
    """
    site = Site(app.state, app.config)
    with app.progress("reading logs") as bar:
        report = site.ingest(paths, bar)
    items = [
        {"file": a.file, "kind": a.kind, "read": a.read, "used": a.used,
         "ignored": a.ignored.total(), "rejected": a.rejected.total(),
         "why": "; ".join([*sorted(a.ignored), *sorted(a.rejected), *a.remarks])}
        for a in report.accounts
    ]  # fmt: skip
    columns = ("file", "kind", "read", "used", "ignored", "rejected", "why")
    rows(items, columns, fmt)
    tell_ingest(app, report, full=False)
    if report.accounts and not any(a.used for a in report.accounts):
        raise click.ClickException("no row of any log could be used")
    if not report.accounts and not report.unchanged:
        raise click.ClickException("no log found under " + ", ".join(map(str, paths)))
