"""The plant's hosts and segments, read from plant.toml.

plant.toml is at once the build plan of the lab and the ground truth that an
inventory made from its captures is judged by.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

PLANT_FILE = Path(__file__).with_name("plant.toml")


@dataclass(frozen=True)
class Segment:
    """One broadcast domain: a bridge, and how much of it the sensor sees."""

    name: str
    network: str
    gateway: str
    span: str  # "all", "local" or "none"

    @property
    def prefix_length(self) -> int:
        """The length of the network prefix."""
        return int(self.network.split("/")[1])


@dataclass(frozen=True)
class Leg:
    """A further interface of a host (only the router has any)."""

    segment: str
    ip: str
    mac: str


@dataclass(frozen=True)
class Host:
    """One device: a network namespace with one port on a segment."""

    name: str
    segment: str
    ip: str
    mac: str
    vendor: str
    model: str
    role: str
    level: int
    runs: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()
    firmware: str = ""
    order_number: str = ""
    serial: str = ""
    plugged: bool = True

    @property
    def interfaces(self) -> tuple[Leg, ...]:
        """All interfaces, the host's own first."""
        return (Leg(self.segment, self.ip, self.mac), *self.legs)


@dataclass(frozen=True)
class Plant:
    """All segments and hosts."""

    name: str
    segments: dict[str, Segment] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        """The host of that name; a KeyError names what there is."""
        try:
            return self.hosts[name]
        except KeyError:
            raise KeyError(
                f"no host {name!r} in plant.toml; there are {sorted(self.hosts)}"
            ) from None

    def ip(self, name: str) -> str:
        """The address of a host."""
        return self.host(name).ip

    def running(self, module: str) -> list[Host]:
        """The hosts that run a module."""
        return [host for host in self.hosts.values() if module in host.runs]


def load(path: Path = PLANT_FILE) -> Plant:
    """Read the plant; an unknown key is an error, since it would be a typo."""
    raw = tomllib.loads(path.read_text())
    segments = {entry["name"]: Segment(**entry) for entry in raw["segment"]}
    hosts = {}
    for entry in raw["host"]:
        legs = tuple(Leg(**leg) for leg in entry.pop("legs", []))
        runs = tuple(entry.pop("runs", []))
        hosts[entry["name"]] = Host(runs=runs, legs=legs, **entry)
    return Plant(name=raw["plant"]["name"], segments=segments, hosts=hosts)
