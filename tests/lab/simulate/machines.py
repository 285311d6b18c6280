"""What the machines of the plant say to each other all day: polls, reports, historian, gateway."""

from __future__ import annotations

import numpy as np

from .speak import building, cip, modbus, power, s7
from .world import Channel, World
from .zeeklog import DAY, SECOND, Ints

#: Modbus polls: client, server, unit, first register, registers, period (s), coils or not.
MODBUS: tuple[tuple[str, str, int, int, int, float, int], ...] = (
    ("hmi-1", "plc-mix", 1, 0, 12, 15, 16),
    ("hmi-1", "plc-pump", 1, 0, 8, 15, 12),
    ("hmi-2", "plc-mix", 1, 0, 6, 30, 0),
    ("hmi-2", "drive", 1, 100, 6, 20, 0),
    ("plc-mix", "plc-pump", 1, 40, 2, 10, 0),
    ("historian", "plc-mix", 1, 0, 12, 60, 0),
    ("historian", "plc-pump", 1, 0, 8, 60, 0),
    ("scada", "gateway", 1, 0, 4, 30, 0),
    ("scada", "gateway", 2, 0, 4, 30, 0),
    ("scada", "gateway", 3, 0, 4, 30, 0),
    ("scada", "gateway", 4, 0, 4, 30, 0),
)
S7 = (("hmi-1", "plc-press", 15), ("hmi-2", "plc-oven", 20), ("historian", "plc-press", 60),
      ("historian", "plc-oven", 60))  # fmt: skip
CIP = (("hmi-1", "plc-pack", 15), ("hmi-2", "plc-palletiser", 20), ("historian", "plc-pack", 60),
       ("plc-pack", "plc-palletiser", 10))  # fmt: skip
BACNET = (("hmi-2", "bms-hall", 60), ("scada", "bms-office", 60))
TOPICS = ("plant/vibration/mixer", "plant/vibration/press", "plant/ambient/hall")


def steady(world: World, client: str, server: str, seconds: float, tag: str = "") -> Ints:
    """The moments at which ``client`` polls ``server``, changed rates included."""
    name = f"{client}>{server}{tag}"
    cuts = sorted(world.rates.get(f"{client}>{server}", ()))
    edges = [world.start, *(at for at, _ in cuts), world.end]
    factors = [1.0, *(factor for _, factor in cuts)]
    parts = [
        world.polls(f"{name} {n}", seconds * factor, first=edges[n], last=edges[n + 1])
        for n, factor in enumerate(factors)
    ]
    return np.concatenate(parts)


def usual(world: World, client: str, server: str) -> Channel:
    """The channel that a pair of control hosts uses every day."""
    port, name = SERVICES[server]
    udp = port == 47808
    return world.channel(client, server, port, name, "udp" if udp else "tcp", 20.0)


SERVICES: dict[str, tuple[int, str | None]] = {
    "plc-mix": (502, "modbus"), "plc-pump": (502, "modbus"), "drive": (502, "modbus"),
    "gateway": (502, "modbus"), "plc-press": (102, "s7comm"), "plc-oven": (102, "s7comm"),
    "plc-pack": (44818, "enip"), "plc-palletiser": (44818, "enip"), "rtu-intake": (20000, "dnp3"),
    "rtu-well": (20000, "dnp3"), "rtu-feeder": (2404, None), "bms-hall": (47808, "bacnet"),
    "bms-office": (47808, "bacnet"), "broker": (1883, "mqtt"), "scada": (4840, "opcua_binary"),
}  # fmt: skip


def run(world: World) -> None:
    """All of it."""
    _modbus(world)
    for client, server, seconds in S7:
        channel = usual(world, client, server)
        s7.ask(world, channel, channel.starts + 60_000, s7.SETUP, size=27)
        s7.ask(world, channel, steady(world, client, server, seconds), s7.READ, size=120)
    for client, server, seconds in CIP:
        channel, ts = usual(world, client, server), steady(world, client, server, seconds)
        cip.ask(world, channel, ts, cip.READ_TAG, size=80)
    for client, server, seconds in BACNET:
        channel, ts = usual(world, client, server), steady(world, client, server, seconds)
        for point in (1, 2, 3):
            value = world.value(f"{server} {point}", ts, 21.0 + point, 2.0)
            at = ts + point * 12_000
            building.property_(world, channel, at, "analog-input", point, value)
    _power(world)
    _telemetry(world)


