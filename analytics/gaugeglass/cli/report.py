"""``gaugeglass report``: the report as one self-contained file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gaugeglass.cli.app import App
from gaugeglass.cli.outputs import report_data
from gaugeglass.pipeline import Site
from gaugeglass.report.build import write


@click.command(name="report")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write.",
)
@click.pass_obj
def command(app: App, output: Path) -> None:
    """Write the report: one HTML file that needs no network and no server.

    \b
    Example:  gaugeglass report -o report.html
    """
    site = Site(app.state, app.config)
    db = site.connect()
    if not site.stored_assets():
        site.inventory(db)
    write(output, report_data(site, db, datetime.now(UTC).replace(tzinfo=None, microsecond=0)))
    app.say(f"wrote {output}")
