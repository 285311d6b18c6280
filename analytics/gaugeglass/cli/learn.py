"""``gaugeglass learn``: learn what is normal."""

from __future__ import annotations

from datetime import datetime

import click

from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.show import format_option, rows
from gaugeglass.pipeline import Learned, Site


def tell_learned(app: App, learned: Learned) -> None:
    """What was learned and how complete it is."""
    base = learned.baseline
    app.say(f"learned from {base.start} to {base.until} (UTC)")
    if learned.completeness:
        app.say("  " + learned.completeness[0].sentence())
    for note in (learned.left_out.sentence(), *learned.modes.sentences(), *learned.models.notes):
        if note:
            app.say(f"  {note}")
    app.say(f"baseline version {learned.version.number} is in force")


@click.command(name="learn")
@click.option("--since", type=Moment(), help="Learn from here on. [default: the ledger's start]")
@click.option(
    "--until", type=Moment(),
    help="Learn up to here. [default: behaviour.learn_fraction of the ledger's span]",
)  # fmt: skip
@format_option
@click.pass_obj
def command(app: App, since: datetime | None, until: datetime | None, fmt: str) -> None:
    """Learn the baseline: who does what to whom, how often, and the models of each role.

    On stdout: how complete the baseline is, by kind of fact and service (Good-Turing: how likely
    the next fact is to be new).

    \b
    Example:  gaugeglass learn --until 2026-11-21T06:00:00Z
    """
    site = Site(app.state, app.config)
    db = site.connect()
    with app.progress("learning") as bar:
        bar(0, 2, "assets")
        site.inventory(db)
        bar(1, 2, "facts and models")
        learned = site.learn(db, since, until)
    items = [
        {**vars(c), "chance_next_is_new": c.unseen, "in_words": c.sentence()}
        for c in learned.completeness
    ]
    columns = [k for k in items[0] if k != "in_words"] + ["in_words"] if items else ["in_words"]
    rows(items, columns, fmt)
    tell_learned(app, learned)
