"""Attacks on the network, drafted from what intruders do, apart from every model."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..speak import building, it, modbus
from ..zeeklog import SECOND
from . import Scene, family


@family("Meters behind the gateway searched for: one unit after the other asked by SCADA",
        "T0846 T0888", "scada gateway", (3, 40))  # fmt: skip
def unit_sweep(scene: Scene) -> None:
    count = 40 + int(200 * scene.strength)
    ts = scene.every((scene.last - scene.first) / SECOND / count)
    modbus.ask(scene.world, usual(scene.world, "scada", "gateway"), ts, modbus.READ, 0, 1,
               5 + np.arange(len(ts)),
               exception="GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND")  # fmt: skip


@family("Endpoints and address space of the SCADA server looked up from a desktop of the offices",
        "T0846 T0888 T0861", "office-2 scada", (2, 30), stranger=True)  # fmt: skip
def endpoints_asked(scene: Scene) -> None:
    channel = scene.channel("office-2", "scada")
    ts = scene.spread(8 + int(40 * scene.strength))
    opening = ("FindServers", "GetEndpoints", "CreateSession", "ActivateSession")
    for number, service in enumerate(opening):
        at = np.array([scene.first + number * SECOND], dtype=np.int64)
        building.opcua(scene.world, channel, at, service, 110, 700)
    building.opcua(scene.world, channel, ts[ts > scene.first + 5 * SECOND], "Browse", 130, 900)


@family("A small computer connects to the broker under the sensor gateway's name and throws it out",
        "T0849 T0814 T1691.002", "implant broker iot", (4, 25), stranger=True)  # fmt: skip
def sensors_thrown_out(scene: Scene) -> None:
    world = scene.world
    ts = scene.every(90 - 60 * scene.strength)
    back = ts + scene.rng.integers(8, 25, len(ts)) * SECOND
    for client, at in (("implant", ts), ("iot", back)):
        channel = world.once(client, "broker", 1883, "mqtt", at, own=scene.name)
        building.connect(world, channel, at, "vibration-gateway")
    for gone, again in zip(ts.tolist(), back.tolist(), strict=True):
        for client in ("iot", "historian"):  # what isn't published isn't delivered
            world.mute(client, "broker", gone, again, kinds=("mqtt_publish",))


@family("The port of the hall's controller shut on the switch, over SNMP, and opened again",
        "T1695.002 T0815", "scada switch bms-hall", (5, 60))  # fmt: skip
def port_shut(scene: Scene) -> None:
    ts = np.array([scene.first, scene.last - SECOND], dtype=np.int64)
    it.snmp(scene.world, "scada", "switch", ts, "plant-rw", gets=0, sets=1)
    for client, server in ((None, "bms-hall"), ("bms-hall", None)):
        scene.world.mute(client, server, scene.first + SECOND, scene.last - SECOND)


@family("A small computer leases addresses to the control network, in the server's place",
        "T0830 T0849", "implant camera iot", (5, 90), stranger=True)  # fmt: skip
def false_leases(scene: Scene) -> None:
    for client in ("camera", "iot")[: 1 + round(scene.strength)]:
        ts = scene.every(240 - 120 * scene.strength)
        it.lease(scene.world, client, ts, server="implant")


@family("Orders handed to a page that somebody left on the historian's web server",
        "T0866 T0807 T0869", "office-1 historian", (5, 60))  # fmt: skip
def web_shell(scene: Scene) -> None:
    ts = scene.spread(4 + int(20 * scene.strength))
    down = scene.rng.lognormal(7.5, 1.2, len(ts)).astype(np.int64)
    it.http(scene.world, "office-1", "historian", ts, ["/reports/img/t.aspx"],
            np.zeros(len(ts), dtype=np.int64), down, up=460, method="POST",
            agent="python-requests/2.31", own=scene.name)  # fmt: skip


@family("A tunnel held open from the SCADA server to a server outside, and used",
        "T0884 T0869 T0886", "scada drop", (30, 120), stranger=True)  # fmt: skip
def reverse_tunnel(scene: Scene) -> None:
    begin = np.array([scene.first], dtype=np.int64)
    channel = it.login(scene.world, "scada", "drop", begin, "ssh", up=2600, down=2900)
    it.plain(scene.world, channel, scene.every(30), 120, 120)  # kept alive
    ts = scene.spread(10 + int(200 * scene.strength))
    it.plain(scene.world, channel, ts, 1800, 700)


@family("Backups of the plant deleted on the share by the SCADA server", "T0809 T0872",
        "scada server", (1, 15))  # fmt: skip
def backups_deleted(scene: Scene) -> None:
    names = [f"{name}.bak" for name in ("historian", "scada", "hmi-1", "hmi-2", "ews")]
    ts = scene.spread(3 + int(17 * scene.strength))
    size = scene.rng.lognormal(17.5, 0.15, len(ts)).astype(np.int64)
    it.files(scene.world, "scada", "server", ts, "DELETE", "\\\\server\\backup", names, size)


@family("Projects of the controllers read from the share by maintenance's desktop and put back",
        "T0811 T0873 T0867", "office-3 server", (5, 60), stranger=True)  # fmt: skip
def projects_infected(scene: Scene) -> None:
    names = ["press.s7p", "oven.s7p", "packing.acd", "palletiser.acd", "mixer.stu", "pumps.stu"]
    names = names[: 1 + int(5 * scene.strength)]
    size = scene.rng.lognormal(15, 0.4, len(names)).astype(np.int64)
    for action, share in (("READ", 0.1), ("WRITE", 0.8)):
        at = scene.first + int(share * (scene.last - scene.first))
        ts = at + 3 * SECOND * np.arange(len(names), dtype=np.int64)
        it.files(scene.world, "office-3", "server", ts, action, "\\\\server\\projects", names,
                 size + (41_000 if action == "WRITE" else 0))  # fmt: skip


@family("Connections to the pumps' controller half opened by the hundred by the sensor gateway",
        "T0814 T0815", "iot plc-pump", (1, 10), stranger=True)  # fmt: skip
def half_open_flood(scene: Scene) -> None:
    ts = scene.every(0.6 - 0.5 * scene.strength)
    channel = scene.world.once("iot", "plc-pump", 502, None, ts, own=scene.name)
    channel.state = "S0"
    channel.carried(ts, 0, 0)
    scene.world.mute(None, "plc-pump", scene.first + 2 * SECOND, scene.last,
                     0.8 - 0.6 * scene.strength, kinds=("modbus_detailed",))  # fmt: skip


@family("The SCADA server's screen watched from maintenance's desktop", "T0852 T0801 T0886",
        "office-3 scada", (10, 110), stranger=True)  # fmt: skip
def screen_watched(scene: Scene) -> None:
    begin = np.array([scene.first], dtype=np.int64)
    channel = scene.world.once("office-3", "scada", 5900, "rfb", begin, own=scene.name)
    ts = scene.every(4 - 3 * scene.strength)
    down = scene.rng.lognormal(9, 0.8, len(ts)).astype(np.int64)
    it.plain(scene.world, channel, ts, 40, down)


@family("An implant on the historian calls home between the reports, by the reporting service",
        "T0869 T0885", "historian cloud", (30, 120))  # fmt: skip
def cloud_calls(scene: Scene) -> None:
    ts = scene.every(75 - 45 * scene.strength, 0.3)
    it.tls(scene.world, "historian", "cloud", ts, 640, 980, "reports.cloud.example")
