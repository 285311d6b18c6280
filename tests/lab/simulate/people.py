"""What people do: operators by shift, engineers at irregular hours, offices, and nightly jobs."""

from __future__ import annotations

import numpy as np

from .machines import usual
from .speak import building, cip, it, modbus, power, s7
from .world import World
from .zeeklog import SECOND, Ints

#: Hosts that ask for the time, how often (s).
CLOCKS = (("hmi-1", 1024), ("hmi-2", 1024), ("scada", 1024), ("historian", 1024), ("ews", 2048),
          ("camera", 3600), ("plc-press", 3600), ("plc-pack", 3600), ("iot", 2048))  # fmt: skip
NAMES = ("historian.plant.example", "server.plant.example", "scada.plant.example",
         "jump.plant.example", "updates.vendor.example")  # fmt: skip


def run(world: World) -> None:
    """All of it."""
    operators(world)
    engineer(world)
    offices(world)
    network(world)


def operators(world: World) -> None:
    """Setpoints and switching. Days are busier than nights; the weekend runs one line."""
    rng = world.rng("operators")
    for name, day, night in (("hmi-1>plc-mix", 14.0, 3.0), ("hmi-2>drive", 9.0, 2.0)):
        client, server = name.split(">")
        ts = np.sort(np.concatenate([
            world.chances(f"{name} day", day, (6, 22), 0.4),
            world.chances(f"{name} night", night, (0, 24), 0.6),
        ]))  # fmt: skip
        value = rng.normal(600, 25, len(ts)).clip(540, 660)
        modbus.ask(world, usual(world, client, server), ts, modbus.WRITE, 10, 1, 1, [value])
        again = rng.random(len(ts)) < 0.35  # a second thought, half a minute later
        later = ts[again] + rng.integers(12, 40, int(again.sum())) * SECOND
        modbus.ask(world, usual(world, client, server), later, modbus.WRITE, 10, 1, 1,
                   [value[again] + rng.normal(0, 6, int(again.sum()))])  # fmt: skip
    for point, per_day in ((3, 8.0), (4, 5.0), (7, 0.45)):  # the last is rare and normal
        ts = world.chances(f"pump coil {point}", per_day, (5, 23), 0.5)
        modbus.ask(world, usual(world, "hmi-1", "plc-pump"), ts, modbus.FORCE, point, 1)
    _batches(world)
    ts = world.chances("press setpoint", 4, (6, 22), 0.3)
    s7.ask(world, usual(world, "hmi-1", "plc-press"), ts, s7.WRITE, size=22)
    ts = world.chances("oven setpoint", 3, (6, 22), 0.3)
    s7.ask(world, usual(world, "hmi-2", "plc-oven"), ts, s7.WRITE, size=22)
    ts = world.chances("hall setpoint", 1.2, (7, 19), 0.2)
    value = rng.normal(21, 0.8, len(ts)).clip(19, 23)
    hall = usual(world, "hmi-2", "bms-hall")
    building.property_(world, hall, ts, "analog-value", 5, np.round(value, 1), write=True)
    ts = world.chances("intake switch", 3.0, (6, 22), 0.7)
    power.operate(world, usual(world, "scada", "rtu-intake"), ts, 2)
    ts = world.chances("feeder switch", 0.4, (8, 17), 0.2)  # every two or three days
    order = {"io.sco.scs": "T", "io.sco.qu": 0, "io.sco.se": "F"}
    feeder = usual(world, "scada", "rtu-feeder")
    power.iec104(world, feeder, ts, "C_SC_NA_1", 101, "Act", monitored=False, **order)


def _batches(world: World) -> None:
    """A recipe goes to the mixer and the packing line when a batch begins."""
    rng = world.rng("batches")
    for hours, weekend in (((5, 22), 0.5),):
        for at in world.chances("batches", 7, hours, weekend):
            ts = at + np.arange(6, dtype=np.int64) * 400_000
            recipe = [np.full(6, float(v)) for v in rng.normal([300, 450, 120], [10, 12, 4])]
            channel = usual(world, "hmi-1", "plc-mix")
            modbus.ask(world, channel, ts, modbus.WRITE_MANY, 20 + 4 * np.arange(6), 3, 1, recipe)
            tags = at + 5 * SECOND + np.arange(4, dtype=np.int64) * 300_000
            pack = usual(world, "hmi-1", "plc-pack")
            cip.ask(world, pack, tags, cip.WRITE_TAG, size=44)


