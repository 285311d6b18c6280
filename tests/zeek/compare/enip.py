"""EtherNet/IP and CIP (ODVA CIP Networks Library, volumes 1 and 2): commands, services with their
path, also inside Unconnected Send and Multiple Service Packets, and I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("enip", "cip", "cipcm", "cipcls", "cippccc", "cipmb", "cipcco", "cipio")
SERVICES = ("cip", "cip_io")
SCRIPTS = ("protocols/enip.zeek",)
ANALYZERS = ("enip",)

#: tshark prefers a client's port that happens to be another protocol's.
OPTIONS = ("-d", "tcp.port==44818,enip", "-d", "tcp.port==1102,enip")

COMMANDS = {
    0x00: "nop", 0x04: "list_services", 0x63: "list_identity", 0x64: "list_interfaces",
    0x65: "register_session", 0x66: "unregister_session", 0x72: "indicate_status",
    0x73: "cancel",
}  # fmt: skip
COMMON = {
    0x01: "get_attributes_all", 0x02: "set_attributes_all", 0x03: "get_attribute_list",
    0x04: "set_attribute_list", 0x05: "reset", 0x06: "start", 0x07: "stop", 0x08: "create",
    0x09: "delete", 0x0A: "multiple_service_packet", 0x0D: "apply_attributes",
    0x0E: "get_attributes_single", 0x10: "set_attributes_single",
    0x11: "find_next_object_instance", 0x15: "restore", 0x16: "save", 0x17: "no_forward_open",
    0x18: "get_member", 0x19: "set_member", 0x1A: "insert_member", 0x1B: "remove_member",
    0x1C: "group_sync", 0x1D: "get_connection_point_member_list",
}  # fmt: skip
OF_CLASS = {
    6: {0x4E: "forward_close", 0x52: "unconnected_send", 0x54: "forward_open",
        0x56: "get_connection_data", 0x5A: "get_connection_owner", 0x5B: "large_forward_open"},
    0x37: {0x4B: "initiate_upload", 0x4C: "initiate_download", 0x4D: "initiate_partial_read",
           0x4E: "initiate_partial_write", 0x4F: "upload_transfer", 0x50: "download_transfer",
           0x51: "clear_file"},
    0x6A: {0x4F: "upload_transfer", 0x50: "download_transfer"},
    0x6C: {0x4C: "read_template"},
    0x74: {0x4B: "lock", 0x4C: "unlock"},
    0xA1: {0x4B: "firmware_update", 0x4D: "firmware_transfer"},
}  # fmt: skip
TAGS = {0x4C: "read_tag", 0x4D: "write_tag", 0x4E: "read_modify_write_tag",
        0x52: "read_tag_fragmented", 0x53: "write_tag_fragmented"}  # fmt: skip

_NAMES = Path(__file__).resolve().parents[3] / "zeek-scripts" / "protocols" / "enip" / "names.zeek"
_TABLE = re.search(r"const classes:.*?\n\t\}", _NAMES.read_text(encoding="utf-8"), re.DOTALL)
assert _TABLE is not None
CLASSES = {int(n): name for n, name in re.findall(r'\[(\d+)\] = "(.*)"', _TABLE[0])}


def _path(message: Node) -> tuple[int | None, str]:
    """The class that a message's path names, and the object as the log writes it."""
    found: dict[str, int] = {}
    tag = ""
    routes = (c for c in message.children if c.show.startswith("Request Path"))
    for segment in next(routes, Node("", "", "", "", [])).all("cip.path_segment"):
        for kind in ("class", "instance", "attribute"):
            if (value := segment.num(f"cip.{kind}")) is not None:
                found[kind] = value
        if (point := segment.num("cip.connpoint")) is not None:
            found.setdefault("instance", point)
        if (symbol := segment.get("cip.symbol")) is not None:
            tag += ("." if tag else "") + symbol
        if tag and (member := segment.num("cip.member")) is not None:
            tag += f"[{member}]"
    if "class" not in found:
        return None, f"tag:{tag}" if tag else ""
    what = CLASSES.get(found["class"], f"class_0x{found['class']:02x}")
    if "instance" in found:
        what += f":{found['instance']}"
    if "attribute" in found:
        what += f"/attribute:{found['attribute']}"
    return found["class"], what


