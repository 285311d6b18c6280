"""What real stacks say, both directions, as ``python -m tests.suricata.record`` took it down.

pymodbus 3.16, python-snap7 3.3, lib60870 (c104 2.2), opendnp3 (yadnp3 3.2), cpppo 5.2 and pycomm3
1.2. A deed is a session of its own: the stack opens it, reads something, does the deed and leaves.
Who only polls is silent.
"""

from pathlib import Path

from .wire import ENGINEER, HMI, PLC, Exchange, case, tcp

SAID = Path(__file__).parent / "said"
PORTS = {"modbus": 502, "s7comm": 102, "iec104": 2404, "dnp3": 20000, "enip": 44818}
BLOCKS = {"modbus": 1920, "s7comm": 1923, "iec104": 1924, "dnp3": 1921, "enip": 1922}

#: Deeds by stack, with the last three digits of the rules that they fire.
DEEDS: dict[str, dict[str, tuple[int, ...]]] = {
    "modbus": {
        "coil": (1, 10),
        "coils": (1, 13),
        "register": (1, 14),
        "registers": (1, 15),
        "masked": (1, 16),
        "read and write": (1, 17),
        "identity": (1, 50),
        "server id": (1, 51),
        "restart": (1, 40),
        "listen only": (1, 41),
        "counters cleared": (1, 43),
        "query data": (1, 44),
        "exception status": (1, 52),
        "event log": (1, 53),
    },
    "s7comm": {
        "data block": (10,),
        "outputs": (11,),
        "flags": (13,),
        "inputs": (12,),
        "stop": (20,),
        "warm start": (21,),
        "cold start": (22,),
        "clock": (56,),
        "clock read": (57,),
        "state": (58,),
        "identity": (45, 46),
        "blocks listed": (43,),
        "block asked": (44,),
        "upload": (35, 36),
        "download": (30, 33, 34),
        "delete": (24,),
        "compress": (25,),
        "copy to ROM": (26,),
        "password": (53,),
    },
    "iec104": {
        "polling": (49,),
        "single": (10,),
        "double": (13,),
        "step": (16,),
        "normalised": (17,),
        "scaled": (18,),
        "float": (19,),
        "bits": (20,),
        "single, timed": (21,),
        "double, timed": (22,),
        "float, timed": (26,),
        "single, selected": (12,),
        "clock": (42,),
        "test": (46,),
        "counters": (56,),
    },
    "dnp3": {
        "polling": (1, 60),
        "relay selected and operated": (1, 10, 11, 60),
        "relay operated": (1, 12, 60),
        "set point, 16 bits": (1, 16, 60),
        "set point, 32 bits": (1, 16, 60),
        "set point, float": (1, 16, 60),
        "set point, double": (1, 16, 60),
        "cold restart": (1, 50, 60),
        "warm restart": (1, 51, 60),
        "clock": (1, 30, 60),
        "range read": (1, 60),
        "unsolicited off and on": (1, 60, 61),
    },
    "enip": {
        "tag": (50,),
        "tags together": (50,),
        "attribute read": (11,),
        "identity listed": (2,),
        "services listed": (3,),
        "interfaces listed": (4,),
        "reset": (12,),
        "program stopped": (20,),
        "program started": (21,),
        "attribute set": (60, 64),
        "tags listed": (55,),
    },
}


def said(stack: str) -> dict[str, Exchange]:
    """What was said, by deed."""
    deeds: dict[str, list[tuple[str, bytes]]] = {}
    for line in (SAID / f"{stack}.txt").read_text(encoding="ascii").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            deeds[rest] = []
        else:
            deeds[next(reversed(deeds))].append((mark, bytes.fromhex(rest)))
    return dict(deeds)


def make() -> None:
    """Write a case a deed."""
    for stack, fired in DEEDS.items():
        first = BLOCKS[stack] * 1000
        every = sorted({first + n for numbers in fired.values() for n in numbers})
        for deed, exchange in said(stack).items():
            wanted = {first + n: 1 for n in fired.get(deed, ())}
            client = ENGINEER if wanted else HMI
            packets = tcp(
                client, PLC, PORTS[stack], exchange, sport=51234, step=0.05, close=deed != "polling"
            )
            name = "cycle" if deed == "polling" else deed.lower().replace(",", "").replace(" ", "-")
            silent = [sid for sid in every if sid not in wanted] if deed == "polling" else []
            text = f"A real stack: {deed}."
            case(f"stacks-{stack}-{name}", text, packets, wanted, silent, made_by="lab")
