"""Command line: `python -m tests.lab run|stretch|sense|judge|clean`, see README.md."""

from __future__ import annotations

import argparse
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="build the plant, capture, attack, clean up, stretch")
    run.add_argument("--out", type=Path, required=True, help="directory for plant.pcap and labels")
    run.add_argument(
        "--learn", type=float, default=360, help="seconds without attacks to learn from"
    )
    run.add_argument("--quiet", type=float, default=180, help="further seconds without attacks")
    run.add_argument("--gap", type=float, default=4, help="mean seconds between attacks")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--scale", type=int, default=60, help="factor by which idle time is stretched")
    run.add_argument("--shuffle", action="store_true", help="attacks in an order given by the seed")
    run.add_argument(
        "--held-out", action="store_true", help="the attack families that nothing was tuned on"
    )
    run.add_argument("--only", default="", help="comma-separated attacks, for trying one out")
    run.add_argument(
        "--verbose", action="store_true", help="show what the processes complain about"
    )
    stretch = commands.add_parser(
        "stretch", help="make plant.pcap and labels from a run's raw files"
    )
    stretch.add_argument("--out", type=Path, required=True)
    stretch.add_argument("--scale", type=int, help="another factor than the run's")
    sense = commands.add_parser("sense", help="let Zeek and Suricata write logs from a capture")
    sense.add_argument("--pcap", type=Path, required=True)
    sense.add_argument("--out", type=Path, required=True)
    sense.add_argument(
        "--zeek-script",
        action="append",
        default=[],
        help="script or package to load (default: icsnpp-all where it loads)",
    )
    sense.add_argument("--skip", choices=("zeek", "suricata"), help="leave one sensor out")
    judge = commands.add_parser("judge", help="let tshark say what a capture holds")
    judge.add_argument("--pcap", type=Path, required=True)
    commands.add_parser("clean", help="remove what an interrupted run may have left")
    return parser


def main() -> None:
    """Parse and dispatch; the stacks are only imported where they are needed."""
    options = vars(_parser().parse_args())
    command = options.pop("command")
    if command == "run":
        from .run import Settings, perform
        from .stretch import stretch_run

        options["only"] = tuple(name for name in options["only"].split(",") if name)
        settings = Settings(**options)
        perform(settings)
        stretch_run(settings.out)
    elif command == "stretch":
        from .stretch import stretch_run

        stretch_run(options["out"], options["scale"])
    elif command == "sense":
        from .sense import sense

        sense(**options)
    elif command == "judge":
        from .judge import judge

        raise SystemExit(0 if judge(options["pcap"]) else 1)
    else:
        from .netns import destroy

        destroy()


if __name__ == "__main__":
    main()
