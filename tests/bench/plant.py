"""Behaviour on weeks of simulated plant traffic (``tests/lab/simulate``), with attacks.

    python tests/bench/plant.py weeks              # promised and realised, and what others use
    python tests/bench/plant.py poison             # 5% of the learned windows slowly poisoned
    python tests/bench/plant.py relearn            # the same in a week that is learned again
    python tests/bench/plant.py changes            # planned work, and an attack a week later

``weeks`` learns 7 days, is quiet for 7 and then has the attacks of a set of families (``fresh``:
nobody tuned on them or saw how they fared). ``poison`` runs the same attacks on the same plant
twice, once with weak attacks in 5% of what is learned: of the same families, or of those that
``--poison-with`` names. ``relearn`` poisons a plant in operation: a clean week is learned, the next
one is poisoned, judged, and learned in its place with all alerts still open, which nobody looked
at. ``changes`` declares each planned change as maintenance and counts the
alerts until the attack, and those about the same hosts on the same plant where nothing was changed:
what normal life raises is not the change's. Each prints what `gaugeglass` itself says.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from gaugeglass.cli import main; main()"
CHANGES = {"hmi": "10.40.2.53,10.40.1.11,10.40.1.12,10.40.1.15 new HMI",
           "poll_rate": "10.40.2.50,10.40.1.11,10.40.1.13 faster polls",
           "firmware": "10.40.3.20,10.40.1.13 firmware of the press"}  # fmt: skip
ATTACK = "value_out_of_range"  # a week after a change, by a host that it may have touched


def simulate(folder: Path, *more: str) -> None:
    command = [sys.executable, "-m", "tests.lab.simulate", "--out", str(folder), *more]
    subprocess.run(command, check=True, cwd=ROOT)


def gaugeglass(*words: str | Path) -> str:
    done = subprocess.run([sys.executable, "-c", MAIN, *map(str, words)], check=True, cwd=ROOT,
                          stdout=subprocess.PIPE, text=True)  # fmt: skip
    return done.stdout


def evaluated(folder: Path, *more: str) -> str:
    return gaugeglass("evaluate", folder / "zeek", "--labels", folder / "labels.csv", "--phases",
                      folder / "phases.json", *more)  # fmt: skip


def weeks(folder: Path, seed: int, attacks: str) -> None:
    simulate(folder, "--days", "17", "--learn", "7", "--quiet", "7", "--seed", str(seed),
             "--attacks", attacks)  # fmt: skip
    print(evaluated(folder))


def poison(folder: Path, seed: int, attacks: str, spoilers: str, clean_days: int) -> None:
    """Poisoned and not; ``clean_days`` are learned before, and learned again with what follows."""
    learned = clean_days + 7
    found: dict[float, dict[str, dict[str, str]]] = {}
    for share in (0.0, 0.05):
        here = folder / f"poison-{share:g}"
        simulate(here, "--days", str(learned + 4), "--learn", str(learned), "--quiet", "1",
                 "--seed", str(seed), "--attacks", attacks, "--poison", str(share),
                 "--poison-from", str(clean_days), "--poison-with", spoilers)  # fmt: skip
        table = csv.DictReader(evaluated(here, "--no-rivals", "--format", "csv").splitlines())
        found[share] = {row["detector"]: row for row in table}
    for name in ("all of Gaugeglass", "behaviour, all ways"):
        clean, spoiled = (found[s][name] for s in (0.0, 0.05))
        lost = 100 * (float(clean["recall"]) - float(spoiled["recall"]))
        print(f"{name}: {clean['found']} clean, {spoiled['found']} with 5% of the learned windows"
              f" poisoned: {lost:.1f} points of recall lost (at most 3 are the aim)")  # fmt: skip


def changes(folder: Path, seed: int, which: Sequence[str]) -> None:
    same = ("--days", "17", "--learn", "7", "--quiet", "1", "--seed", str(seed))
    simulate(folder / "unchanged", *same)
    phases = json.loads((folder / "unchanged" / "phases.json").read_text())
    unchanged = alerts_of(folder / "unchanged", phases)
    for change in which:
        here = folder / change
        simulate(here, *same, "--change", change, "--attack-after", "7", "--attacks", ATTACK)
        phases = json.loads((here / "phases.json").read_text())
        start, end = phases["change"]["maintenance"]
        config = here / "gaugeglass.toml"
        config.write_text(
            f'[behaviour]\nmaintenance = ["{start}/{end} {CHANGES[change]}"]\n', encoding="utf-8"
        )
        alerts = alerts_of(here, phases, "--config", str(config))
        row = next(csv.DictReader((here / "labels.csv").open(encoding="utf-8")))
        touched = set(CHANGES[change].split()[0].split(","))
        tell(change, alerts, unchanged, _time(start), _time(row["start"]), _time(row["end"]),
             set(row["entities"].split(";")), touched)  # fmt: skip


def alerts_of(here: Path, phases: dict[str, str], *more: str) -> list[dict[str, object]]:
    common: tuple[str | Path, ...] = (*more, "--state", here / "state", "--quiet")
    gaugeglass(*common, "ingest", here / "zeek")
    gaugeglass(*common, "learn", "--until", phases["learn_until"])
    gaugeglass(*common, "detect", "--since", phases["quiet_until"])
    found: list[dict[str, object]] = json.loads(gaugeglass(*common, "alerts", "--format", "json"))
    return found


def tell(
    change: str, alerts: list[dict[str, object]], unchanged: list[dict[str, object]],
    start: datetime, attack: datetime, over: datetime, hosts: set[str], touched: set[str],
) -> None:  # fmt: skip
    hour = timedelta(hours=1)

    def about(found: list[dict[str, object]]) -> list[tuple[datetime, str, str]]:
        told = [(_time(str(a["first"])), str(a["severity"]), str(a["summary"]))
                for a in found if touched & {str(a["client"]), str(a["server"])}]  # fmt: skip
        return sorted(a for a in told if start <= a[0] < attack - hour)

    before, anyway = about(alerts), about(unchanged)
    others = sum(start <= _time(str(a["first"])) < attack - hour for a in alerts) - len(before)
    late = [a for a in before if a[0] > start + timedelta(days=1)]
    found = [a for a in alerts if attack - hour <= _time(str(a["first"])) <= over + hour
             and hosts & {str(a["client"]), str(a["server"])}]  # fmt: skip
    print(f"{change}: {len(before)} alerts about those it touched, from the change to the attack"
          f" (at most 2 are the aim; {others} about others), {len(late)} of them later than a day"
          f" ({len(anyway)} where nothing was changed); the attack a week later was"
          f" {'found' if found else 'NOT found'}")  # fmt: skip
    known = {a[1:] for a in anyway}
    for when, severity, summary in before:
        same = " (told without the change too)" if (severity, summary) in known else ""
        print(f"    {when:%m-%d %H:%M} {severity}: {summary[:140]}{same}")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("weeks", "poison", "relearn", "changes"))
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--attacks", default="fresh", help="dev, test, seen, fresh, apart")
    parser.add_argument("--poison-with", default="", help="families to poison with [--attacks]")
    parser.add_argument("--change", choices=tuple(CHANGES), action="append")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.what == "weeks":
            weeks(Path(name), options.seed, options.attacks)
        elif options.what in ("poison", "relearn"):
            days = 7 if options.what == "relearn" else 0
            poison(Path(name), options.seed, options.attacks, options.poison_with, days)
        else:
            changes(Path(name), options.seed, options.change or tuple(CHANGES))


if __name__ == "__main__":
    main()
