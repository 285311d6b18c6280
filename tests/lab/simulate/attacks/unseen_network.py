"""Attacks on the network that were drafted without regard to what any model sees."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..plant import HOSTS
from ..speak import building, it
from . import Scene, family


@family("The second operator station used as a proxy by a desktop of the offices",
        "T0884 T0885", "office-1 hmi-2", (15, 90), stranger=True)  # fmt: skip
def station_proxy(scene: Scene) -> None:
    ts = scene.spread(3 + int(9 * scene.strength))
    channel = scene.world.once("office-1", "hmi-2", 1080, None, ts, own=scene.name)
    for later in (0, 4_000_000, 11_000_000):
        it.plain(scene.world, channel, ts + later, 2600, 41_000)


@family("Maintenance's way over the jump host to the engineering workstation taken at night",
        "T0822 T0859 T0886", "office-3 jump ews", (15, 70), hours=(0.0, 4.5))  # fmt: skip
def night_desktop(scene: Scene) -> None:
    once = np.array([scene.first], dtype=np.int64)
    it.login(scene.world, "office-3", "jump", once, "rdp", up=600_000, down=5_000_000)
    it.login(scene.world, "jump", "ews", once + 150_000_000, "rdp", up=500_000, down=4_000_000)


@family("Files on the share rewritten one after the other by the engineering workstation",
        "T0809 T0828", "ews server", (4, 25))  # fmt: skip
def share_rewritten(scene: Scene) -> None:
    ts = scene.every(8 - 6 * scene.strength, 0.8)
    size = scene.rng.lognormal(12.5, 1.2, len(ts)).astype(np.int64)
    it.backup(scene.world, "ews", ts, size)


@family("Commands published by the sensor gateway under a topic that it never used",
        "T1692.001 T0869", "iot broker", (5, 45))  # fmt: skip
def topic_commands(scene: Scene) -> None:
    ts = scene.spread(2 + int(6 * scene.strength))
    value = scene.rng.integers(0, 2, len(ts)).astype(np.float64)
    channel = usual(scene.world, "iot", "broker")
    building.publish(scene.world, channel, ts, "plant/mixer/command", value)


@family("Tags of the SCADA server browsed and then written by the historian",
        "T0861 T0871 T0836", "historian scada", (6, 50))  # fmt: skip
def tags_written(scene: Scene) -> None:
    channel = usual(scene.world, "historian", "scada")
    ts = scene.spread(6 + int(20 * scene.strength))
    building.opcua(scene.world, channel, ts[:-2], "Browse", 130, 900)
    building.opcua(scene.world, channel, ts[-2:], "Write", 160, 70)


@family("History of all tags read from the SCADA server without an end, at an even pace",
        "T0882 T0802", "historian scada", (60, 200))  # fmt: skip
def history_drained(scene: Scene) -> None:
    ts = scene.every(12 - 9 * scene.strength, 0.4)
    channel = usual(scene.world, "historian", "scada")
    building.opcua(scene.world, channel, ts, "HistoryRead", 180, 1800)


@family("A contractor's laptop gets a lease, asks for names and opens pages of the devices",
        "T0864 T0846 T0888", "laptop camera gateway", (6, 45), stranger=True,
        hours=(7.0, 18.0))  # fmt: skip
def visiting_laptop(scene: Scene) -> None:
    it.lease(scene.world, "laptop", np.array([scene.first + 500_000], dtype=np.int64))
    names = ("wpad.plant.example", "scada.plant.example", "historian.plant.example")
    it.dns(scene.world, "laptop", scene.first + 3_000_000 * np.arange(1, 4), names, np.arange(3))
    for server in ("camera", "gateway", "switch")[: 1 + int(3 * scene.strength)]:
        ts = scene.spread(4)
        codes = np.arange(len(ts)) % 3
        it.http(scene.world, "laptop", server, ts, ("/", "/login", "/status"), codes, 2400,
                own=scene.name)  # fmt: skip


@family("New firmware sent to the camera from maintenance's desktop", "T1693.001 T0859",
        "office-3 camera", (4, 25))  # fmt: skip
def camera_firmware(scene: Scene) -> None:
    ts = scene.spread(3)
    zero = np.zeros(len(ts), dtype=np.int64)
    it.http(scene.world, "office-3", "camera", ts, ["/system"], zero, 5200, user="admin",
            own=scene.name)  # fmt: skip
    last = np.array([scene.last - 30_000_000], dtype=np.int64)
    it.http(scene.world, "office-3", "camera", last, ["/upgrade"], zero[:1], 300,
            up=int(4e6 + 12e6 * scene.strength), method="POST", user="admin",
            own=scene.name)  # fmt: skip


@family("Tools handed to the historian by the reporting service outside, in its usual sessions",
        "T0862 T0869", "historian cloud", (10, 90))  # fmt: skip
def cloud_tools(scene: Scene) -> None:
    ts = scene.spread(1 + int(3 * scene.strength))
    down = scene.rng.lognormal(13.5 + 2 * scene.strength, 0.3, len(ts)).astype(np.int64)
    it.tls(scene.world, "historian", "cloud", ts, 2400, down, "reports.cloud.example")


@family("A worm on the first operator station knocks at every share and copies itself to one",
        "T0866 T0867", "hmi-1 hmi-2", (3, 25), stranger=True)  # fmt: skip
def share_worm(scene: Scene) -> None:
    near = ("10.40.2.", "10.40.3.")
    names = [h.name for h in HOSTS.values() if h.ip.startswith(near) and h.name != "hmi-1"]
    for number, (name, at) in enumerate(zip(names, scene.spread(len(names)), strict=False)):
        once = np.array([at])
        channel = scene.world.once("hmi-1", name, 445, None, once, own=f"{scene.name} {number}")
        channel.state = "REJ" if scene.rng.random() < 0.6 else "S0"
        channel.carried(once, 0, 0)
    last = np.array([scene.last - 1_000_000], dtype=np.int64)
    it.backup(scene.world, "hmi-1", last, np.array([870_000]), server="hmi-2")