def engineer(world: World) -> None:
    """The engineer looks around; sometimes late, sometimes for a whole afternoon."""
    rng = world.rng("engineer")
    visits = np.sort(np.concatenate([
        world.chances("engineer day", 1.3, (8, 17), 0.1),
        world.chances("engineer late", 0.25, (17, 23), 0.3),
    ]))  # fmt: skip
    for number, at in enumerate(visits):
        length = int(rng.integers(5, 50)) * 60 * SECOND
        for server in rng.choice(["plc-press", "plc-oven", "plc-pack", "plc-mix"],
                                 int(rng.integers(1, 4)), replace=False):  # fmt: skip
            ts = at + np.sort(rng.integers(0, length, int(rng.integers(6, 60))))
            _look(world, str(server), ts, number, bool(rng.random() < 0.25))
        it.login(world, "ews", "switch", at + rng.integers(0, length, 1), "ssh")


def _look(world: World, server: str, ts: Ints, visit: int, takes: bool) -> None:
    own = f"visit {visit}"
    port = {"plc-press": 102, "plc-oven": 102, "plc-pack": 44818, "plc-mix": 502}[server]
    name = {102: "s7comm", 44818: "enip", 502: "modbus"}[port]
    channel = world.channel("ews", server, port, name, hours=0, own=own)
    if port == 102:
        s7.ask(world, channel, ts[:1] - 100_000, s7.SETUP, size=27)
        s7.ask(world, channel, ts[:4], s7.SZL, size=200)
        s7.ask(world, channel, ts[4:], s7.READ, size=180)
        if takes:  # a copy of the program, for the archive
            s7.transfer(world, channel, int(ts[-1]) + 10 * SECOND, 6, down=False)
    elif port == 44818:
        cip.ask(world, channel, ts[:2], cip.IDENTITY, "0x01", "Identity", "0x01", size=70)
        cip.ask(world, channel, ts[2:], cip.READ_TAG, size=80)
    else:
        modbus.ask(world, channel, ts[:1], "ENCAP_INTERFACE_TRANSPORT", None, None,
                   mei="READ-DEVICE-IDENTIFICATION")  # fmt: skip
        modbus.ask(world, channel, ts[1:], modbus.READ, 0, 12, 1, [50] * 12)


def offices(world: World) -> None:
    """Reports by day, on weekdays; the camera's picture whenever somebody is at the gate."""
    pages = ("/reports/daily", "/reports/shift", "/trend?tag=mixer", "/trend?tag=press")
    for number, name in enumerate(("office-1", "office-2", "office-3")):
        rng = world.rng(f"office {name}")
        ts = world.chances(f"pages {name}", 28 + 10 * number, (7, 17.5), 0.05)
        down = rng.lognormal(8.3, 0.6, len(ts)).astype(np.int64)
        it.http(world, name, "historian", ts, pages, rng.integers(0, len(pages), len(ts)), down)
        codes = rng.integers(0, len(NAMES), len(ts))
        it.dns(world, name, ts - 40_000, NAMES, codes)
        it.lease(world, name, world.polls(f"lease {name}", 43_200 / world.pace, 0.05))
    for client, per_day in (("hmi-1", 30), ("office-3", 4)):
        ts = world.chances(f"camera {client}", per_day, (5, 23), 0.6)
        codes = np.zeros(len(ts), dtype=np.int64)
        it.http(world, client, "camera", ts, ["/snapshot.jpg"], codes, 38_000, user="viewer")
    ts = world.chances("maintenance", 1.4, (7, 18), 0.1)
    it.login(world, "office-3", "jump", ts, "rdp", up=400_000, down=3_000_000)
    ts = world.chances("from jump", 0.8, (7, 18), 0.1)
    it.login(world, "jump", "ews", ts, "rdp", up=300_000, down=2_000_000)


def network(world: World) -> None:
    """Names, time, leases, counters, the reporting service outside, and the nightly backup."""
    for name, seconds in CLOCKS:
        it.ntp(world, name, world.polls(f"ntp {name}", seconds / world.pace, 0.1))
    for name, seconds in (("hmi-1", 600), ("scada", 600), ("historian", 300), ("ews", 900)):
        ts = world.polls(f"dns {name}", seconds / world.pace, 0.5)
        it.dns(world, name, ts, NAMES, world.rng(f"dns {name}").integers(0, 4, len(ts)))
    for name in ("camera", "iot"):
        it.lease(world, name, world.polls(f"lease {name}", 43_200 / world.pace, 0.02))
    it.snmp(world, "scada", "switch", world.polls("snmp", 300 / world.pace, 0.01))
    rng = world.rng("cloud")
    ts = world.polls("cloud", 900 / world.pace, 0.05)
    up = rng.lognormal(10.6, 0.25, len(ts)).astype(np.int64)
    it.tls(world, "historian", "cloud", ts, up, 5200, "reports.cloud.example")
    for number, name in enumerate(("historian", "scada", "hmi-1", "hmi-2", "ews")):
        ts = world.daily(f"backup {name}", 1.2 + 0.3 * number)
        size = world.rng(f"backup {name}").lognormal(17.5, 0.15, len(ts)).astype(np.int64)
        it.backup(world, name, ts, size)
