"""Attacks scripted as an outsider would: ``python -m tests.suricata.scenarios [PROTOCOL...]``.

Each scenario is a technique of ATT&CK for ICS by way of a protocol, as messages built here from the
protocol's specification (not from the cases' captures), and runs in several forms: plain; with
other addresses, ports and ids; over VLAN; and on TCP split into small segments, behind a poll in
the same segment, or joined in the middle, the client or the server first. Counted is whether an
alert of ours names a technique that fits.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scapy.packet import Packet

from gaugeglass.rules.parse import OURS, read

from . import engine, speakers, speakers_malware, speakers_standards, speakers_vendors
from .makers.wire import C, S, pcap, tcp, udp

Exchange = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Scenario:
    """What is done: messages of the client for an id (unit, station …), and what fits it."""

    protocol: str
    name: str
    techniques: tuple[str, ...]
    port: int
    messages: Callable[[int], list[bytes]]
    opening: Exchange = ()
    poll: bytes = b""
    reply: bytes = b""
    datagrams: bool = False
    step: float = 0.01

    def exchange(self, unit: int) -> list[tuple[str, bytes]]:
        said: list[tuple[str, bytes]] = list(self.opening)
        if self.poll:
            said += [(C, self.poll), (S, self.reply or self.poll)]
        for message in self.messages(unit):
            said += [(C, message), (S, self.reply or message)]
        return said

    def forms(self) -> Iterator[tuple[str, list[Packet]]]:
        """The captures of the scenario by form."""
        here, there = ("172.16.4.9", "172.16.8.40"), ("192.168.77.3", "192.168.77.201")
        if self.datagrams:
            for name, ends, sport, unit, vlan in (("plain", here, 51515, 1, None),
                                                  ("other ids", there, 1033, 7, None),
                                                  ("vlan", here, 40123, 3, 12)):  # fmt: skip
                yield name, udp(*ends, self.port, self.exchange(unit), sport=sport, vlan=vlan,
                                step=self.step)  # fmt: skip
            return

        def session(unit: int = 1, ends: tuple[str, str] = here, **how) -> list[Packet]:
            return tcp(*ends, self.port, self.exchange(unit), **{"step": self.step, **how})

        yield "plain", session()
        yield "other ids", session(7, there, sport=1107)
        yield "vlan", session(3, vlan=9, sport=61002)
        yield "split", session(2, split=5, sport=33999)
        if self.poll:
            messages = self.messages(1)
            joined = [*self.opening, (C, self.poll), (S, self.reply or self.poll)]
            for message in messages:
                joined += [(C, self.poll + message), (S, self.reply or message)]
            yield "behind a poll", tcp(*here, self.port, joined, step=self.step, sport=50444)
            middle = [(C, self.poll), (S, self.reply or self.poll)]
            rest = [pair for m in messages for pair in ((C, m), (S, self.reply or m))]
            yield "joined", tcp(*here, self.port, middle + rest, midstream=True, sport=49888,
                                step=self.step)  # fmt: skip
            yield "joined at the server", tcp(*here, self.port, (middle + rest)[1:],
                                              midstream=True, sport=49889, step=self.step)  # fmt: skip  # noqa: E501


def scenarios() -> Iterator[Scenario]:
    """All of them, from :mod:`.speakers`."""
    modules = (speakers, speakers_standards, speakers_vendors, speakers_malware)
    for protocol in (speaker for module in modules for speaker in module.ALL):
        for name, techniques, messages, *step in protocol.attacks:
            yield Scenario(
                protocol.name, name, tuple(techniques.split()), protocol.port, messages,
                protocol.opening, protocol.poll, protocol.reply, protocol.datagrams,
                step[0] if step else 0.01,
            )  # fmt: skip


def shown(sids: Iterable[int], techniques: dict[int, tuple[str, ...]]) -> set[str]:
    """Techniques of our rules that fired, without the number of a sub-technique.

    From the rules, not from EVE: fed by its socket, Suricata 8.0 leaves their metadata out.
    """
    return {t.split(".")[0] for sid in sids if sid in OURS for t in techniques.get(sid, ())}


def run(suricata: str, wanted: Iterable[Scenario]) -> Iterator[tuple[Scenario, str, set[str]]]:
    """Each scenario's forms with the techniques that were alerted."""
    techniques = {rule.sid: rule.techniques for rule in read(engine.RULES)}
    with tempfile.TemporaryDirectory(prefix="scenarios-") as name:
        captures, by_path = Path(name), {}
        for scenario in wanted:
            for form, packets in scenario.forms():
                path = captures / f"{len(by_path)}.pcap"
                path.write_bytes(pcap(packets))
                by_path[path] = (scenario, form)
        with engine.engine(suricata) as running:
            for path, outcome in running.run(by_path):
                yield *by_path[path], shown(outcome.alerts, techniques)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suricata.scenarios")
    parser.add_argument("protocol", nargs="*", help="only these")
    parser.add_argument("--suricata", default=None, help="which (default: the first on PATH)")
    parser.add_argument("--misses", action="store_true", help="list what is not alerted")
    options = parser.parse_args(arguments)
    chosen = [s for s in scenarios() if not options.protocol or s.protocol in options.protocol]
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    misses = []
    for scenario, form, techniques in run(options.suricata or engine.installed()[0], chosen):
        fits = bool(techniques & {t.split(".")[0] for t in scenario.techniques})
        found[scenario.protocol][0] += fits
        found[scenario.protocol][1] += 1
        if not fits:
            said = " ".join(sorted(techniques)) or "nothing"
            misses.append(f"{scenario.protocol} {scenario.name} ({form}): {said}")
    print("| protocol | alerted with a fitting technique | of | part |\n|---|---|---|---|")
    total = [sum(f[0] for f in found.values()), sum(f[1] for f in found.values())]
    for protocol, (right, count) in [*sorted(found.items()), ("all", total)]:
        print(f"| {protocol} | {right} | {count} | {right / max(1, count):.1%} |")
    if options.misses:
        print("\n".join(["", *misses]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
