"""Attacks on the network that were drafted after the models and tuned by nobody."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..plant import HOSTS
from ..speak import building, it, modbus
from . import Scene, family


@family("The historian's shell opened from an office at night", "T0886 T0859", "office-2 historian",
        (5, 40), stranger=True, hours=(22.0, 23.9))  # fmt: skip
def night_shell(scene: Scene) -> None:
    it.login(scene.world, "office-2", "historian", scene.spread(2), "ssh", up=9000, down=60_000)


@family("Files of the operator stations copied to the engineering workstation", "T0867 T0811",
        "ews hmi-1", (3, 30), stranger=True)  # fmt: skip
def files_collected(scene: Scene) -> None:
    ts = scene.spread(4)
    size = np.full(len(ts), 2_000_000, dtype=np.int64)
    it.backup(scene.world, "ews", ts, size, server="hmi-1")


@family("The backup of the historian taken three times in an afternoon", "T0811 T0882",
        "historian server", (60, 180), hours=(12.0, 16.0))  # fmt: skip
def extra_backups(scene: Scene) -> None:
    ts = scene.spread(3)
    size = scene.rng.lognormal(17.5, 0.15, len(ts)).astype(np.int64)
    it.backup(scene.world, "historian", ts, size)


@family("The camera's pictures taken by the SCADA server", "T0802 T0861", "scada camera", (5, 60),
        stranger=True)  # fmt: skip
def scada_looks(scene: Scene) -> None:
    ts = scene.every(30)
    codes = np.zeros(len(ts), dtype=np.int64)
    it.http(scene.world, "scada", "camera", ts, ["/snapshot.jpg"], codes, 38_000, own=scene.name)


@family("Names nobody has asked for by the hundred from the engineering workstation",
        "T0846 T0888", "ews server", (3, 20))  # fmt: skip
def name_sweep(scene: Scene) -> None:
    ts = scene.every(3 - 2.5 * scene.strength)
    names = [f"host-{n}.plant.example" for n in range(len(ts))]
    it.dns(scene.world, "ews", ts, names, np.arange(len(ts)))


@family("Desktops of the whole control room opened from the jump host within minutes",
        "T0886 T0867", "jump hmi-1 hmi-2", (4, 30), stranger=True)  # fmt: skip
def jump_fans_out(scene: Scene) -> None:
    for server in ("hmi-1", "hmi-2", "scada"):
        it.login(scene.world, "jump", server, scene.spread(1), "rdp", up=250_000, down=1_500_000)


@family("One host after the other asked for its page by the sensor gateway", "T0846 T0888", "iot",
        (4, 40), stranger=True)  # fmt: skip
def web_sweep(scene: Scene) -> None:
    names = [h.name for h in HOSTS.values() if h.ip.startswith("10.40.1.")]
    for number, name in enumerate(names):
        at = scene.first + (scene.last - scene.first) * (number + 1) // (len(names) + 1)
        channel = scene.world.once("iot", name, 80, None, np.array([at]), own=scene.name)
        channel.state = "REJ"
        channel.carried(np.array([at]), 0, 0)


@family("Wrong readings published by the sensor gateway under its usual topics", "T1692.002 T0832",
        "iot broker", (10, 60))  # fmt: skip
def false_readings(scene: Scene) -> None:
    ts = scene.every(4)
    value = np.full(len(ts), 90.0 + 40 * scene.strength)
    channel = usual(scene.world, "iot", "broker")
    building.publish(scene.world, channel, ts, "plant/vibration/mixer", value)


@family("A laptop under the engineering workstation's address reads the press's neighbours",
        "T0849 T0830 T0861", "ews plc-mix", (5, 30))  # fmt: skip
def borrowed_address(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-mix", "3c:97:0e:01:00:63")
    modbus.ask(scene.world, channel, scene.every(12), modbus.READ, 0, 12, 1, [50] * 12)


@family("Reports of the historian fetched by the hundred from a desktop", "T0882 T0802",
        "office-3 historian", (10, 60), hours=(8.0, 16.0))  # fmt: skip
def reports_drained(scene: Scene) -> None:
    ts = scene.every(10 - 7 * scene.strength)
    codes = np.arange(len(ts)) % 4
    pages = ("/reports/daily", "/reports/shift", "/trend?tag=mixer", "/trend?tag=press")
    it.http(scene.world, "office-3", "historian", ts, pages, codes, 6000, own=scene.name)
