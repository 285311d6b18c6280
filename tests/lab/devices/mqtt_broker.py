"""The MQTT broker (mosquitto), anonymous as so many gateways ship."""

from __future__ import annotations

import subprocess
import tempfile

from ..node import Node, die_with_parent

SETTINGS = """\
listener 1883 {ip}
allow_anonymous true
persistence false
log_dest none
user root
"""


def main(node: Node) -> None:
    """Run mosquitto until the run ends."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf", prefix="gg-mosquitto-") as file:
        file.write(SETTINGS.format(ip=node.ip))
        file.flush()
        with subprocess.Popen(["mosquitto", "-c", file.name], preexec_fn=die_with_parent) as broker:
            for _ in node.every(1.0):
                if broker.poll() is not None:
                    raise RuntimeError(f"mosquitto ended with {broker.returncode}")
            broker.terminate()
