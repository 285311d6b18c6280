"""What is asked of a sensor once: to take the allowlist, and to say how it does.

On a cluster every node answers for itself, and says how many will.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gaugeglass.response.allowlist import Entry
from gaugeglass.sensor.link import REMEDY, Address, LinkError, Misunderstood, linked, plain

REQUESTS = "/gaugeglass/sensor/requests/"
REPLIES = "/gaugeglass/sensor/replies/"


@dataclass(frozen=True)
class Taken:
    """A node's acknowledgement of a list."""

    node: str
    nodes: int
    taken: int
    allowlist: int
    enforced: bool


@dataclass(frozen=True)
class Health:
    """How a node does; the fields of ``OTLink::Health``. ``uptime`` in seconds."""

    node: str
    nodes: int
    version: str
    uptime: float
    packets_received: int
    packets_dropped: int
    packets_link: int
    tcp_acks: int
    tcp_gaps: int
    violations: Mapping[str, int]
    rows: int
    sides: int
    allowlist: int
    enforced: bool

    @property
    def capture_loss(self) -> float | None:
        """Percent of TCP acknowledgements for data never seen; None before there is one."""
        return 100.0 * self.tcp_gaps / self.tcp_acks if self.tcp_acks else None

    def document(self) -> dict[str, Any]:
        """For a program."""
        return {**asdict(self), "capture_loss_percent": self.capture_loss}

    def measures(self) -> list[dict[str, Any]]:
        """For a person: one thing a row."""
        loss = self.capture_loss
        found: dict[str, Any] = {
            "Zeek": self.version,
            "uptime (s)": round(self.uptime),
            "packets received": self.packets_received,
            "packets dropped": self.packets_dropped,
            "packets on the link": self.packets_link or "not told by this capture",
            "capture loss (%)": "no TCP seen yet" if loss is None else f"{loss:.3f}",
            **{f"malformed PDUs: {name}": n for name, n in sorted(self.violations.items())},
            "activity rows in memory": self.rows,
            "clients and servers followed": self.sides,
            "allowlist entries": self.allowlist,
            "allowlist enforced": "yes" if self.enforced else "no",
        }
        return [{"node": self.node, "measure": k, "value": str(v)} for k, v in found.items()]


def push(to: Address, entries: Sequence[Entry]) -> list[Taken]:
    """Replace the list that was pushed to the sensor before; who took it.

    Raises LinkError where nobody took it, or not all of it.
    """
    answers = _ask(to, "OTLink::allowlist_pushed", [list(entries)], "OTLink::allowlist_taken")
    found = [_made(to, Taken, answer) for answer in answers]
    for one in found:
        if one.taken != len(entries):
            raise LinkError(
                f"{to}: {one.node} took {one.taken} of {len(entries)} entries; push again"
            )
    return sorted(found, key=lambda one: one.node)


def status(to: Address) -> list[Health]:
    """How the sensor's nodes do. Raises LinkError where none answers."""
    answers = _ask(to, "OTLink::status_wanted", [], "OTLink::status_told")
    found = [_made(to, Health, answer[0]) for answer in answers]
    return sorted(found, key=lambda one: one.node)


def missing(answers: Sequence[Taken] | Sequence[Health]) -> int:
    """How many nodes did not answer."""
    return max((one.nodes for one in answers), default=1) - len(answers)


def _made(to: Address, kind: Any, values: Any) -> Any:
    try:
        return kind(*values)
    except TypeError as err:
        raise Misunderstood(to) from err


def _ask(to: Address, event: str, arguments: list[Any], reply: str) -> list[list[Any]]:
    """Publish ``event`` and collect the nodes' ``reply``, until all have answered or time is up."""
    asker = secrets.token_hex(8)
    answers: list[list[Any]] = []
    with linked(to, [REPLIES + asker]) as zeek:

        def heard(*args: Any) -> None:
            answers.append([plain(arg) for arg in args])
            if len(answers) >= _nodes(answers[0]):
                zeek.stop()

        zeek.on(reply, heard)
        zeek.publish(REQUESTS, event, [asker, *arguments])
        try:
            zeek.consume(timeout=to.timeout)
        except TimeoutError as err:
            if not answers:
                raise LinkError(f"{to}: no answer within {to.timeout:g} s; {REMEDY}") from err
    return answers


def _nodes(answer: list[Any]) -> int:
    """How many nodes will answer: the second thing that each says."""
    said = answer[0] if isinstance(answer[0], list) else answer
    return said[1] if len(said) > 1 and isinstance(said[1], int) else 1
