"""What tshark makes of a capture: frames with their protocols as trees of fields."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

#: Columns of the first pass, which tells addresses and which protocols there are at all.
_HEADER = (
    "frame.number", "frame.protocols", "eth.src", "eth.dst", "ip.src", "ip.dst", "ipv6.src",
    "ipv6.dst", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport", "tcp.stream",
    "udp.stream", "tcp.analysis.retransmission", "tcp.analysis.out_of_order",
)  # fmt: skip


@dataclass
class Node:
    """A protocol or a field: its abbreviation, what is shown, its bytes and what it holds."""

    name: str
    show: str
    label: str
    value: str
    children: list[Node]

    def all(self, *names: str) -> Iterator[Node]:
        """Every field below with one of these abbreviations, in the order of the packet."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.all(*names)

    def get(self, name: str) -> str | None:
        """What the first field of that abbreviation shows, or None where there is none."""
        return next((n.show for n in self.all(name)), None)

    def num(self, name: str) -> int | None:
        """The same as a number; flags count as 0 or 1."""
        shown = self.get(name)
        if shown in (None, ""):
            return None
        assert shown is not None
        return {"True": 1, "False": 0}.get(shown) if shown[0] in "TF" else int(shown, 0)

    def nums(self, *names: str) -> list[int]:
        """Every field of these abbreviations as a number."""
        return [int(n.show, 0) for n in self.all(*names)]

    def has(self, *names: str) -> bool:
        """Whether there is such a field."""
        return next(self.all(*names), None) is not None


@dataclass
class Frame:
    """A frame: who sent it to whom, and the protocols asked for, outermost first."""

    number: int
    layers: str
    eth_src: str
    eth_dst: str
    src: str
    dst: str
    sport: int
    dport: int
    stream: str
    repeated: bool
    protos: list[Node] = field(default_factory=list)

    def of(self, *names: str) -> list[Node]:
        """The protocols of these names, as often as they occur."""
        return [p for p in self.protos if p.name in names]


def headers(capture: Path, options: Iterable[str] = ()) -> dict[int, Frame]:
    """Every frame of ``capture`` by number, without its protocols' fields.

    Raises RuntimeError where tshark can read nothing of it.
    """
    command = ["tshark", "-n", "-r", str(capture), *options, "-T", "fields", "-E", "occurrence=f"]
    for name in _HEADER:
        command += ["-e", name]
    run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if run.returncode and not run.stdout:
        raise RuntimeError(run.stderr.strip())
    frames = {}
    for line in run.stdout.splitlines():
        row = dict(zip(_HEADER, line.split("\t"), strict=False))
        src, dst = (row["ip." + e] or row["ipv6." + e] or row["eth." + e] for e in ("src", "dst"))
        kind = "tcp" if row["tcp.srcport"] else "udp"
        frames[int(row["frame.number"])] = Frame(
            number=int(row["frame.number"]),
            layers=row["frame.protocols"],
            eth_src=row["eth.src"],
            eth_dst=row["eth.dst"],
            src=src,
            dst=dst,
            sport=int(row[kind + ".srcport"] or 0),
            dport=int(row[kind + ".dstport"] or 0),
            stream=kind + row[kind + ".stream"],
            repeated=bool(row["tcp.analysis.retransmission"]),
        )
    return frames


def _node(element: ElementTree.Element) -> Node:
    get = element.attrib.get
    return Node(
        get("name", ""),
        get("show", ""),
        get("showname", ""),
        get("value", ""),
        [_node(child) for child in element],
    )


def dissect(
    capture: Path, known: dict[int, Frame], layers: Iterable[str], options: Iterable[str] = ()
) -> Iterator[Frame]:
    """The frames of ``known`` that carry one of ``layers``, with those protocols' fields.

    What TCP sent again, and what an ICMP error quotes, is left out: it was said once.
    """
    wanted = list(layers)
    command = [
        "tshark", "-n", "-r", str(capture), *options, "-T", "pdml", "-J", " ".join(wanted),
        "-Y", f"({' || '.join(wanted)}) && !icmp && !icmpv6",
    ]  # fmt: skip
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert run.stdout is not None
    for _, element in ElementTree.iterparse(run.stdout):
        if element.tag != "packet":
            continue
        nodes = [_node(proto) for proto in element]
        element.clear()
        number = next(n for n in (node.num("num") for node in nodes) if n is not None)
        frame = known[number]
        frame.protos = [n for n in nodes if n.name in wanted]
        if not frame.repeated:
            yield frame
    run.wait()
