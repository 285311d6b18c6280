"""BACnet/IP, MQTT and OPC UA exchanges."""

from __future__ import annotations

import numpy as np

from ..plant import ip
from ..world import Channel, Floats, World
from ..zeeklog import Fixed, Ints, Pick


def property_(
    world: World, channel: Channel, ts: Ints, thing: str, instance: int | Ints, value: Floats,
    write: bool = False, prop: str = "present-value", refused: bool = False,
) -> None:  # fmt: skip
    """Read or write a property at each of ``ts``."""
    service = "write_property" if write else "read_property"
    invoke = np.arange(len(ts)) % 256
    about = {"object_type": thing, "instance_number": instance, "property": prop}
    shown = Fixed(np.asarray(value), 4)
    ack = "ERROR_PDU" if refused else "SIMPLE_ACK" if write else "COMPLEX_ACK"
    for reply, pdu in ((False, "CONFIRMED_REQUEST"), (True, ack)):
        at = ts + 4_000 * reply
        common = {**channel.packet(ts, reply), "invoke_id": invoke}
        world.logs.add(
            "bacnet",
            at,
            {**common, "bvlc_function": "Original_Unicast_NPDU", "pdu_type": pdu,
             "pdu_service": service,
             "result_code": "write-access-denied" if reply and refused else None},
        )  # fmt: skip
        if reply and (write or refused):
            continue
        dashed = service.replace("_", "-")
        world.logs.add(
            "bacnet_property",
            at,
            {**common, **about, "pdu_service": f"{dashed}-{'ack' if reply else 'request'}",
             "value": shown if write or reply else None},
        )  # fmt: skip
    channel.carried(ts, 21 + 6 * write, 24)


def bacnet(world: World, channel: Channel, ts: Ints, service: str, confirmed: bool = True) -> None:
    """Another service at each of ``ts``, as ``device_communication_control``."""
    invoke = np.arange(len(ts)) % 256 if confirmed else None
    kinds = ("CONFIRMED_REQUEST", "SIMPLE_ACK") if confirmed else ("UNCONFIRMED_REQUEST",)
    group = channel.server.ip.endswith(".255")
    function = "Original_Broadcast_NPDU" if group else "Original_Unicast_NPDU"
    for number, pdu in enumerate(kinds):
        world.logs.add(
            "bacnet",
            ts + 4_000 * number,
            {**channel.packet(ts, number == 1), "bvlc_function": function, "pdu_type": pdu,
             "pdu_service": service, "invoke_id": invoke},
        )  # fmt: skip
    channel.carried(ts, 14, 12 if confirmed else 0)


def publish(
    world: World, channel: Channel, ts: Ints, topic: str, value: Floats, up: bool = True
) -> None:
    """A number published to a topic (or delivered to a subscriber) at each of ``ts``."""
    world.logs.add(
        "mqtt_publish",
        ts,
        {
            **channel.fields(ts), "from_client": "T" if up else "F", "retain": "F",
            "qos": "at most once", "status": "ok", "topic": topic,
            "payload": Fixed(np.asarray(value), 3), "payload_len": 6,
        },
    )  # fmt: skip
    channel.carried(ts, 30 if up else 0, 0 if up else 30)


def connect(world: World, channel: Channel, ts: Ints, name: str) -> None:
    """Connect to the broker as the client ``name`` at each of ``ts``."""
    _hello(world, channel, ts, name)
    channel.carried(ts, 30, 4)


def _hello(world: World, channel: Channel, ts: Ints, name: str) -> None:
    world.logs.add(
        "mqtt_connect",
        ts,
        {**channel.fields(ts), "proto_name": "MQTT", "proto_version": "3.1.1", "client_id": name,
         "connect_status": "Connection Accepted"},
    )  # fmt: skip


def subscribe(world: World, channel: Channel, ts: Ints, topics: str, name: str) -> None:
    """Connect, and ask for topics."""
    _hello(world, channel, ts, name)
    world.logs.add(
        "mqtt_subscribe",
        ts + 40_000,
        {**channel.fields(ts), "action": "MQTT::SUBSCRIBE", "topics": topics, "qos_levels": 0,
         "ack": "T"},
    )  # fmt: skip
    channel.carried(ts, 60, 9)


def opcua(
    world: World, channel: Channel, ts: Ints, service: str, up: int = 90, down: int = 140
) -> None:
    """An OPC UA service with its response at each of ``ts``."""
    links = Pick(np.zeros(len(ts), dtype=np.int64), [world.uid("link", service)])
    world.logs.add(
        "opcua_binary",
        ts,
        {
            **channel.packet(ts), "msg_type": "MSG", "req_opcua_link_id": links,
            "req_msg_size": up, "req_identifier_str": f"{service}Request",
            "res_opcua_link_id": links, "res_msg_size": down,
            "res_identifier_str": f"{service}Response",
        },
    )  # fmt: skip
    channel.carried(ts, up, down)


def broadcast_address() -> str:
    """The control network's."""
    return ip("plc-mix").rsplit(".", 1)[0] + ".255"
