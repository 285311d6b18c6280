"""Cases in pairs: requests that must alert, and near misses made to show the same rules silent.

A theme is a group of rules that belong together (restarts, writes, discovery ...). ``pair`` writes
``<name>`` (each request once, in one capture) and ``<name>-near`` (the smallest changes that must
not alert: another function, a read, a reply, a wrong length).
"""

from collections.abc import Callable, Collection, Sequence

from scapy.packet import Packet
from tests.suricata.makers import wire

Step = tuple[bytes, Collection[int]]  # what is sent, and which rules it fires for the first time
Near = bytes | Step  # a near miss; with sids where another rule rightly fires
Wire = Callable[[Sequence[bytes]], list[Packet]]


def _counts(steps: Sequence[Step]) -> dict[int, int]:
    """One alert a rule, however often it fires: the rules of a theme are limited to one a pair."""
    return {sid: 1 for _, sids in steps for sid in sids}


def pair(
    name: str,
    description: str,
    steps: Sequence[Step],
    near: Sequence[Near],
    packets: Wire,
    near_packets: Wire | None = None,
    made_by: str = "scapy",
) -> None:
    """Write both cases of a theme.

    :param packets: lays the payloads on the wire, in order
    :param near_packets: the same for the near misses, where their direction or port differs
    """
    expected = _counts(steps)
    wire.case(name, description, packets([p for p, _ in steps]), expected, made_by=made_by)
    missed = [(step, ()) if isinstance(step, bytes) else step for step in near]
    others = _counts(missed)
    wire.case(
        f"{name}-near",
        f"Near misses of: {description}",
        (near_packets or packets)([p for p, _ in missed]),
        others,
        silent=sorted(set(expected) - set(others)),
        made_by=made_by,
    )
