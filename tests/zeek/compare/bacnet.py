"""BACnet/IP (ANSI/ASHRAE 135): link functions, network messages, services with their objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.zeek.compare import Explained, Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("bvlc", "bacnet", "bacapp")
SERVICES = ("bacnet",)
SCRIPTS = ("protocols/bacnet.zeek",)
ANALYZERS = ("bacnet",)

CONFIRMED = (
    "acknowledge_alarm confirmed_cov_notification confirmed_event_notification get_alarm_summary"
    " get_enrollment_summary subscribe_cov atomic_read_file atomic_write_file add_list_element"
    " remove_list_element create_object delete_object read_property read_property_conditional"
    " read_property_multiple write_property write_property_multiple device_communication_control"
    " confirmed_private_transfer confirmed_text_message reinitialize_device vt_open vt_close"
    " vt_data authenticate request_key read_range life_safety_operation subscribe_cov_property"
    " get_event_information subscribe_cov_property_multiple confirmed_cov_notification_multiple"
).split()
UNCONFIRMED = (
    "i_am i_have unconfirmed_cov_notification unconfirmed_event_notification"
    " unconfirmed_private_transfer unconfirmed_text_message time_synchronization who_has who_is"
    " utc_time_synchronization write_group unconfirmed_cov_notification_multiple"
    " unconfirmed_audit_notification who_am_i you_are"
).split()
NETWORK = (
    "who_is_router_to_network i_am_router_to_network i_could_be_router_to_network"
    " reject_message_to_network router_busy_to_network router_available_to_network"
    " initialize_routing_table initialize_routing_table_ack"
).split()
LINK = {0: "bvlc_result", 1: "write_broadcast_table", 2: "read_broadcast_table",
        3: "read_broadcast_table", 5: "register_foreign_device", 6: "read_foreign_device_table",
        7: "read_foreign_device_table", 8: "delete_foreign_device_table_entry"}  # fmt: skip
STATES = ("coldstart warmstart start_backup end_backup start_restore end_restore abort_restore"
          " activate_changes").split()  # fmt: skip
CONTROL = ("enable", "disable", "disable_initiation")

EXPLAINED = (
    Explained(
        "*bacnet_segmented_data.pcap", r"i_have",
        "the name isn't UTF-8: tshark shows it as if it were, the log names the object instead",
    ),
)  # fmt: skip

_NAMES = (
    Path(__file__).resolve().parents[3] / "zeek-scripts" / "protocols" / "bacnet" / "names.zeek"
).read_text(encoding="utf-8")


def _table(name: str) -> dict[int, str]:
    found = re.search(rf"const {name}:.*?\n\t\}}", _NAMES, re.DOTALL)
    assert found is not None
    return {int(n): text for n, text in re.findall(r'\[(\d+)\] = "(.*)"', found[0])}


OBJECTS, PROPERTIES = _table("objects"), _table("properties")


def _type(code: int) -> str:
    return OBJECTS.get(code, f"unknown_object_type_0x{code:02x}")


def _object(kind: int | None, instance: int | None, prop: int | None) -> str:
    if kind is None:
        return ""
    of = "object" if prop is None else PROPERTIES.get(prop, f"unknown_property_0x{prop:02x}")
    return f"{_type(kind)}.{of}" + ("" if instance is None else f":{instance}")


def _identifiers(pdu: Node) -> list[tuple[int, int | None]]:
    """Object identifiers in a PDU, in order."""
    found: list[tuple[int, int | None]] = []
    for node in pdu.all("bacapp.objectType", "bacapp.instance_number"):
        if node.name == "bacapp.objectType":
            found.append((int(node.show, 0), None))
        elif found:
            found[-1] = (found[-1][0], int(node.show, 0))
    return found


def _properties(pdu: Node) -> list[str]:
    """Every property with the object before it, each once."""
    found: list[str] = []
    kind: int | None = None
    instance: int | None = None
    for node in pdu.all(
        "bacapp.objectType", "bacapp.instance_number", "bacapp.property_identifier"
    ):
        if node.name == "bacapp.objectType":
            kind, instance = int(node.show, 0), None
        elif node.name == "bacapp.instance_number":
            instance = int(node.show, 0)
        else:
            found.append(_object(kind, instance, int(node.show, 0)))
    return list(dict.fromkeys(found))


def _label(pdu: Node, pattern: str) -> int | None:
    """A number in a label that tshark gives no name."""
    for node in _everything(pdu):
        if found := re.search(pattern, node.show or node.label):
            return int(found[1])
    return None


def _everything(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _everything(child)


def _confirmed(pdu: Node, code: int) -> tuple[str, list[str]]:
    name = CONFIRMED[code] if code < len(CONFIRMED) else f"unknown_service_choice_0x{code:02x}"
    ids = _identifiers(pdu)
    if code in (14, 16):
        return name, _properties(pdu) or [""]
    if code in (8, 9, 12, 15, 26):
        return name, _properties(pdu)[:1] or [""]
    if code in (0, 5, 6, 7, 10, 11, 27, 28) and ids:
        return name, [_object(*ids[0], None)]
    if code in (1, 2) and len(ids) > 1:
        return name, [_object(*ids[1], None)]
    if code == 17:
        state = _label(pdu, r"[Ee]nable-?[Dd]isable:.*\((\d+)\)")
        return name, ["" if state is None else CONTROL[state]]
    if code == 20:
        state = _label(pdu, r"[Rr]einitialized? ?State.*\((\d+)\)")
        what = "" if state is None else STATES[state]
        suffix = next((s for s in ("backup", "restore") if what.endswith(s)), "")
        return name + (f"_{suffix}" if suffix else ""), [what]
    if code == 18:
        return name, [_private(pdu)]
    return name, [""]


def _private(pdu: Node) -> str:
    vendor = pdu.num("bacapp.vendor_identifier")
    service = _label(pdu, r"service ?Number: \(Unsigned\) (\d+)")
    if vendor is None:
        return ""
    return f"vendor:{vendor}" + ("" if service is None else f"/service:{service}")


def _unconfirmed(pdu: Node, code: int) -> tuple[str, str, str]:
    name = UNCONFIRMED[code] if code < len(UNCONFIRMED) else f"unknown_service_choice_0x{code:02x}"
    ids = _identifiers(pdu)
    unit = what = ""
    if code in (0, 1) and ids:
        unit = str(ids[0][1])
    if code in (1, 7):
        named = pdu.get("bacapp.object_name") or pdu.get("bacapp.string")
        if named:
            what = named
        elif code == 7 and ids:
            what = f"{_type(ids[-1][0])}:{ids[-1][1]}"
    elif code in (2, 3) and len(ids) > 1:
        what = _object(*ids[1], None)
    elif code == 4:
        what = _private(pdu)
    elif code == 8:
        low, high = pdu.num("bacapp.who_is.low_limit"), pdu.num("bacapp.who_is.high_limit")
        if low is not None and high is not None:
            what = f"device:{low}-{high}"
    elif code == 10 and (group := _label(pdu, r"[Gg]roup ?[Nn]umber:.*?(\d+)$")) is not None:
        what = f"group:{group}"
    return name, unit, what


def _announces(name: str) -> bool:
    return bool(re.search(r"^(i_am|i_have)|_notification|_busy_to_network|available_to", name))


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """One for each property of a request, for each other message, and for replies alone."""
    asked: dict[tuple[str, str, int, str], int] = {}
    for frame in frames:
        for i, link in enumerate(frame.protos):
            if link.name != "bvlc":
                continue
            function = link.num("bvlc.function") or 0
            network = next((n for n in frame.protos[i:] if n.name == "bacnet"), None)
            pdu = next((n for n in frame.protos[i:] if n.name == "bacapp"), None)
            if function not in (4, 9, 10, 11):
                name = LINK.get(function, f"unknown_bvlc_function_code_0x{function:02x}")
                if function in (0, 3, 7):
                    if not asked.pop((frame.dst, frame.src, -1, ""), 0):
                        yield Operation(frame.dst, frame.src, "", name, "")
                else:
                    asked[frame.src, frame.dst, -1, ""] = 1
                    yield Operation(frame.src, frame.dst, "", name, "")
            elif pdu is not None:
                yield from _apdu(frame, network, pdu, asked)
            elif network is not None and (code := network.num("bacnet.mesgtyp")) is not None:
                name = NETWORK[code] if code < len(NETWORK) else f"unknown_npdu_type_0x{code:02x}"
                ends = (frame.src, frame.dst)
                client, server = ends[::-1] if _announces(name) else ends
                yield Operation(client, server, "", name, "")


def _apdu(
    frame: Frame, network: Node | None, pdu: Node, asked: dict[tuple[str, str, int, str], int]
) -> Iterator[Operation]:
    kind = pdu.num("bacapp.type")
    invoke = pdu.num("bacapp.invoke_id") or 0
    if kind == 4 or pdu.num("bacapp.sequence_number"):
        return
    if kind == 0:
        name, objects = _confirmed(pdu, pdu.num("bacapp.confirmed_service") or 0)
        asked[frame.src, frame.dst, invoke, _far(network, "d")] = 1
        ends = (frame.src, frame.dst)
        client, server = ends[::-1] if _announces(name) else ends
        for what in objects:
            yield Operation(client, server, "", name, what)
    elif kind == 1:
        name, unit, what = _unconfirmed(pdu, pdu.num("bacapp.unconfirmed_service") or 0)
        ends = (frame.src, frame.dst)
        client, server = ends[::-1] if _announces(name) else ends
        yield Operation(client, server, unit, name, what)
    elif not asked.pop((frame.dst, frame.src, invoke, _far(network, "s")), 0):
        code = pdu.num("bacapp.confirmed_service")
        name = CONFIRMED[code] if code is not None and code < len(CONFIRMED) else "unknown"
        ends = (frame.dst, frame.src)
        client, server = ends[::-1] if _announces(name) else ends
        yield Operation(client, server, "", name, "")


def _far(network: Node | None, side: str) -> str:
    """The address behind a router that a message goes to or comes from."""
    if network is None:
        return ""
    names = [f"bacnet.{side}net", f"bacnet.{side}adr_mstp", f"bacnet.{side}adr_eth"]
    return "/".join(network.get(n) or "" for n in [*names, f"bacnet.{side}adr_tmp"])
