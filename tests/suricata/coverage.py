"""What the rules see of real captures: ``python -m tests.suricata.coverage CAPTURES... [options]``.

tshark is asked for every state-changing operation (:mod:`.operations`) and the flow it went by;
each flow should have an alert of ours with a technique that fits. Rules alert once a source or
pair of hosts in ten minutes, so an alert on the same client and port with a fitting technique up
to ten minutes before counts as found too, and is shown apart. Then the alerts of every capture by
severity.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from gaugeglass.rules.parse import OURS, SEVERITIES

from . import engine
from .operations import OPERATIONS, Operation

LIMIT = 600  # seconds that a rule stays silent after an alert
Flow = tuple[str, frozenset[tuple[str, int]]]  # tcp or udp, both ends


@dataclass(frozen=True)
class Seen:
    """An operation on a flow, as tshark has it: when it was first seen, by whom."""

    operation: Operation
    flow: Flow
    client: str
    first: float


@dataclass
class Result:
    """One capture: what tshark named, and what we alerted."""

    capture: Path
    seen: list[Seen] = field(default_factory=list)
    alerts: list[dict] = field(default_factory=list)
    shift: int = 0  # seconds that the alerts' times are later than tshark's


def tshark(capture: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["tshark", "-n", "-r", str(capture), *arguments],
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    return done.stdout  # a capture cut short makes tshark complain, and is read as far as it goes


def present(capture: Path) -> list[Operation]:
    """The operations that occur at all: one pass with a counter for each."""
    counters = "io,stat,0," + ",".join(f"({o.filter}) && (tcp || udp)" for o in OPERATIONS)
    for line in tshark(capture, "-q", "-z", counters).splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if "<>" in line:
            frames = [int(cell) for cell in cells[2:-1:2]]
            return [o for o, n in zip(OPERATIONS, frames, strict=True) if n]
    return []


def seen(capture: Path) -> Iterator[Seen]:
    """Every operation once a flow."""
    fields = ("frame.time_epoch", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport",
              "tcp.dstport", "udp.srcport", "udp.dstport")  # fmt: skip
    asked = [part for name in fields for part in ("-e", name)]
    for operation in present(capture):
        flows: set[Flow] = set()
        said = tshark(capture, "-Y", operation.filter, "-T", "fields", "-E", "occurrence=f", *asked)
        for line in said.splitlines():
            when, a4, b4, a6, b6, tcp_a, tcp_b, udp_a, udp_b = line.split("\t")
            if not (tcp_a or udp_a):
                continue
            kind = "tcp" if tcp_a else "udp"
            source, target = a4 or a6, b4 or b6
            ends = ((source, int(tcp_a or udp_a)), (target, int(tcp_b or udp_b)))
            flow = (kind, frozenset(ends))
            if flow not in flows:
                flows.add(flow)
                yield Seen(operation, flow, source, float(when))


def alerts(suricata: str, captures: list[Path]) -> Iterator[tuple[list[dict], int]]:
    """Our alerts on each capture, and by how many seconds its times were moved.

    Captures that were put together span decades, and Suricata's times end in 2038: one engine reads
    until its clock is late, then another begins.
    """
    left = list(captures)
    with tempfile.TemporaryDirectory(prefix="coverage-") as name:
        classic = Path(name) / "classic.pcap"
        while left:
            with engine.engine(suricata) as running:
                while left and not running.late:
                    tshark(left.pop(0), "-F", "pcap", "-w", str(classic))
                    for _, outcome in running.run([classic]):
                        ours = (e for e in outcome.events if e["alert"]["signature_id"] in OURS)
                        yield list(ours), outcome.shift
                    classic.unlink()


def flow_of(event: dict) -> Flow:
    """Both ends of an alert; Suricata writes IPv6 in full, tshark in short."""
    ends = {
        (str(ip_address(event[f"{side}_ip"])), event.get(f"{side}_port", 0))
        for side in ("src", "dest")
    }
    return event["proto"].lower(), frozenset(ends)


def fits(event: dict, operation: Operation) -> bool:
    """Whether an alert names a technique of the operation, its parent or a sub-technique of it."""
    metadata = event["alert"].get("metadata", {})
    shown = {t.split(".")[0] for t in metadata.get("mitre_technique_id", [])}
    return bool(shown & {t.split(".")[0] for t in operation.techniques})


def state(one: Seen, events: Iterable[dict], shift: int = 0) -> str:
    """``flow``, ``source`` (limited: the same client's alert before), ``other`` or ``missed``."""
    found = "missed"
    for event in events:
        same = flow_of(event) == one.flow
        if fits(event, one.operation):
            if same:
                return "flow"
            when = datetime.fromisoformat(event["timestamp"]).timestamp() - shift
            ends = {ip for ip, _ in flow_of(event)[1]}
            shared = {p for _, p in one.flow[1]} & {p for _, p in flow_of(event)[1]}
            if one.client in ends and shared and -1 <= one.first - when <= LIMIT:
                found = "source"
        elif same and found == "missed":
            found = "other"
    return found


def run(captures: list[Path], suricata: str, jobs: int) -> list[Result]:
    with ThreadPoolExecutor(jobs) as pool:
        named = pool.map(lambda capture: list(seen(capture)), captures)
        alerted = list(alerts(suricata, captures))
        return [
            Result(capture, operations, events, shift)
            for capture, operations, (events, shift) in zip(captures, named, alerted, strict=True)
        ]


def operations_table(results: list[Result]) -> tuple[list[str], list[str], int, int]:
    """Lines of the table, the misses one by one, flows found, flows expected."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    misses = []
    for result in results:
        for one in result.seen:
            outcome = state(one, result.alerts, result.shift)
            counts[one.operation.protocol, one.operation.name][outcome] += 1
            if outcome in ("missed", "other"):
                ends = " ".join(f"{ip}:{port}" for ip, port in sorted(one.flow[1]))
                said = sorted({f"{e['alert']['signature_id']} {e['alert']['signature']}"
                               for e in result.alerts if flow_of(e) == one.flow})  # fmt: skip
                misses.append(
                    f"{outcome}: {one.operation.protocol} {one.operation.name}:"
                    f" {result.capture.name} {one.flow[0]} {ends} {said or ''}".rstrip()
                )
    lines = [
        "| protocol | operation | flows | in the flow | by source | other technique | missed |",
        "|---|---|---|---|---|---|---|",
    ]
    for (protocol, name), count in sorted(counts.items()):
        cells = (count.total(), *(count[k] for k in ("flow", "source", "other", "missed")))
        lines.append(f"| {protocol} | {name} | {' | '.join(map(str, cells))} |")
    total = sum((c.total() for c in counts.values()), 0)
    found = sum(c["flow"] + c["source"] for c in counts.values())
    return lines, misses, found, total


def severities_table(results: list[Result]) -> list[str]:
    lines = [
        f"| capture | {' | '.join(SEVERITIES)} | which of the two worst |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        by = Counter((e["alert"].get("metadata", {}).get("signature_severity") or ["?"])[0]
                     for e in result.alerts)  # fmt: skip
        loud = Counter(f"{e['alert']['signature_id']}" for e in result.alerts
                       if e["alert"].get("metadata", {}).get("signature_severity", ["?"])[0]
                       in SEVERITIES[:2])  # fmt: skip
        worst = ", ".join(f"{sid} ({n})" for sid, n in sorted(loud.items()))
        lines.append(f"| {result.capture.parent.name}/{result.capture.name} |"
                     f" {' | '.join(str(by[s]) for s in SEVERITIES)} | {worst} |")  # fmt: skip
    return lines


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suricata.coverage", description=__doc__)
    parser.add_argument("captures", nargs="+", type=Path, help="captures, or folders of them")
    parser.add_argument("--suricata", default=None, help="which (default: the first on PATH)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--misses", action="store_true", help="list each flow that was missed")
    parser.add_argument("--json", type=Path, help="also write the alerts of every capture there")
    options = parser.parse_args(arguments)
    if not shutil.which("tshark"):
        print("tshark is not on PATH", file=sys.stderr)
        return 2
    found = [p for given in options.captures for p in
             (sorted(given.rglob("*.pcap*")) if given.is_dir() else [given])]  # fmt: skip
    results = run(found, options.suricata or engine.installed()[0], options.jobs)
    table, misses, right, total = operations_table(results)
    print("\n".join(table))
    print(
        f"\n{right} of {total} state-changing operations are alerted with a technique that fits\n"
    )
    if options.misses:
        print("\n".join([*misses, ""]))
    print("\n".join(severities_table(results)))
    if options.json:
        said = {str(r.capture): r.alerts for r in results}
        options.json.write_text(json.dumps(said), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
