"""The commands of ``gaugeglass baseline`` by which a person decides on alerts, or takes it back."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
import duckdb

from gaugeglass.behaviour.upkeep import decisions, doubts
from gaugeglass.behaviour.upkeep.decisions import Decision
from gaugeglass.cli.app import App
from gaugeglass.cli.show import format_option, rows
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.pipeline import NothingToDo, Site

_Decide = Callable[[duckdb.DuckDBPyConnection, Manifest, str, datetime, str, str], Decision]

_NOTE = click.option("--note", default="", help="Why, for whoever reads it later.")
_BY = click.option("--by", default="", help="Who decided. [default: the user logged in]")
_UP_TO = click.option(
    "--up-to", "severity", type=click.Choice(doubts.SEVERITIES),
    help="Instead of ids: every alert of at most this severity that nobody decided on.",
)  # fmt: skip


@click.command(name="approve")
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


@click.command(name="reject")
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


@click.command(name="undo")
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


@click.command(name="decisions")
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


COMMANDS: tuple[click.Command, ...] = (approve, reject, undo, decisions_)
