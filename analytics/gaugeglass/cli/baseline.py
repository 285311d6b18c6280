"""``gaugeglass baseline``: versions, what changed, what drifts; ``verdicts.py`` has the rest."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from gaugeglass.behaviour.baseline import Baseline
from gaugeglass.behaviour.upkeep import aftermath, maintenance, versions
from gaugeglass.behaviour.upkeep.diff import RATIO, diff
from gaugeglass.behaviour.upkeep.drift import drift
from gaugeglass.behaviour.upkeep.versions import Version
from gaugeglass.cli import verdicts
from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.show import format_option, rows
from gaugeglass.pipeline import NothingToDo, Site


@click.group(name="baseline")
def command() -> None:
    """What is held to be normal: its versions, decisions about it, and what drifts away from it.

    \b
    Example:  gaugeglass baseline diff 1 2
    """


for decision in verdicts.COMMANDS:
    command.add_command(decision)


@command.command(name="list")
@format_option
@click.pass_obj
def list_(app: App, fmt: str) -> None:
    """List the versions of the baseline, oldest first, and which one is in force.

    Version 0 is one from before versions were kept.

    \b
    Example:  gaugeglass baseline list
    """
    items = [
        {"version": v.number, "in_force": "yes" if v.current else "", "start": v.start,
         "until": v.until, "facts": v.facts, "rows_left_out": v.left_out}
        for v in versions.versions(app.state)
    ]  # fmt: skip
    rows(items, ("version", "in_force", "start", "until", "facts", "rows_left_out"), fmt)


@command.command(name="use")
@click.argument("number", type=int)
@click.pass_obj
def use(app: App, number: int) -> None:
    """Put version NUMBER in force; nothing is lost, so it works forwards and backwards.

    \b
    Example:  gaugeglass baseline use 3
    """
    window = int(app.config.get("ingest.window_seconds"))
    versions.load(versions.find(app.state, number), window)  # tells what keeps it from being used
    found = versions.use(app.state, number)
    app.say(f"baseline version {found.number} is in force, learned up to {found.until} (UTC)")


@command.command(name="diff")
@click.argument("old", type=int)
@click.argument("new", type=int)
@click.option(
    "--ratio", type=click.FloatRange(min=1.0), default=RATIO, show_default=True,
    help="By how much a rate or a pause must differ to be told.",
)  # fmt: skip
@format_option
@click.pass_obj
def diff_(app: App, old: int, new: int, ratio: float, fmt: str) -> None:
    """Show what came, went and moved from version OLD to version NEW.

    \b
    Example:  gaugeglass baseline diff 1 2 --format csv
    """
    before, after = (_baseline(app, versions.find(app.state, n)) for n in (old, new))
    found = diff(before, after, ratio)
    columns = ("change", "kind", "client", "server", "service", "what", "before", "after")
    rows([asdict(d) for d in found], columns, fmt)
    counts = {c: sum(d.change == c for d in found) for c in ("came", "went", "moved")}
    app.say(", ".join(f"{n} {c}" for c, n in counts.items()))


def _baseline(app: App, version: Version) -> Baseline:
    window = int(app.config.get("ingest.window_seconds"))
    return Baseline.load(version.folder / "baseline", window)


@command.command(name="drift")
@click.option("--since", type=Moment(), help="Look from here on. [default: the end of learning]")
@click.option("--until", type=Moment(), help="Look up to here. [default: the ledger's end]")
@format_option
@click.pass_obj
def drift_(app: App, since: datetime | None, until: datetime | None, fmt: str) -> None:
    """List what moved a little and stayed: which entity, which feature, since when, from and to.

    Compares whole hours with the learned ones; it needs a day of them, and half a day since.

    \b
    Example:  gaugeglass baseline drift --since 2026-11-22
    """
    version = versions.current(app.state)
    if version is None or version.start is None or version.until is None:
        raise NothingToDo(f"{app.state}: no baseline here yet; run `gaugeglass learn` first")
    site = Site(app.state, app.config)
    db = site.connect()
    last = site.span(db)[1]
    modes = versions.load_modes(version)
    span, start, end = (version.start, version.until), since or version.until, until or last
    settings = app.config["behaviour"]
    windows, settle = maintenance.declared(settings), maintenance.settling(settings)
    changes = aftermath.changes(db, windows, version.until, end, settle)
    found = drift(db, span, start, end, modes, changes=changes)
    items = [
        {"side": d.side, "entity": d.address, "feature": d.feature, "since": d.since,
         "before": d.before, "after": d.after, "p": d.p, "in_words": d.sentence()}
        for d in found
    ]  # fmt: skip
    rows(items, ("side", "entity", "since", "before", "after", "in_words"), fmt)
    if found:
        again = max(d.since for d in found)
        app.say(
            "if the changes are wanted, learn again:"
            f" gaugeglass learn --since {again:%Y-%m-%dT%H:%MZ}"
            f" --until {end:%Y-%m-%dT%H:%MZ}"
        )
