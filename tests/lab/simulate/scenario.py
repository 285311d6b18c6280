"""One run: normal life, then a quiet stretch to count false alerts on, then attacks."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from . import changes, machines, people
from .attacks import Family, Scene
from .world import HOUR, MINUTE, World
from .zeeklog import DAY, SECOND

_APART = 30 * MINUTE  # between attacks
_TRIES = 4000


@dataclass
class Scenario:
    """What to simulate. Days are counted from the start."""

    days: float
    seed: int
    learn: float
    quiet: float
    families: Sequence[Family] = ()
    change: str | None = None
    poison: float = 0.0
    poison_from: float = 0.0  # days of learned time before the poisoning; learned first, if any
    pace: float = 1.0
    poisoners: Sequence[Family] = ()  # families to poison with; none: those that attack later
    attack_after: float = 7.0  # days between a change and the attacks
    notes: Mapping[str, object] = field(default_factory=dict)


def simulate(scenario: Scenario, out: Path, rotation: int = DAY) -> int:
    """Write ``out/zeek``, ``out/labels.csv`` and ``out/phases.json``; returns the rows written."""
    world = World(scenario.seed, scenario.days, scenario.pace)
    learn_until = world.start + int(scenario.learn * DAY)
    quiet_until = learn_until + int(scenario.quiet * DAY)
    change_at = quiet_until + 9 * HOUR if scenario.change else None
    if scenario.change and change_at:
        changes.before(world, scenario.change, change_at)
    machines.run(world)
    people.run(world)
    machines.reboots(world)
    phases: dict[str, object] = {
        "start": _moment(world.start), "learn_until": _moment(learn_until),
        "quiet_until": _moment(quiet_until), "end": _moment(world.end), "seed": scenario.seed,
        "note": "Simulated: no packet was ever sent; every row is invented.",
    }  # fmt: skip
    if scenario.poison_from:
        phases["first_until"] = _moment(world.start + int(scenario.poison_from * DAY))
    begin = quiet_until
    if scenario.change and change_at:
        window = changes.after(world, scenario.change, change_at)
        phases["change"] = {
            "what": scenario.change, "at": _moment(change_at),
            "maintenance": [_moment(t) for t in window],
        }  # fmt: skip
        begin = change_at + int(scenario.attack_after * DAY)
        phases["attacks_from"] = _moment(begin)
    scenes = _place(world, scenario.families, begin)
    for which, scene in scenes:
        which.act(scene)
    if scenario.poison:
        spoilers = scenario.poisoners or scenario.families
        since = world.start + int(scenario.poison_from * DAY)
        done = changes.poison(world, scenario.poison, since, learn_until, spoilers)
        phases["poisoned"] = [[_moment(a), _moment(b), name] for a, b, name in done]
    phases["attacks"] = [
        {"family": which.name, "stranger": which.stranger, "strength": round(scene.strength, 2)}
        for which, scene in scenes
    ]
    phases.update(scenario.notes)
    world.close()
    rows = world.logs.write(out / "zeek", world.start, world.end, rotation)
    _labels(out / "labels.csv", scenes)
    text = json.dumps(phases, indent=1) + "\n"
    (out / "phases.json").write_text(text, encoding="utf-8")
    return rows


def _place(world: World, families: Sequence[Family], begin: int) -> list[tuple[Family, Scene]]:
    """A moment, a length and a strength for each family; no two at once."""
    rng = world.rng("schedule")
    placed: list[tuple[Family, Scene]] = []
    drawn = [(f, f.length(rng), float(rng.uniform(0.15, 1.0))) for f in families]
    # what takes long, or may only begin at some hours, chooses first
    for which, length, strength in sorted(drawn, key=lambda d: (d[0].hours == (0.0, 24.0), -d[1])):
        for _ in range(_TRIES):
            at = int(rng.integers(begin + HOUR, max(world.end - HOUR - length, begin + HOUR + 1)))
            hour = (at - world.start) % DAY / HOUR
            free = all(at + length + _APART < s.first or at > s.last + _APART for _, s in placed)
            if free and which.hours[0] <= hour <= which.hours[1]:
                scene = Scene(world, which.name, at, at + length, strength)
                placed.append((which, scene))
                break
        else:
            raise ValueError(
                f"{len(families)} attacks don't fit in {(world.end - begin) / DAY:.1f} days"
            )
    return sorted(placed, key=lambda p: p[1].first)


def _labels(target: Path, scenes: Sequence[tuple[Family, Scene]]) -> None:
    with target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["start", "end", "technique", "description", "entities"])
        for which, scene in scenes:
            rows.writerow([
                _moment(scene.first), _moment(scene.last), ";".join(which.techniques),
                f"{which.name}: {which.title}", ";".join(which.addresses()),
            ])  # fmt: skip


def _moment(ts: int) -> str:
    when = datetime.fromtimestamp(ts / SECOND, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