def _operation(code: int, of: int | None, reply: bool) -> str:
    if code < 0x4B and code in COMMON:
        return COMMON[code]
    if code in OF_CLASS.get(of or 0, {}):
        return OF_CLASS[of or 0][code]
    if of == 0xA1:
        return f"firmware_service_0x{code:02x}"
    if code == 0x55 and of != 6:
        return "get_instance_attribute_list"
    if of in (None, 0x6B) and code in TAGS and not (reply and code in (0x4E, 0x52)):
        return TAGS[code]
    return f"service_0x{code:02x}"


def _messages(message: Node, after: list[Node], unit: str) -> Iterator[tuple[str, str, str]]:
    """Unit, operation and object of each service in a request; ``after`` is it and what tshark
    makes of its data."""
    code = message.num("cip.sc") or 0
    of, what = _path(message)
    inner = [c for node in after for c in _directly(node)]
    if code in (0x0A, 0x52) and inner and (code == 0x0A or of == 6):
        if code == 0x52:
            unit = _route(after)
        for one in inner:
            yield from _messages(one, [one], unit)
        return
    yield unit, _operation(code, of, False), what


def _directly(node: Node) -> Iterator[Node]:
    """Messages inside a node, but not those inside these."""
    for child in node.children:
        if child.name == "cip":
            yield child
        else:
            yield from _directly(child)


def _route(nodes: list[Node]) -> str:
    parts = []
    for node in nodes:
        for path in (n for f in node.children for n in f.children if "Route Path:" in n.show):
            for segment in path.all("cip.path_segment"):
                port = segment.num("cip.port")
                link = segment.get("cip.linkaddress.byte") or segment.get("cip.linkaddress.string")
                if port is not None:
                    parts.append(f"{port}/{link}")
    return ",".join(parts)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """One for each command or service that is asked for, and for each datagram of I/O."""
    asked: dict[tuple[str, str, str, str], int] = {}
    for frame in frames:
        for i, header in enumerate(frame.protos):
            if header.name == "cipio" or (
                header.name == "enip" and header.num("enip.command") is None
            ):
                if header.name == "enip" and header.has("enip.cpf.sai.connid"):
                    yield Operation(frame.dst, frame.src, "", "io_data", "")
                continue
            if header.name != "enip":
                continue
            command = header.num("enip.command")
            rest = []
            for node in frame.protos[i + 1 :]:
                if node.name == "enip":
                    break
                rest.append(node)
            message = next((n for n in rest if n.name == "cip"), None)
            if command in (0x6F, 0x70):
                if message is not None:
                    yield from _cip(frame, header, message, rest, asked)
                continue
            yield from _command(frame, header, command or 0, asked)


def _cip(
    frame: Frame, header: Node, message: Node, rest: list[Node],
    asked: dict[tuple[str, str, str, str], int],
) -> Iterator[Operation]:  # fmt: skip
    tag = header.get("cip.seq") or header.get("enip.context") or ""
    if not message.num("cip.rr"):
        asked[frame.stream, frame.src, tag, ""] = 1
        for unit, operation, what in _messages(message, rest, ""):
            yield Operation(frame.src, frame.dst, unit, operation, what)
    elif not asked.pop((frame.stream, frame.dst, tag, ""), 0):
        code = message.num("cip.sc") or 0
        yield Operation(frame.dst, frame.src, "", _operation(code, None, True), "")


def _command(
    frame: Frame, header: Node, command: int, asked: dict[tuple[str, str, str, str], int]
) -> Iterator[Operation]:
    name = COMMANDS.get(command, "unknown")
    # Contexts are shown cut differently on the way back; a command is open once at a time.
    tag = ""
    status = header.num("enip.status") or 0
    if command == 0x65:
        reply = bool(header.num("enip.session")) or status != 0
    else:
        reply = command not in (0x00, 0x66) and (bool(header.num("enip.length")) or status != 0)
    if not reply:
        asked[frame.stream, frame.src, tag, name] = 1
        yield Operation(frame.src, frame.dst, "", name, "")
    elif not asked.pop((frame.stream, frame.dst, tag, name), 0):
        yield Operation(frame.dst, frame.src, "", name, "")
