"""Attacks on the network that tuning may look at."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..plant import HOSTS
from ..speak import building, cip, it, modbus, power
from . import Scene, family


@family("The historian reads registers that it never asked for, one by one, slowly",
        "T0861 T0801", "historian plc-mix", (60, 240))  # fmt: skip
def slow_object_sweep(scene: Scene) -> None:
    ts = scene.every(90 - 60 * scene.strength)
    modbus.ask(scene.world, usual(scene.world, "historian", "plc-mix"), ts, modbus.READ,
               100 + np.arange(len(ts)) * 2, 2, 1, [0, 0])  # fmt: skip


@family("A laptop reads every register of the drive within minutes", "T0861 T0846",
        "laptop drive", (2, 8), stranger=True)  # fmt: skip
def fast_object_sweep(scene: Scene) -> None:
    ts = scene.every(0.5)
    modbus.ask(scene.world, scene.channel("laptop", "drive"), ts, modbus.READ,
               np.arange(len(ts)) * 10, 10, 1, [0] * 10)  # fmt: skip


@family("A laptop tries the control network for open ports", "T0846.001", "laptop",
        (2, 10), stranger=True)  # fmt: skip
def port_scan(scene: Scene) -> None:
    for number, host in enumerate(h for h in HOSTS.values() if h.ip.startswith("10.40.1.")):
        for port in (22, 80, 102, 502, 20000, 44818):
            ts = scene.spread(1)
            channel = scene.world.once("laptop", host.name, port, None, ts, own=f"{number}")
            channel.state = "S0" if scene.rng.random() < 0.5 else "REJ"
            channel.carried(ts, 0, 0)


@family("The historian sends its database to a server outside", "T0882", "historian drop",
        (10, 40), stranger=True)  # fmt: skip
def exfiltration(scene: Scene) -> None:
    ts = scene.every(60)
    it.tls(scene.world, "historian", "drop", ts, int(2e6 + 3e7 * scene.strength), 9000, "-")


@family("The engineering workstation calls a server outside every few minutes", "T0869 T0885",
        "ews drop", (90, 240), stranger=True)  # fmt: skip
def beacon(scene: Scene) -> None:
    it.tls(scene.world, "ews", "drop", scene.every(420 - 240 * scene.strength, 0.05), 900, 1200,
           "cdn.example.net")  # fmt: skip


@family("An office desktop opens desktops of the operator stations", "T0886 T0866",
        "office-2 hmi-1 hmi-2", (5, 40), stranger=True)  # fmt: skip
def office_to_control(scene: Scene) -> None:
    for server in ("hmi-1", "hmi-2"):
        it.login(scene.world, "office-2", server, scene.spread(2), "rdp", up=200_000,
                 down=2_000_000)  # fmt: skip


@family("Passwords tried on the camera from the operator station", "T0859 T1694.001",
        "hmi-1 camera", (5, 20))  # fmt: skip
def camera_logins(scene: Scene) -> None:
    ts = scene.every(12 - 9 * scene.strength)
    it.http(scene.world, "hmi-1", "camera", ts, ["/login"], np.zeros(len(ts), np.int64), 200,
            method="POST", status=401, user="admin", own=scene.name)  # fmt: skip


@family("All tags of the packing controller listed by the second operator station",
        "T0861 T0888", "hmi-2 plc-pack", (3, 15), stranger=True)  # fmt: skip
def tag_listing(scene: Scene) -> None:
    channel = scene.channel("hmi-2", "plc-pack")
    ts = scene.every(4)
    cip.ask(scene.world, channel, ts[:1], cip.IDENTITY, "0x01", "Identity", "0x01")
    cip.ask(scene.world, channel, ts[1:], cip.LIST_TAGS, size=400)


@family("A switched feeder from the SCADA server, again and again", "T1692.001 T0831",
        "scada rtu-feeder", (5, 20))  # fmt: skip
def feeder_switching(scene: Scene) -> None:
    ts = scene.every(60 - 45 * scene.strength)
    power.iec104(scene.world, usual(scene.world, "scada", "rtu-feeder"), ts, "C_SC_NA_1",
                 101 + np.arange(len(ts)) % 2, "Act", monitored=False,
                 **{"io.sco.scs": "T", "io.sco.qu": 0, "io.sco.se": "F"})  # fmt: skip


@family("Subscription to everything by the sensor gateway", "T0802 T0861", "iot broker", (5, 30))
def topic_sweep(scene: Scene) -> None:
    channel = scene.channel("iot", "broker")
    building.subscribe(scene.world, channel, scene.spread(2), "#", "probe")
