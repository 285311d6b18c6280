"""The sensor gateway asks the broker for everything there is."""

from __future__ import annotations

import paho.mqtt.client as mqtt

from ..node import Node

TITLE = "All topics of the broker subscribed by the sensor gateway, the broker's own too"
TECHNIQUES = ("T0802", "T0861")
ORIGIN = "iot-gateway"
ENTITIES = ("iot-gateway", "broker")
EVIDENCE = "mqtt.msgtype == 8 && ip.src == 10.20.1.31"


def run(node: Node) -> None:
    """Subscribe to everything, listen for some seconds."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="sync")
    client.connect(node.peer("broker"), 1883)
    client.loop_start()
    for topic in ("#", "$SYS/#", "+/+/+"):
        client.subscribe(topic)
        node.pause(1.5)
    client.disconnect()
    client.loop_stop()
