"""``gaugeglass attack``: what the alerts show, in ATT&CK for ICS terms."""

from __future__ import annotations

from pathlib import Path

import click

from gaugeglass.attack.navigator import layer
from gaugeglass.cli.app import App
from gaugeglass.formats import jsonl
from gaugeglass.pipeline import Site


@click.group(name="attack")
def command() -> None:
    """MITRE ATT&CK for ICS: Navigator layers of what was found.

    \b
    Example:  gaugeglass attack layer -o layer.json
    """


@command.command(name="layer")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    required=True,
    help="File to write; - for stdout.",
)
@click.pass_obj
def layer_command(app: App, output: Path) -> None:
    """Write an ATT&CK Navigator layer of the stored alerts.

    \b
    Example:  gaugeglass attack layer -o layer.json
    """
    site = Site(app.state, app.config)
    name = f"Gaugeglass: {app.config.get('site.name')}"
    text = jsonl.line(layer(site.stored_alerts(), name)) + "\n"
    if str(output) == "-":
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        app.say(f"wrote {output}")
