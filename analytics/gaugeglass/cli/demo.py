"""``gaugeglass demo``: a small plant, its staged attacks, and what was found of them."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

import click

from gaugeglass.cli.app import App
from gaugeglass.cli.run import everything
from gaugeglass.cli.show import format_option, rows
from gaugeglass.labels import judge, read


@click.command(name="demo")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("gaugeglass-demo"),
    show_default=True, help="Folder for the results.",
)  # fmt: skip
@format_option
@click.pass_obj
def command(app: App, out: Path, fmt: str) -> None:
    """Run everything on the logs of a lab plant that ship with the package.

    Real protocol stacks made the traffic, real Zeek and Suricata wrote the logs; the attacks are
    labelled. The demo ends by saying which were found, which were not, and how many alerts were
    about nothing.

    \b
    Example:  gaugeglass demo --out demo/
    """
    with as_file(files("gaugeglass") / "data" / "demo") as data:
        phases = json.loads((data / "phases.json").read_text(encoding="utf-8"))
        learn_until = datetime.fromisoformat(phases["learn_until"]).replace(tzinfo=None)
        quiet_until = datetime.fromisoformat(phases["quiet_until"]).replace(tzinfo=None)
        app.config.set("ingest", "sensor", "plant", "demo")  # both sensors saw the same packets
        app.config.set("site", "name", "Demo plant", "demo")
        logs = (data / "zeek", data / "suricata")
        found = everything(app, logs, out, learn_until=learn_until, full=False)
        labels = read(data / "labels.csv")
    verdicts, noise = judge(labels, found.alerts)
    items = [
        {"attack": v.label.description, "staged_as": " ".join(v.label.techniques),
         "verdict": v.word,
         "alerted_as": " ".join(dict.fromkeys(t.id for a in v.right or v.alerts
                                              for t in a.techniques)),
         "by": ", ".join(dict.fromkeys(a.detection for a in v.right or v.alerts))}
        for v in verdicts
    ]  # fmt: skip
    rows(items, ("attack", "staged_as", "verdict", "alerted_as", "by"), fmt,
         title="Staged attacks")  # fmt: skip
    hits = sum(v.word == "found" for v in verdicts)
    other = sum(v.word == "other technique" for v in verdicts)
    quiet = [a for a in found.alerts if a.first < quiet_until]
    app.say()
    app.say(f"{hits} of {len(verdicts)} staged attacks found with the right technique,"
            f" {other} with another one, {len(verdicts) - hits - other} missed")  # fmt: skip
    app.say(f"{len(quiet)} alerts on the quiet hours, {len(noise)} alerts about nothing staged")
    for alert in noise:
        app.say(f"  {alert.severity} {alert.detection}: {alert.summary}")
    app.say(f"open {out / 'report.html'} in a browser", "bold")
