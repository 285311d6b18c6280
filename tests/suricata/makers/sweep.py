"""Addresses counted through behind one host: units, outstations, stations; who only takes stock.

Each rule that alerts stands at the end of a ladder: steps that set a flowbit and do not alert.
"""

from collections.abc import Callable, Sequence

from ._dnp3 import link
from .iec104 import START as START_TRANSFER
from .iec104 import START_CON, frame, polls
from .wire import ATTACKER, HMI, PLC, C, S, case, tcp

#: Steps and rule by protocol.
LADDERS = {
    "modbus": (1920075, 1920076, 1920077),
    "dnp3": (1921101, 1921102, 1921103),
    "iec104": (1924052, 1924053, 1924054),
}
STOCKTAKING = (1924055, 1924056)


def unit(number: int) -> bytes:
    """Read holding register 0 of a unit."""
    return bytes([0, number, 0, 0, 0, 6, number, 3, 0, 0, 0, 1])


def outstation(number: int) -> bytes:
    """Read class 1 of an outstation."""
    return link(bytes.fromhex("c0c1013c0206"), 0xC4, number)


def station(number: int) -> bytes:
    """General interrogation of a station."""
    return frame(100, "14", station=number, address=0)


def _ladder(
    name: str, port: int, ask: Callable[[int], bytes], opening: Sequence[tuple[str, bytes]] = ()
) -> None:
    def session(numbers: Sequence[int], step: float, **how) -> list:  # type: ignore[no-untyped-def]
        asked = [(C, ask(n)) for n in numbers]
        return tcp(ATTACKER, PLC, port, [*opening, *asked], step=step, close=False, **how)

    *steps, last = LADDERS[name]
    slow = 6.0 if name == "iec104" else 2.5  # seconds: interrogations by the dozen have a rule
    also = {"modbus": {}, "dnp3": {}, "iec104": {1924048: 1}}[name]
    wanted = {last: 1, **also}
    case(f"sweep-{name}", "One to fifty, in turn.", session(range(1, 51), 0.15), wanted)
    pairs = [(C, ask(n) + ask(n + 1)) for n in range(1, 50, 2)]
    case(
        f"sweep-{name}-coalesced",
        "Two in a segment.",
        tcp(ATTACKER, PLC, port, [*opening, *pairs], step=0.3, close=False, vlan=5),
        wanted,
    )
    case(
        f"sweep-{name}-midstream",
        "Joined in the middle.",
        session(range(3, 51), 0.15, midstream=True),
        wanted,
    )
    case(
        f"sweep-{name}-gateway",
        "A gateway's master asks the eleven that it has, again and again.",
        session([*range(1, 12)] * 4, slow),
        {},
        [*steps, last],
    )
    case(
        f"sweep-{name}-late",
        "All are asked, in minutes.",
        session(range(1, 51), slow),
        {},
        [*steps, last],
    )


def _stocktaking() -> None:
    confirmed = frame(100, "14", 7, address=0)
    ask = [(C, START_TRANSFER), (S, START_CON), (C, station(1)), (S, confirmed)]
    step, rule = STOCKTAKING
    case(
        "sweep-iec104-visit",
        "Connected, interrogated, gone.",
        tcp(ATTACKER, PLC, 2404, [*ask, *polls(4)]),
        {rule: 1},
    )
    case(
        "sweep-iec104-stays",
        "A control centre interrogates and stays; another leaves after a minute.",
        [
            *tcp(HMI, PLC, 2404, [*ask, *polls(4)], close=False),
            *tcp(HMI, PLC, 2404, [*ask, *polls(10)], step=2.0, sport=50123, start=20),
            *tcp(HMI, PLC, 2404, [(C, START_TRANSFER), (S, START_CON)], sport=50124, start=200),
        ],
        {},
        [step, rule],
    )


def make() -> None:
    """Write all cases of sweeps."""
    _ladder("modbus", 502, unit)
    _ladder("dnp3", 20000, outstation)
    _ladder("iec104", 2404, station, [(C, START_TRANSFER), (S, START_CON)])
    _stocktaking()
