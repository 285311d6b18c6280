"""``gaugeglass baseline``: versions, what changed, what an analyst decided, what drifts."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
import duckdb

from gaugeglass.behaviour.baseline import Baseline
from gaugeglass.behaviour.upkeep import aftermath, decisions, doubts, maintenance, versions
from gaugeglass.behaviour.upkeep.decisions import Decision
from gaugeglass.behaviour.upkeep.diff import RATIO, diff
from gaugeglass.behaviour.upkeep.drift import drift
from gaugeglass.behaviour.upkeep.versions import Version
from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.show import format_option, rows
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.pipeline import NothingToDo, Site


@click.group(name="baseline")
def command() -> None:
    """What is held to be normal: its versions, decisions about it, and what drifts away from it.

    \b
    Example:  gaugeglass baseline diff 1 2
    """


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


_Decide = Callable[[duckdb.DuckDBPyConnection, Manifest, str, datetime, str, str], Decision]

_NOTE = click.option("--note", default="", help="Why, for whoever reads it later.")
_BY = click.option("--by", default="", help="Who decided. [default: the user logged in]")


_UP_TO = click.option(
    "--up-to", "severity", type=click.Choice(doubts.SEVERITIES),
    help="Instead of ids: every alert of at most this severity that nobody decided on.",
)  # fmt: skip


@command.command(name="approve")
@click.argument("alert_ids", nargs=-1)
@_UP_TO
@_NOTE
@_BY
@click.pass_obj
def approve(
    app: App, alert_ids: tuple[str, ...], severity: str | None, note: str, by: str
) -> None:  # fmt: skip
    """Say that the alerts ALERT_IDS (or how their ids begin) were normal.

    What they are about counts as known from now on, in every version, and may be learned from.

    \b
    Example:  gaugeglass baseline approve 3f2a81 --note "new HMI, work order 4711"
    """
    _decide(app, decisions.approve, alert_ids, severity, by, note)


@command.command(name="reject")
@click.argument("alert_ids", nargs=-1)
@_UP_TO
@_NOTE
@_BY
@click.pass_obj
def reject(
    app: App, alert_ids: tuple[str, ...], severity: str | None, note: str, by: str
) -> None:  # fmt: skip
    """Say that the alerts ALERT_IDS (or how their ids begin) are right.

    They stay alerts, and what they are about is never learned, whenever it happens again.

    \b
    Example:  gaugeglass baseline reject 3f2a81 --note "laptop of nobody we know"
    """
    _decide(app, decisions.reject, alert_ids, severity, by, note)


def _decide(
    app: App, how: _Decide, alert_ids: tuple[str, ...], severity: str | None, by: str, note: str
) -> None:  # fmt: skip
    if bool(alert_ids) == bool(severity):
        raise click.UsageError("name alerts by their ids, or a severity with --up-to")
    site = Site(app.state, app.config)
    db = site.connect()
    with _manifest(app) as manifest:
        if severity:
            alert_ids = tuple(a.id for a in doubts.undecided(manifest, severity))
        for alert_id in alert_ids:
            made = how(db, manifest, alert_id, datetime.now(UTC), by or _user(), note)
            facts = f"{made.facts} fact{'' if made.facts == 1 else 's'}"
            becomes = "known" if made.verdict == decisions.APPROVED else "never to be learned"
            app.say(f"{made.verdict} {made.alert.id}: {made.alert.summary}")
            app.say(f"{facts} {becomes}; take it back with: gaugeglass baseline undo {made.number}")
    if not alert_ids:
        app.say("nothing is open: every alert of that severity was decided on")


@command.command(name="undo")
@click.argument("decision")
@click.pass_obj
def undo(app: App, decision: str) -> None:
    """Take back a DECISION: its number, or the id of its alert.

    \b
    Example:  gaugeglass baseline undo 2
    """
    with _manifest(app) as manifest:
        made = decisions.undo(manifest, decision, datetime.now(UTC))
    app.say(f"no longer {made.verdict}: {made.alert.summary}")


@command.command(name="decisions")
@click.option("--all", "every", is_flag=True, help="Also those that were undone or replaced.")
@format_option
@click.pass_obj
def decisions_(app: App, every: bool, fmt: str) -> None:
    """List what was decided: which alert, by whom, when and why.

    \b
    Example:  gaugeglass baseline decisions --all
    """
    with _manifest(app) as manifest:
        found = [d for d in decisions.listed(manifest.db) if every or d.stands]
    items: list[dict[str, Any]] = [
        {"number": d.number, "verdict": d.verdict, "at": d.at, "by": d.who, "note": d.note,
         "alert": d.alert.id, "detection": d.alert.detection, "summary": d.alert.summary,
         "facts": d.facts, "undone": d.undone}
        for d in found
    ]  # fmt: skip
    columns = ["number", "verdict", "at", "by", "note", "alert", "summary", "facts"]
    rows(items, [*columns, "undone"] if every else columns, fmt)


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


@contextmanager
def _manifest(app: App) -> Iterator[Manifest]:
    if not (app.state / "manifest.sqlite").exists():
        raise NothingToDo(f"{app.state}: no state here yet; run `gaugeglass run` first")
    manifest = Manifest(app.state)
    try:
        yield manifest
    finally:
        manifest.db.close()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in a container
        return ""
