"""The sensor gateway publishing field measurements over MQTT (paho)."""

from __future__ import annotations

import json

import paho.mqtt.client as mqtt

from ..node import Node

PUBLISH_SECONDS = 2.0
SITE = "millbrook"
SENSORS = {"vibration": (0, 8), "ambient": (5, 25), "tank": (20, 90)}
COMMANDS = f"{SITE}/valve/+/set"


def main(node: Node) -> None:
    """Publish until the run ends; listen for valve commands meanwhile."""
    node.wait_for("broker", 1883)
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="WISE-4012-00D0C95E1331")
    client.username_pw_set("field", "w1se-field")
    client.connect(node.peer("broker"), 1883, keepalive=120)
    client.subscribe(COMMANDS, qos=1)
    client.loop_start()
    names = list(SENSORS)
    for beat in node.every(PUBLISH_SECONDS):
        name = names[beat % len(names)]
        low, high = SENSORS[name]
        value = round(node.measure(f"mqtt:{name}", low, high), 2)
        client.publish(f"{SITE}/sensor/{name}", json.dumps({"value": value, "unit": "si"}))
    client.disconnect()
