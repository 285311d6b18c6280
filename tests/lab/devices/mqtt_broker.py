"""The MQTT broker (mosquitto), anonymous as so many gateways ship."""

from __future__ import annotations

import os
import tempfile

from ..node import Node

SETTINGS = """\
listener 1883 {ip}
allow_anonymous true
persistence false
log_dest none
user root
"""


def main(node: Node) -> None:
    """Become mosquitto; the parent-death signal survives the exec."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf", prefix="gg-mosquitto-", delete=False) as file:
        file.write(SETTINGS.format(ip=node.ip))
    limit = str(max(1, int(node.until - __import__("time").time())))
    os.execvp("timeout", ["timeout", "--foreground", limit, "mosquitto", "-c", file.name])
