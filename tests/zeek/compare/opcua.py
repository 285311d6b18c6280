"""OPC UA binary (OPC 10000-4, OPC 10000-6).

tshark names the services; node ids are written here as OPC 10000-6, 5.3.1.10 has them.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.zeek.compare import Explained, Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("opcua",)
SERVICES = ("opcua",)
SCRIPTS = ("protocols/opcua.zeek",)
ANALYZERS = ("opcua",)
#: A port that one of the captures uses besides the standard one.
PORTS = (4840, 48010)
OPTIONS = ("-d", f"tcp.port=={PORTS[1]},opcua")

VALUE = 13
TOKENS = {321: "anonymous", 324: "username", 327: "certificate", 940: "issued_token"}
#: What holds the items of a service's request, and the node in each.
ITEMS = {
    "read": ("NodesToRead", "NodeId"), "write": ("NodesToWrite", "NodeId"),
    "browse": ("NodesToBrowse", "NodeId"), "call": ("MethodsToCall", "ObjectId"),
    "create_monitored_items": ("ItemsToCreate", "NodeId"),
    "history_read": ("NodesToRead", "NodeId"), "delete_nodes": ("NodesToDelete", "NodeId"),
}  # fmt: skip
ATTRIBUTES = (
    "", "node_id", "node_class", "browse_name", "display_name", "description", "write_mask",
    "user_write_mask", "is_abstract", "symmetric", "inverse_name", "contains_no_loops",
    "event_notifier", "value", "data_type", "value_rank", "array_dimensions", "access_level",
    "user_access_level", "minimum_sampling_interval", "historizing", "executable",
    "user_executable", "data_type_definition", "role_permissions", "user_role_permissions",
    "access_restrictions", "access_level_ex",
)  # fmt: skip


def _snake(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def _below(node: Node, label: str) -> Node | None:
    """The first field below ``node`` whose text begins with ``label``."""
    for child in node.children:
        if child.show.startswith(label + ":"):
            return child
        if found := _below(child, label):
            return found
    return None


def _node_id(node: Node) -> str:
    space = node.num("opcua.nodeid.nsindex") or 0
    prefix = f"ns={space};" if space else ""
    kind = (node.num("opcua.nodeid.encodingmask") or 0) & 0x3F
    if kind < 3:
        return f"{prefix}i={node.num('opcua.nodeid.numeric')}"
    if kind == 3:
        return f"{prefix}s={node.get('opcua.nodeid.string') or ''}"
    if kind == 4:
        return f"{prefix}g={node.get('opcua.nodeid.guid')}"
    raw = bytes.fromhex((node.get("opcua.nodeid.bytestring") or "").replace(":", ""))
    return f"{prefix}b={base64.b64encode(raw).decode()}"


def _objects(service: str, message: Node) -> list[str]:
    if service == "activate_session":
        token = _below(message, "UserIdentityToken")
        number = token.num("opcua.nodeid.numeric") if token else None
        return [TOKENS.get(number or 0, f"i={number}")]
    if service not in ITEMS:
        return [""]
    holder, name = ITEMS[service]
    items = _below(message, holder)
    objects = []
    for item in items.children if items else []:
        if not item.show.startswith("["):
            continue
        node = _below(item, name)
        text = _node_id(node) if node else ""
        if service == "call":
            method = _below(item, "MethodId")
            text += f"/{_node_id(method)}" if method else ""
        attribute = item.num("opcua.AttributeId")
        if service in ("read", "write") and attribute not in (None, VALUE):
            known = attribute is not None and attribute < len(ATTRIBUTES)
            text += f"/{ATTRIBUTES[attribute or 0] if known else f'attribute_{attribute}'}"
        objects.append(text)
    return objects or [""]


def _service(message: Node) -> str:
    """What tshark calls a message: ``ReadRequest``; empty if it can't read it."""
    return next(
        (n.show for n in message.all("") if re.fullmatch(r"\w+(Request|Response|Fault)", n.show)),
        "",
    )


def _message(frame: Frame, message: Node, asked: dict[tuple[str, int], str]) -> Iterator[Operation]:
    to_server = frame.dport in PORTS
    ends = (frame.src, frame.dst) if to_server else (frame.dst, frame.src)
    kind = message.get("opcua.transport.type")
    if message.get("opcua.transport.chunk") == "C":
        return
    if kind == "HEL":
        yield Operation(frame.src, frame.dst, "", "hello", "")
    elif kind == "ERR":
        yield Operation(*ends, "", "error", "")
    elif kind == "CLO":
        yield Operation(*ends, "", "close_secure_channel", "")
    elif kind == "OPN" and to_server:
        policy = message.get("opcua.security.spu") or ""
        name = re.split(r"[#/]", policy)[-1].lower()
        yield Operation(*ends, "", "open_secure_channel", f"security:{name}")
    elif kind == "MSG":
        name = _service(message)
        key = (frame.stream, message.num("opcua.security.rqid") or 0)
        if name == "":
            number = message.num("opcua.servicenodeid.numeric")
            yield Operation(*ends, "", f"service_{number}" if number else "encrypted_message", "")
        elif name.endswith("Request"):
            service = asked[key] = _snake(name.removesuffix("Request"))
            if service != "publish":
                for what in _objects(service, message):
                    yield Operation(*ends, "", service, what)
        else:
            # A publish counts when it is answered, anything else where no request was captured.
            service = asked.pop(key, "")
            if service in ("", "publish"):
                service = service or _snake(name.removesuffix("Response"))
                yield Operation(*ends, "", service, "")


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Every request, item by item."""
    asked: dict[tuple[str, int], str] = defaultdict(str)
    for frame in frames:
        for message in frame.of("opcua"):
            yield from _message(frame, message, asked)


_LATE = (
    "answered 113 s after it was asked: by then the sensor had counted it as unanswered, and"
    " counts the answer as one that it saw no request for"
)
EXPLAINED = (
    Explained("*OPCUA-Binary.pcap", r"::1 > ::1 .* browse -$", _LATE),
    Explained("*browse_with_diagnostic_info.pcap", r"::1 > ::1 .* browse -$", _LATE),
)
