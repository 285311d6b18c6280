"""The Purdue level of an asset, or None where the evidence does not carry one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gaugeglass.inventory.addresses import Network, network_of, parse_ip
from gaugeglass.inventory.roles import Role

#: Roles that place the network they are in at the process.
FIELD_ROLES: frozenset[str] = frozenset({"controller", "rtu", "io_device"})

#: Below this score a role is too thin to place an asset.
THIN = 55


@dataclass(frozen=True)
class Level:
    """A level 0 to 5 or None, and why."""

    value: float | None
    why: str


class Places:
    """Where the control zone is: declared networks, else the networks that hold controllers."""

    def __init__(self, declared: Sequence[Network]) -> None:
        self.declared = list(declared)
        self._field: set[Network] = set()

    def add_field(self, ips: Sequence[str]) -> None:
        """A controller, outstation or I/O device has ``ips``."""
        self._field.update(n for n in map(network_of, ips) if n is not None)

    def control(self, ips: Sequence[str]) -> str | None:
        """Why ``ips`` are in the control zone; None where nothing says so."""
        for ip in ips:
            address = parse_ip(ip)
            for net in self.declared:
                if address is not None and address in net:
                    return f"{ip} is in the control network {net}"
        if not self.declared:
            for ip in ips:
                near = network_of(ip)
                if near in self._field:
                    return f"{near} also holds controllers"
        return None


def level(
    role: Role, ips: Sequence[str], places: Places, serves_plant: bool, process: bool
) -> Level:
    """The level of an asset in ``role``.

    ``serves_plant``: assets of the plant are its clients. ``process``: what it serves is of the
    process (OPC UA, MQTT), though its role is an ordinary one.
    """
    if role.name == "external":
        return Level(None, "outside the site, where the model has no level for it")
    if role.name in ("unknown", "router", "iot_device"):
        return Level(None, f"a role of {role.name.replace('_', ' ')} has no level of its own")
    near = places.control(ips)
    if role.name in ("it_host", "server"):
        return _ordinary(near, bool(places.declared), serves_plant, process)
    if role.score < THIN:
        return Level(None, f"thin evidence of its role ({role.name.replace('_', ' ')})")
    fixed = {
        "io_device": (0.0, "inputs and outputs of the process"),
        "controller": (1.0, "controls the process"),
        "rtu": (1.0, "controls or protects the process at a distance"),
        "hmi": (2.0, "operates controllers"),
        "gateway": (2.0, "stands between controllers and those who ask them"),
        "historian": (3.0, "collects from the process and changes nothing"),
    }
    if role.name in fixed:
        return Level(*fixed[role.name])
    if role.name in ("engineering_workstation", "scada_server"):
        if near:
            return Level(2.0, near)
        return Level(3.0, "works on controllers from another network than theirs")
    return Level(2.0, near) if near else Level(None, "a switch has no level of its own")


def _ordinary(near: str | None, declared: bool, serves_plant: bool, process: bool) -> Level:
    """The level of hosts and servers by where they stand and whom they serve."""
    if near and declared:
        return Level(2.0, near)
    if serves_plant and near:
        return Level(2.0, f"serves assets of the plant, and {near}")
    if serves_plant:
        return Level(3.0, "serves assets of the plant")
    if near:
        return Level(None, f"ordinary IT services, but {near}")
    if process:
        return Level(None, "has to do with the process, but nothing says from which level")
    return Level(4.0, "ordinary IT services, and no controller in its network")
