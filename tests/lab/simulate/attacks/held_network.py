"""Attacks on the network that nothing is tuned on."""

from __future__ import annotations

import base64

import numpy as np

from ..plant import HOSTS
from ..speak import it
from . import Scene, family


@family("The reporting service is sent many times the usual, spread over hours", "T0882 T0802",
        "historian cloud", (240, 420))  # fmt: skip
def slow_exfiltration(scene: Scene) -> None:
    ts = scene.every(900, 0.3)
    up = scene.rng.lognormal(11.6 + 1.8 * scene.strength, 0.2, len(ts)).astype(np.int64)
    it.tls(scene.world, "historian", "cloud", ts, up, 5200, "reports.cloud.example")


@family("A shell opened from the operator station on the pump controller", "T0886 T0869",
        "hmi-1 plc-pump", (2, 20), stranger=True)  # fmt: skip
def new_protocol(scene: Scene) -> None:
    ts = scene.spread(1)
    it.login(scene.world, "hmi-1", "plc-pump", ts, "ssh", up=5000, down=20_000)


@family("Passwords of the switch tried over ssh from the engineering workstation",
        "T0859 T0892", "ews switch", (5, 25))  # fmt: skip
def shell_guessing(scene: Scene) -> None:
    it.login(scene.world, "ews", "switch", scene.every(14 - 10 * scene.strength), "ssh", False,
             up=1800, down=2200)  # fmt: skip


@family("From an office desktop over the jump host to files of the SCADA server",
        "T0886 T0867", "jump scada office-1", (10, 50), stranger=True)  # fmt: skip
def jump_to_scada(scene: Scene) -> None:
    it.login(scene.world, "office-1", "jump", scene.spread(1), "rdp", up=300_000, down=2_000_000)
    ts = scene.spread(3)
    size = np.full(len(ts), 400_000, dtype=np.int64)
    it.backup(scene.world, "jump", ts, size, server="scada")


@family("One port tried every other minute, for hours, by a laptop", "T0846.001", "laptop",
        (120, 240), stranger=True)  # fmt: skip
def slow_scan(scene: Scene) -> None:
    names = [h.name for h in HOSTS.values() if h.ip.startswith("10.40.1.")]
    ts = scene.every(180 - 100 * scene.strength, 0.5)
    for number, at in enumerate(ts):
        once = np.array([at])
        port = (502, 102, 22, 44818)[number // len(names) % 4]
        channel = scene.world.once("laptop", names[number % len(names)], port, None, once)
        channel.state = "S0"
        channel.carried(once, 0, 0)


@family("Data carried out in names asked by the operator station", "T0869 T0885",
        "hmi-1 server", (20, 90))  # fmt: skip
def name_tunnel(scene: Scene) -> None:
    ts = scene.every(9 - 7 * scene.strength)
    labels = [base64.b32encode(scene.rng.bytes(24)).decode().strip("=").lower() for _ in ts]
    it.dns(scene.world, "hmi-1", ts, [f"{label}.t.example.net" for label in labels],
           np.arange(len(ts)), 90)  # fmt: skip


@family("Calls to a server outside every quarter of an hour by the sensor gateway",
        "T0869 T0885", "iot drop", (180, 300), stranger=True)  # fmt: skip
def slow_beacon(scene: Scene) -> None:
    it.tls(scene.world, "iot", "drop", scene.every(900 - 300 * scene.strength, 0.05), 700, 600,
           "time.example.net")  # fmt: skip


@family("Counters of the switch read with the community everybody knows, in bursts",
        "T0888 T1694.001", "scada switch", (5, 30))  # fmt: skip
def public_walk(scene: Scene) -> None:
    it.snmp(scene.world, "scada", "switch", scene.every(20 - 14 * scene.strength), "public", 400)
