"""``gaugeglass config``: the settings in force."""

from __future__ import annotations

import json

import click

from gaugeglass.cli.app import App
from gaugeglass.config import OPTIONS


@click.group(name="config")
def command() -> None:
    """Show the configuration.

    \b
    Example:  gaugeglass config show > gaugeglass.toml
    """


@command.command(name="show")
@click.pass_obj
def show(app: App) -> None:
    """Print every setting with its meaning, its value and where that came from, as TOML.

    \b
    Example:  gaugeglass config show
    """
    for section, keys in OPTIONS.items():
        click.echo(f"[{section}]")
        for key, (_, meaning) in keys.items():
            origin = app.config.origin.get((section, key), "default")
            value = json.dumps(app.config[section][key])
            click.echo(f"# {meaning} ({origin})\n{key} = {value}")
        click.echo()
    for name, options in app.config["detections"].items():
        if isinstance(options, dict):
            click.echo(f"[detections.{name}]")
            for key, value in options.items():
                click.echo(f"{key} = {json.dumps(value)}")
            click.echo()
