"""The historian subscribing to every sensor topic (paho)."""

from __future__ import annotations

import paho.mqtt.client as mqtt

from ..node import Node
from .sensor_gateway import SITE


def main(node: Node) -> None:
    """Stay subscribed until the run ends."""
    node.wait_for("broker", 1883)
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="historian-collector")
    client.username_pw_set("historian", "read-only-88")
    client.connect(node.peer("broker"), 1883, keepalive=120)
    client.subscribe(f"{SITE}/sensor/#", qos=0)
    client.loop_start()
    for _ in node.every(1.0):
        pass
    client.disconnect()
