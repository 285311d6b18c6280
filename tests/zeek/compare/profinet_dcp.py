"""PROFINET on Ethernet (IEC 61158-6-10): DCP requests, alarms and cyclic frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("pn_rt", "pn_dcp", "pn_io")
SERVICES = ("profinet_dcp", "profinet_rt")
SCRIPTS = ("protocols/profinet_dcp.zeek",)
ANALYZERS = ("profinet_dcp",)

SERVICE = {3: "get", 4: "set", 5: "identify", 6: "hello"}
NAMES = {
    (1, 1): "mac_address", (1, 2): "ip_parameter", (1, 3): "full_ip_suite",
    (2, 1): "type_of_station", (2, 2): "name_of_station", (2, 3): "device_id",
    (2, 4): "device_role", (2, 5): "device_options", (2, 6): "alias_name",
    (2, 7): "device_instance", (2, 8): "oem_device_id", (5, 3): "signal",
    (5, 5): "factory_reset", (5, 6): "reset_to_factory", (6, 1): "device_initiative",
    (255, 255): "all",
}  # fmt: skip
ALARMS = {
    1: "diagnosis", 2: "process", 3: "pull", 4: "plug", 5: "status", 6: "update",
    7: "redundancy", 8: "controlled_by_supervisor", 9: "released", 10: "plug_wrong_submodule",
    11: "return_of_submodule", 12: "diagnosis_disappears",
}  # fmt: skip
_SUBOPTIONS = ("pn_dcp.suboption_ip", "pn_dcp.suboption_device", "pn_dcp.suboption_dhcp",
               "pn_dcp.suboption_control", "pn_dcp.suboption_deviceinitiative",
               "pn_dcp.suboption_all")  # fmt: skip


def _pairs(node: Node) -> Iterator[tuple[int, int]]:
    """Options with their suboptions, directly under ``node``."""
    fields = [n for n in node.children if n.name == "pn_dcp.option" or n.name in _SUBOPTIONS]
    for option, suboption in zip(fields[::2], fields[1::2], strict=False):
        yield int(option.show, 0), int(suboption.show, 0)


def _described(block: Node) -> Iterator[str]:
    for option, suboption in _pairs(block):
        name = NAMES.get((option, suboption), f"option_{option}_{suboption}")
        said = block.get("pn_dcp.suboption_device_nameofstation")
        if said is None:
            said = block.get("pn_dcp.suboption_device_aliasname")
        address, mask = (
            block.get("pn_dcp.suboption_ip_ip"),
            block.get("pn_dcp.suboption_ip_subnetmask"),
        )
        if said is not None and said.strip():
            yield f"{name}:{said.strip()}"
        elif address is not None:
            yield f"{name}:{address}/{mask}"
        elif (option, suboption) == (5, 6):
            info = block.num("pn_dcp.block_qualifier_reset")
            yield f"{name}:{(info or 0) // 2}"
        else:
            yield name
        # Further pairs list what a device has: they are no blocks.
        return


def _dcp(frame: Frame, pdu: Node) -> Iterator[Operation]:
    service = pdu.num("pn_dcp.service_id") or 0
    if (pdu.num("pn_dcp.service_type") or 0) & 1:
        return
    name = SERVICE.get(service, f"service_{service}")
    objects = [""]
    if name == "get":
        objects = [NAMES.get(p, f"option_{p[0]}_{p[1]}") for b in (pdu, *pdu.all("pn_dcp.block"))
                   for p in _pairs(b)]  # fmt: skip
    elif name == "set":
        objects = [o for b in pdu.all("pn_dcp.block") for o in _described(b)
                   if not o.startswith(("option_5_1", "option_5_2"))]  # fmt: skip
    elif name == "identify":
        objects = [";".join(o for b in pdu.all("pn_dcp.block") for o in _described(b))]
    for what in objects:
        yield Operation(frame.eth_src, frame.eth_dst, "", name, what)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """An operation for each option that is asked for or set, for each alarm and cyclic frame."""
    for frame in frames:
        for pdu in frame.of("pn_dcp"):
            yield from _dcp(frame, pdu)
        ends = frame.eth_src, frame.eth_dst
        for head in frame.of("pn_rt"):
            number = head.num("pn_rt.frame_id") or 0
            if number in (0xFC01, 0xFE01):
                for io in frame.of("pn_io"):
                    if io.num("pn_io.block_type") in (1, 2):
                        kind = io.num("pn_io.alarm_type") or 0
                        place = f"slot:{io.num('pn_io.slot_nr')}.{io.num('pn_io.subslot_nr')}"
                        name = "alarm_" + ALARMS.get(kind, f"type_{kind}")
                        yield Operation(*ends, "", name, place)
            elif 0x0100 <= number < 0xFC00:
                yield Operation(*ends, "", "cyclic", f"frame_id:0x{number:04x}")
