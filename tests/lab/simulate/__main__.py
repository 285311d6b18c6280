"""``python -m tests.lab.simulate``: weeks of simulated plant traffic, labelled."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from .attacks import MODULES, Family, families
from .changes import CHANGES
from .scenario import Scenario, simulate
from .world import HOUR
from .zeeklog import DAY


def chosen(text: str) -> list[Family]:
    """The families of a whole set (``dev``, ``test`` and so on), or by names joined by commas."""
    if text in MODULES:
        return list(families(text).values())
    known = {name: f for which in MODULES for name, f in families(which).items()}
    names = [n for n in text.split(",") if n]
    if unknown := [n for n in names if n not in known]:
        raise SystemExit(f"no family {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
    sets = {which for which in MODULES for n in names if n in families(which)}
    if len(sets) > 1:
        raise SystemExit("families of different sets are not mixed")
    return [known[n] for n in names]


def main() -> None:
    """Parse the command line and write the run."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.simulate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--days", type=float, default=14.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learn", type=float, help="days to learn from [half of all]")
    parser.add_argument("--quiet", type=float, help="days without attacks after that [a seventh]")
    sets = ", ".join(MODULES)
    parser.add_argument("--attacks", default="", help=f"{sets}, or names joined by commas")
    parser.add_argument("--change", choices=CHANGES, help="a planned change after the quiet days")
    parser.add_argument("--attack-after", type=float, default=7.0, help="days after the change")
    parser.add_argument("--poison", type=float, default=0.0, help="share of learned windows")
    parser.add_argument("--poison-from", type=float, default=0.0, help="days from the start")
    parser.add_argument("--poison-with", default="", help="those to poison with [--attacks]")
    parser.add_argument("--pace", type=float, default=1.0, help="factor on the periods of polls")
    parser.add_argument("--hourly", action="store_true", help="rotate logs hourly, not daily")
    args = parser.parse_args()
    learn = args.learn if args.learn is not None else args.days / 2
    quiet = args.quiet if args.quiet is not None else args.days / 7
    started = time.monotonic()
    scenario = Scenario(
        args.days, args.seed, learn, quiet, chosen(args.attacks), args.change,
        poison=args.poison, poison_from=args.poison_from, poisoners=chosen(args.poison_with),
        pace=args.pace, attack_after=args.attack_after,
    )  # fmt: skip
    rows = simulate(scenario, args.out, HOUR if args.hourly else DAY)
    print(
        f"{rows} rows of {args.days:g} simulated days in {time.monotonic() - started:.1f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
