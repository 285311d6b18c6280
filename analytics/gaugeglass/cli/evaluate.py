"""``gaugeglass evaluate``: labelled logs, and how much of what is in them is found."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gaugeglass import labels as label_files
from gaugeglass.cli.app import App, Moment
from gaugeglass.cli.show import format_option, rows
from gaugeglass.evaluation import phases as phase_files
from gaugeglass.evaluation.phases import Phases
from gaugeglass.evaluation.run import evaluate
from gaugeglass.evaluation.score import Found, Score

COLUMNS = ("detector", "what", "found", "recall", "false_a_day", "quiet_a_day", "median_seconds")


@click.command(name="evaluate")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--labels", "label_file", required=True, type=click.Path(exists=True, path_type=Path),
    help="CSV of start, end, technique, description, entities.",
)  # fmt: skip
@click.option(
    "--phases",
    "phase_file",
    type=click.Path(exists=True, path_type=Path),
    help="JSON with learn_until and, optionally, start, quiet_until, end; with first_until a first"
    " baseline works from there on, and what came up to learn_until is learned in its place.",
)
@click.option("--learn-until", type=Moment(), help="Learn from the start up to here.")
@click.option("--quiet-until", type=Moment(), help="Nothing happens from there up to here.")
@click.option("--per-attack", is_flag=True, help="One row an attack and detector.")
@click.option(
    "--only", "names", multiple=True, metavar="FAMILY",
    help="Ask about attacks of this family (the description up to its colon) or technique alone;"
    " alerts about the others count for nothing (repeatable).",
)  # fmt: skip
@click.option("--no-rivals", is_flag=True, help="Leave out what others use.")
@format_option
@click.pass_obj
def command(
    app: App, paths: tuple[Path, ...], label_file: Path, phase_file: Path | None,
    learn_until: datetime | None, quiet_until: datetime | None, per_attack: bool,
    names: tuple[str, ...], no_rivals: bool, fmt: str,
) -> None:  # fmt: skip
    """Score the detectors on labelled logs: events found, false alerts a day, time to detect.

    Learns from the quiet beginning, judges the rest. An attack is found when an alert overlaps it
    and names one of its entities: no point adjustment. An alert that speaks of no attack is false.
    Beside ours stand what others use, on the same windows, with the same joining into alerts.

    \b
    Example:  gaugeglass evaluate logs/ --labels labels.csv --learn-until 2026-11-22T06:00Z
    """
    if phase_file is not None:
        phases = phase_files.read(phase_file)
    elif learn_until is not None:
        phases = Phases(learn_until, quiet_until)
    else:
        raise click.UsageError("say what to learn from: --learn-until TIME or --phases FILE")
    labels, others = label_files.chosen(label_files.read(label_file), names)
    if names and not labels:
        raise click.UsageError(f"no attack of {', '.join(names)} in {label_file}")
    with tempfile.TemporaryDirectory() as state, app.progress("evaluating") as bar:
        result = evaluate(
            paths, labels, phases, app.config, Path(state), not no_rivals, bar, others
        )
    if per_attack:
        items = [_attack(s, a) for s in result.scores for a in s.attacks]
        rows(items, ("detector", "attack", "start", "found", "seconds"), fmt)
    else:
        rows([_summary(s) for s in result.scores], COLUMNS, fmt)
    app.say(f"promise: {result.promise}")


def _summary(score: Score) -> dict[str, Any]:
    return {
        "detector": score.name, "what": score.group, "found": f"{score.found}/{len(score.attacks)}",
        "recall": None if score.recall is None else round(score.recall, 3),
        "false_a_day": round(score.false_a_day, 2),
        "quiet_a_day": None if score.quiet_a_day is None else round(score.quiet_a_day, 2),
        "median_seconds": None if score.seconds is None else round(score.seconds),
    }  # fmt: skip


def _attack(score: Score, attack: Found) -> dict[str, Any]:
    return {
        "detector": score.name, "attack": attack.label.description,
        "start": attack.label.start.isoformat() + "Z", "found": bool(attack.hits),
        "seconds": None if attack.seconds is None else round(attack.seconds),
    }  # fmt: skip