def _modbus(world: World) -> None:
    for client, server, unit, first, count, seconds, coils in MODBUS:
        channel = usual(world, client, server)
        ts = steady(world, client, server, seconds, str(unit))
        rng = world.rng(f"modbus {client} {server} {unit}")
        lost = rng.random(len(ts)) < 0.0015
        for answered in (True, False):
            at = ts[lost != answered]
            live = [world.value(f"{server} {unit}.{i}", at, 400 + 150 * i, 90) for i in range(3)]
            live[-1] = world.value(f"{server} setpoint", at, 600, 0)
            modbus.ask(world, channel, at, modbus.READ, first, count, unit,
                       [*live, *([50] * (count - 3))][:count], answered=answered)  # fmt: skip
        if coils:
            modbus.ask(world, channel, ts[~lost] + 25_000, modbus.COILS, 0, coils, unit)


def _power(world: World) -> None:
    for server, seconds in (("rtu-intake", 30), ("rtu-well", 60)):
        channel, ts = usual(world, "scada", server), steady(world, "scada", server, seconds)
        power.dnp3(world, channel, ts, "READ")
        # Reports unasked follow the process: more by day than by night.
        for hours, per_day in (((6, 22), 220), ((0, 24), 60)):
            at = world.chances(f"unsolicited {server} {per_day}", per_day, hours)
            power.dnp3(world, channel, at, None, "UNSOLICITED_RESPONSE")
            power.dnp3(world, channel, at + 9_000, "CONFIRM", None)
        power.dnp3(world, channel, channel.starts + 90_000, "ENABLE_UNSOLICITED")
    channel = usual(world, "scada", "rtu-feeder")
    power.frames(world, channel, channel.starts + 30_000, True)
    hourly = steady(world, "scada", "rtu-feeder", 3600)
    power.iec104(world, channel, hourly, "C_IC_NA_1", 0, "Act", monitored=False, **{"io.qoi": 20})
    for ioa in (11, 12, 13):
        ts = steady(world, "scada", "rtu-feeder", 20 + ioa, f" {ioa}")
        value = world.value(f"rtu-feeder {ioa}", ts, 20.0 * ioa, 6.0)
        power.iec104(world, channel, ts, "M_ME_NC_1", ioa, "Spont", value=value)
    clock = world.daily("feeder clock", 3.0)
    power.iec104(world, channel, clock, "C_CS_NA_1", 0, "Act", monitored=False)


def _telemetry(world: World) -> None:
    sender = usual(world, "iot", "broker")
    reader = usual(world, "historian", "broker")
    building.subscribe(world, reader, reader.starts + 50_000, "plant/#", "historian")
    for number, topic in enumerate(TOPICS):
        ts = steady(world, "iot", "broker", 20 + 10 * number, topic)
        value = world.value(topic, ts, 5.0 + 10 * number, 1.0)
        building.publish(world, sender, ts, topic, value)
        building.publish(world, reader, ts + 3_000, topic, value, up=False)
    tags = usual(world, "historian", "scada")
    for service in ("CreateSession", "ActivateSession"):
        building.opcua(world, tags, tags.starts + 80_000, service)
    building.opcua(world, tags, steady(world, "historian", "scada", 30), "Read", 220, 420)
    # After an interruption the historian catches up: some hundred reads in a minute.
    for at in world.chances("backfill", 0.35):
        rng = world.rng(f"backfill {at}")
        ts = at + np.sort(rng.integers(0, 90 * SECOND, int(rng.integers(120, 320))))
        building.opcua(world, tags, ts, "HistoryRead", 180, 1800)


def reboots(world: World) -> None:
    """Now and then a device is away for two minutes and comes back."""
    rng = world.rng("reboots")
    names = ("plc-pump", "drive", "rtu-well", "bms-hall", "iot", "gateway", "camera")
    for day in range(int((world.end - world.start) // DAY)):
        if rng.random() < 0.4:
            name = str(rng.choice(names))
            at = int(world.start + day * DAY + rng.integers(0, DAY - 300 * SECOND))
            away(world, name, at, at + int(rng.integers(60, 150)) * SECOND, f"reboot {day}")


def away(world: World, name: str, first: int, last: int, own: str) -> None:
    """A device that answers nobody from ``first`` to ``last``; who polls it tries in vain."""
    world.mute(None, name, first, last)
    world.mute(name, None, first, last)
    tries = [(c, s, t) for c, s, *_, t in
             [(m[0], m[1], m[5]) for m in MODBUS] + [*S7, *CIP]]  # fmt: skip
    tries += [("scada", "rtu-intake", 30), ("scada", "rtu-well", 60), ("scada", "rtu-feeder", 60)]
    for client, server, seconds in dict.fromkeys(tries):
        if server == name:
            ts = np.arange(first, last, int(seconds * SECOND), dtype=np.int64) + 500_000
            port, _ = SERVICES[server]
            channel = world.once(client, server, port, None, ts, own=f"{own} {client}")
            channel.state = "S0"
            channel.carried(ts, 0, 0)
            world.late.append(channel)
