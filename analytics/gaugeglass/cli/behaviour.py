"""``gaugeglass behaviour``: what the behaviour models promise, and whether they keep it."""

from __future__ import annotations

from datetime import datetime

import click

from gaugeglass.behaviour.backtest import backtest, summary
from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.show import format_option, rows
from gaugeglass.pipeline import NothingToDo, Site


@click.group(name="behaviour")
def command() -> None:
    """Behaviour models: the false alerts they promise, and a replay that checks it.

    \b
    Example:  gaugeglass behaviour backtest
    """


@command.command(name="promise")
@format_option
@click.pass_obj
def promise_command(app: App, fmt: str) -> None:
    """How many false alerts a day are promised and expected, by detector.

    \b
    Example:  gaugeglass behaviour promise
    """
    learned = Site(app.state, app.config).baseline()
    models = None if learned is None else learned[1]
    if models is None or models.empty:
        raise NothingToDo(f"{app.state}: no behaviour was learned yet; run `gaugeglass learn`")
    made = models.promise
    items = [
        {"detector": way, "expected_per_day": made.by_way.get(way, 0.0)}
        for way in sorted(models.calibrations)
    ]
    items.append({"detector": "all", "expected_per_day": made.predicted})
    rows(items, ["detector", "expected_per_day"], fmt)
    app.say(made.sentence())


@command.command(name="backtest")
@click.option("--since", type=Moment(), help="Replay from here on. [default: the ledger's start]")
@click.option(
    "--until", type=Moment(), help="Replay up to here. [default: what was learned, or the end]"
)
@format_option
@click.pass_obj
def backtest_command(app: App, since: datetime | None, until: datetime | None, fmt: str) -> None:
    """Learn from the first part of normal time, judge the rest, and count the false alerts.

    Prints for each detector what was promised and what came. The time that is replayed should be
    normal: without --until it is what the baseline in force was learned from. What may not be
    learned from (rejected, under an open alert, planned work) is left out.

    \b
    Example:  gaugeglass behaviour backtest --until 2026-11-22T06:00:00Z
    """
    site = Site(app.state, app.config)
    db = site.connect()
    site.inventory(db)
    first, last = site.span(db)
    learned = site.baseline()
    if until is None and learned is not None:
        since, until = since or learned[0].start, learned[0].until
    start, end = since or first, until or last
    site.learnable(db, start, end)
    with app.progress("replaying") as bar:
        lines = backtest(db, start, end, site.config, site.window, "learnable", bar)
    rows([vars(line) for line in lines], list(vars(lines[0])) if lines else [], fmt)
    app.say(summary(lines))
