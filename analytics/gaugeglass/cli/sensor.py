"""``gaugeglass sensor``: what goes back to the sensor."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from gaugeglass.behaviour.upkeep import decisions
from gaugeglass.cli.app import App
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.pipeline import NothingToDo, Site
from gaugeglass.response import allowlist


@click.group(name="sensor")
def command() -> None:
    """What goes back to the sensor: who may change what.

    \b
    Example:  gaugeglass sensor allowlist -o /etc/zeek/ot-allowlist
    """


@command.command(name="allowlist")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, whole or not at all. [default: stdout]",
)  # fmt: skip
@click.pass_obj
def allowlist_(app: App, output: Path | None) -> None:
    """Write who may change what, as learned and approved, for the sensor's Zeek to enforce.

    Read it before it is put in force. Zeek takes it up while it runs; it judges only with
    OTDetect::allowlist_file and OTDetect::enforce_allowlist set.

    \b
    Example:  gaugeglass sensor allowlist -o /etc/zeek/ot-allowlist
    """
    site = Site(app.state, app.config)
    db = site.connect()
    learned = site.baseline()
    if learned is None:
        raise NothingToDo(f"{app.state}: no baseline here yet; run `gaugeglass learn` first")
    learned[0].register(db)
    manifest = Manifest(app.state)
    try:
        decisions.apply(db, manifest)
    finally:
        manifest.db.close()
    found = allowlist.entries(db)
    text = allowlist.text(found)
    if output is None:
        click.echo(text, nl=False)
    else:
        replace(output, text)
    app.say(f"{len(found)} entries")


def replace(path: Path, text: str) -> None:
    """Write ``path`` in one step: the sensor may read it at any time."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
